#include "service/ipv4.h"

#include "base/text.h"

namespace beian::service {

std::optional<std::uint32_t> ipv4_from_text(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 4) return std::nullopt;
  std::uint32_t out = 0;
  for (const std::string& part : parts) {
    if (part.empty() || part.size() > 3) return std::nullopt;
    std::uint32_t value = 0;
    for (char c : part) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    if (value > 255) return std::nullopt;
    out = (out << 8) | value;
  }
  return out;
}

std::string ipv4_to_text(std::int64_t number) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8)
    out += (out.empty() ? "" : ".") + std::to_string((number >> shift) & 0xff);
  return out;
}

}  // namespace beian::service
