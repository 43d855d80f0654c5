// What a visitor's browser calls a website, in the one form in which names are kept: lower case,
// A-labels, no port, no dot at the end. A value on the caller's stack; making it allocates nothing
// unless the name is written in another script.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace beian::gate {

// A name of up to 27 bytes as four machine words; behind it zeros. Longer ones have their first 27
// bytes here and are told apart by the table.
struct ShortName {
  std::uint64_t words[3] = {0, 0, 0};
  std::uint32_t tail = 0;  // three more bytes; the topmost byte is for the length
  static constexpr std::size_t k_most = 27;
};

// Eight letters at once: the top bit of a byte tells that it is 'A' … 'Z'.
constexpr std::uint64_t to_lower(std::uint64_t word) noexcept {
  constexpr std::uint64_t k_ones = 0x0101010101010101ULL, k_tops = 0x8080808080808080ULL;
  const std::uint64_t from_a = word + (0x80 - 'A') * k_ones;
  const std::uint64_t above_z = word + (0x80 - 'Z' - 1) * k_ones;
  return word | (((from_a & ~above_z) & k_tops) >> 2);
}

class HostName {
 public:
  static constexpr std::size_t k_most = 253;  // RFC 1035, without the dot at the end

  // "WWW.Example.CN.:8080", "示例.中国", "xn--fsq092h.xn--fiqs8s". Anything else, an address
  // included, leaves the name empty.
  explicit HostName(std::string_view host) noexcept;
  HostName() = default;  // empty
  void assign(std::string_view host) noexcept;

  bool empty() const { return size_ == 0; }
  std::string_view text() const { return {text_.data(), size_}; }

  // From the shortest name that can be filed (two labels) to the whole: where each begins. Returns
  // false when there is none longer than `start`.
  std::size_t last_two_labels() const;  // size() when there is only one label
  bool longer(std::size_t& start) const;

  std::string_view from(std::size_t start) const { return text().substr(start); }
  ShortName short_name(std::size_t start) const;

 private:
  void take(std::string_view host) noexcept;
  void take_other_script(std::string_view host) noexcept;

  std::array<char, 256 + 32> text_;  // zeros behind the name
  std::size_t size_ = 0;
};

// The same words for a name that stands anywhere.
ShortName short_name_of(std::string_view name);

}  // namespace beian::gate
