#include "base/public_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace beian {
namespace {

struct Network {
  std::uint32_t base;
  int bits;
};
// IANA's special-purpose registry (RFC 6890 and what follows it), as of 2025.
constexpr std::array<Network, 15> k_special_v4{{{0x00000000, 8},
                                                {0x0A000000, 8},
                                                {0x64400000, 10},
                                                {0x7F000000, 8},
                                                {0xA9FE0000, 16},
                                                {0xAC100000, 12},
                                                {0xC0000000, 24},
                                                {0xC0000200, 24},
                                                {0xC0586300, 24},
                                                {0xC0A80000, 16},
                                                {0xC6120000, 15},
                                                {0xC6336400, 24},
                                                {0xCB007100, 24},
                                                {0xE0000000, 4},
                                                {0xF0000000, 4}}};

bool is_special_v4(std::uint32_t ip) {
  return std::any_of(k_special_v4.begin(), k_special_v4.end(), [ip](const Network& n) {
    return (ip >> (32 - n.bits)) == (n.base >> (32 - n.bits));
  });
}

std::uint32_t v4_at(const std::uint8_t* bytes) {
  return (std::uint32_t{bytes[0]} << 24) | (std::uint32_t{bytes[1]} << 16) |
         (std::uint32_t{bytes[2]} << 8) | bytes[3];
}

// Public is 2000::/3 without what stands for an IPv4 address, is written in books, or is a tunnel.
bool is_special_v6(const std::array<std::uint8_t, 16>& ip) {
  constexpr std::array<std::uint8_t, 12> k_mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  constexpr std::array<std::uint8_t, 12> k_nat64{0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0};
  if (std::equal(k_mapped.begin(), k_mapped.end(), ip.begin()))
    return is_special_v4(v4_at(&ip[12]));
  if (std::equal(k_nat64.begin(), k_nat64.end(), ip.begin())) return is_special_v4(v4_at(&ip[12]));
  if ((ip[0] & 0xE0) != 0x20) return true;
  if (ip[0] == 0x20 && ip[1] == 0x02) return true;                          // 6to4
  if (ip[0] == 0x20 && ip[1] == 0x01 && ip[2] < 0x02) return true;          // 2001::/23
  if (ip[0] == 0x3F && ip[1] == 0xFF && (ip[2] & 0xF0) == 0) return true;   // 3fff::/20
  return ip[0] == 0x20 && ip[1] == 0x01 && ip[2] == 0x0D && ip[3] == 0xB8;  // 2001:db8::/32
}

}  // namespace

bool is_private_address(const std::string& ip) {
  std::array<std::uint8_t, 16> bytes{};
  if (::inet_pton(AF_INET, ip.c_str(), bytes.data()) == 1)
    return is_special_v4(v4_at(bytes.data()));
  if (::inet_pton(AF_INET6, ip.c_str(), bytes.data()) == 1) return is_special_v6(bytes);
  return true;
}

}  // namespace beian
