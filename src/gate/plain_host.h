// A host as nearly all are asked: 8 to 32 bytes of ASCII without a port, a letter at its end. It is
// read where it stands, in registers: nothing is written that is read again in other pieces, for
// which a processor would have to wait until all before it is done, the last answer's access to
// memory too. So the next question's access begins while that one is still on its way. All other
// hosts are a HostName's; both say the same (tests/unit/gate).
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "gate/host_name.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace beian::gate {

class PlainHost {
 public:
  // False for a host of another kind; nothing may be asked of it then.
  bool read(std::string_view host) noexcept {
#ifdef __SSE2__
    if (host.size() < 8 || host.size() > 32) return false;
    host_ = host;
    // Four pieces of eight bytes that cover it; those of a short one lie over each other.
    const std::size_t last = host.size() - 8;
    const std::size_t second = std::min<std::size_t>(8, last),
                      third = std::min<std::size_t>(16, last);
    const __m128i low = two(word_at(0), word_at(second)), high = two(word_at(third), word_at(last));
    const __m128i dot = _mm_set1_epi8('.'), colon = _mm_set1_epi8(':');
    const auto low_dots = bits(_mm_cmpeq_epi8(low, dot)),
               high_dots = bits(_mm_cmpeq_epi8(high, dot));
    dots_ = (low_dots & 0xFF) | (low_dots >> 8) << second | (high_dots & 0xFF) << third |
            (high_dots >> 8) << last;
    // Another script's bytes have the top bit, and so have those that equal a colon.
    const __m128i ports = _mm_or_si128(_mm_cmpeq_epi8(low, colon), _mm_cmpeq_epi8(high, colon));
    const auto odd = bits(_mm_or_si128(ports, _mm_or_si128(low, high)));
    const auto letter = static_cast<std::uint8_t>((host.back() | 0x20) - 'a');
    return static_cast<int>(odd == 0) & static_cast<int>(letter < 26) &
           static_cast<int>(dots_ != 0);
#else
    (void)host;
    return false;
#endif
  }

  // Where its last two labels begin; then longer ones, as HostName has it.
  std::size_t last_two_labels() noexcept {
    before_ = dots_ & ~(std::uint64_t{1} << (std::bit_width(dots_) - 1));
    return static_cast<std::size_t>(std::bit_width(before_));
  }
  bool longer(std::size_t& start) noexcept {
    if (start == 0) return false;
    before_ &= ~(std::uint64_t{1} << (start - 1));
    start = static_cast<std::size_t>(std::bit_width(before_));
    return true;
  }

  std::string_view from(std::size_t start) const noexcept { return host_.substr(start); }
  // Of at most ShortName::k_most bytes.
  ShortName short_name(std::size_t start) const noexcept {
    const std::size_t size = host_.size() - start;
    ShortName name;
    for (std::size_t i = 0; i < 3; ++i) name.words[i] = lower_from(start, 8 * i, size);
    name.tail = static_cast<std::uint32_t>(lower_from(start, 24, size) & 0x00FFFFFFu) |
                static_cast<std::uint32_t>(size) << 24;
    return name;
  }

 private:
  std::uint64_t word_at(std::size_t at) const noexcept {
    std::uint64_t word;
    std::memcpy(&word, host_.data() + at, sizeof word);
    return word;
  }
  // Eight bytes of the name that begins at `start`, from its byte `at`; zeros behind its end.
  std::uint64_t lower_from(std::size_t start, std::size_t at, std::size_t size) const noexcept {
    const auto left = static_cast<std::int64_t>(size) - static_cast<std::int64_t>(at);
    const std::size_t from = std::min(start + at, host_.size() - 8);
    const auto gone = static_cast<unsigned>(std::clamp<std::int64_t>(64 - 8 * left, 0, 63));
    const std::uint64_t word = (word_at(from) >> gone) & (left > 0 ? ~std::uint64_t{0} : 0);
    return to_lower(word);
  }
#ifdef __SSE2__
  static __m128i two(std::uint64_t a, std::uint64_t b) noexcept {
    return _mm_set_epi64x(static_cast<long long>(b), static_cast<long long>(a));
  }
  static std::uint64_t bits(__m128i bytes) noexcept {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
  }
#endif

  std::string_view host_;
  std::uint64_t dots_ = 0, before_ = 0;  // a bit for each byte
};

}  // namespace beian::gate
