#include "gate/host_name.h"

#include <algorithm>

#include "filing/domain_name.h"

namespace beian::gate {
namespace {

constexpr std::uint64_t k_tops = 0x8080808080808080ULL;

std::uint64_t load(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

ShortName short_name_at(const char* at, std::size_t size) {
  ShortName name;
  std::uint32_t tail;
  for (int i = 0; i < 3; ++i) name.words[i] = load(at + 8 * i);
  std::memcpy(&tail, at + 24, sizeof tail);
  const auto length = static_cast<std::uint32_t>(std::min<std::size_t>(size, 255));
  name.tail = (tail & 0x00FFFFFFu) | (length << 24);
  return name;
}

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

HostName::HostName(std::string_view host) noexcept { take(host); }

void HostName::assign(std::string_view host) noexcept {
  size_ = 0;
  take(host);
}

void HostName::take(std::string_view host) noexcept {
  // Room for a port and a dot; whatever is longer is no host name.
  if (host.empty() || host.size() > 255) return;
  const std::size_t words = (host.size() + 7) / 8;
  std::memset(text_.data() + (host.size() & ~std::size_t{7}), 0, 40);
  std::memcpy(text_.data(), host.data(), host.size());
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t word = load(text_.data() + 8 * i);
    seen |= word;
    const std::uint64_t lower = to_lower(word);
    std::memcpy(text_.data() + 8 * i, &lower, sizeof lower);
  }
  std::size_t size = host.size();
  if (const void* colon = std::memchr(text_.data(), ':', size)) {
    const auto at = static_cast<std::size_t>(static_cast<const char*>(colon) - text_.data());
    if (size != at + 1 && !is_number({text_.data() + at + 1, size - at - 1})) return;
    size = at;
  }
  if ((seen & k_tops) != 0) {
    take_other_script(host.substr(0, size));
    return;
  }
  if (size > 0 && text_[size - 1] == '.') --size;
  if (size == 0 || size > k_most) return;
  std::memset(text_.data() + size, 0, 32);
  size_ = size;
}

void HostName::take_other_script(std::string_view host) noexcept {
  try {
    if (const auto parsed = parse_host(host); parsed && parsed->ascii.size() <= k_most) {
      text_.fill(0);
      std::copy(parsed->ascii.begin(), parsed->ascii.end(), text_.begin());
      size_ = parsed->ascii.size();
    }
  } catch (...) {
    size_ = 0;  // out of memory: no name, so not filed
  }
}

std::size_t HostName::last_two_labels() const {
  const void* last = ::memrchr(text_.data(), '.', size_);
  if (last == nullptr) return size_;
  const auto end = static_cast<std::size_t>(static_cast<const char*>(last) - text_.data());
  const void* before = ::memrchr(text_.data(), '.', end);
  if (before == nullptr) return 0;
  return static_cast<std::size_t>(static_cast<const char*>(before) - text_.data()) + 1;
}

bool HostName::longer(std::size_t& start) const {
  if (start == 0) return false;
  const void* dot = ::memrchr(text_.data(), '.', start - 1);
  start = dot == nullptr
              ? 0
              : static_cast<std::size_t>(static_cast<const char*>(dot) - text_.data()) + 1;
  return true;
}

ShortName HostName::short_name(std::size_t start) const {
  return short_name_at(text_.data() + start, size_ - start);
}

ShortName short_name_of(std::string_view name) {
  char padded[32] = {};
  std::memcpy(padded, name.data(), std::min<std::size_t>(name.size(), ShortName::k_most));
  return short_name_at(padded, name.size());
}

}  // namespace beian::gate
