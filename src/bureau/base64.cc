#include "bureau/base64.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace beian::bureau {
namespace {

constexpr std::uint8_t k_none = 0x80;  // no digit of the alphabet

constexpr std::array<std::uint8_t, 256> k_digits = [] {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(k_none);
  constexpr std::string_view k_alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < k_alphabet.size(); ++i) {
    digits[static_cast<std::uint8_t>(k_alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return digits;
}();

// The six bits of each character at their place among the 24, or this where it is none.
constexpr std::uint32_t k_wrong = 1u << 31;
using Table = std::array<std::uint32_t, 256>;
constexpr Table placed(int shift) {
  Table table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    table[i] = k_digits[i] == k_none ? k_wrong : std::uint32_t{k_digits[i]} << shift;
  }
  return table;
}
constexpr Table k_first = placed(18), k_second = placed(12), k_third = placed(6),
                k_fourth = placed(0);

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  auto* out = reinterpret_cast<std::uint8_t*>(bytes.data());
  std::size_t size = 0;
  std::size_t at = 0;
  int digits = 0, padding = 0;
  std::uint32_t group = 0;
  while (at < text.size()) {
    if (digits == 0 && padding == 0) {
      const auto* in = reinterpret_cast<const std::uint8_t*>(text.data());
      for (; at + 4 <= text.size(); at += 4) {
        const std::uint32_t bits =
            k_first[in[at]] | k_second[in[at + 1]] | k_third[in[at + 2]] | k_fourth[in[at + 3]];
        if ((bits & k_wrong) != 0) break;
        out[size] = static_cast<std::uint8_t>(bits >> 16);
        out[size + 1] = static_cast<std::uint8_t>(bits >> 8);
        out[size + 2] = static_cast<std::uint8_t>(bits);
        size += 3;
      }
      if (at == text.size()) break;
    }
    const char c = text[at++];
    if (is_space(c)) continue;
    if (c == '=') {
      if (++padding + digits > 4 || digits < 2) return std::nullopt;
      continue;
    }
    const auto digit = k_digits[static_cast<std::uint8_t>(c)];
    if (digit == k_none || padding > 0) return std::nullopt;
    group = group << 6 | digit;
    if (++digits == 4) {
      for (int shift = 16; shift >= 0; shift -= 8)
        out[size++] = static_cast<std::uint8_t>(group >> shift);
      digits = 0;
      group = 0;
    }
  }
  if (digits != 0 || padding != 0) {
    if (digits + padding != 4) return std::nullopt;
    group <<= 6 * padding;
    if ((group & (padding == 2 ? 0xffffu : 0xffu)) != 0)
      return std::nullopt;  // bits nobody may use
    for (int i = 0; i < 3 - padding; ++i)
      out[size++] = static_cast<std::uint8_t>(group >> (16 - 8 * i));
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace beian::bureau
