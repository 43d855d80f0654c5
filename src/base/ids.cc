#include "base/ids.h"

#include <atomic>
#include <charconv>
#include <cstring>

#include "base/clock.h"
#include "base/crypto.h"

namespace beian {
namespace {

// 41 bits of milliseconds are 69 years; counted from 2020-01-01 they last until 2089.
constexpr Millis k_epoch = 1'577'836'800'000;
constexpr int k_random_bits = 22;

std::uint32_t random_low_bits() {
  const std::string bytes = random_bytes(sizeof(std::uint32_t));
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value & ((1u << k_random_bits) - 1);
}

}  // namespace

Id new_id() {
  // Never equal within this process, even when an import makes thousands in one millisecond or the
  // system clock steps back.
  static std::atomic<Id> last{0};
  const Id candidate = ((SystemClock().now() - k_epoch) << k_random_bits) | random_low_bits();
  Id seen = last.load();
  Id next = 0;
  do {
    next = candidate > seen ? candidate : seen + 1;
  } while (!last.compare_exchange_weak(seen, next));
  return next;
}

std::string id_to_string(Id id) { return std::to_string(id); }

std::optional<Id> id_from_string(std::string_view text) {
  if (text.empty() || text.size() > 19 || text.front() == '-') return std::nullopt;
  Id id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id <= 0) return std::nullopt;
  return id;
}

}  // namespace beian
