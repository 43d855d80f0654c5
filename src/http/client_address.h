// Who is calling, when proxies of ours stand in between.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beian {

// An address as 16 bytes; IPv4 as ::ffff:a.b.c.d, so that both spellings of one client are equal.
using IpBytes = std::array<std::uint8_t, 16>;
std::optional<IpBytes> parse_ip(std::string_view text);
std::string ip_to_string(const IpBytes& ip);

class TrustedProxies {
 public:
  // Entries are addresses or networks ("10.1.0.0/16", "fd00::/8"). Throws std::runtime_error naming
  // a malformed one.
  explicit TrustedProxies(const std::vector<std::string>& entries);

  bool contains(const IpBytes& ip) const;

  // The client behind `peer`. X-Forwarded-For (all its lines joined by commas) is believed only as
  // far as trusted proxies wrote it: from the right, the first address that is not a proxy of ours.
  // What is not an address ends the search at the last good one.
  IpBytes client(const IpBytes& peer, std::string_view forwarded_for) const;

 private:
  struct Network {
    IpBytes base;
    int bits;
  };
  std::vector<Network> networks_;
};

}  // namespace beian
