#include "http/client_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace beian {
namespace {

constexpr std::array<std::uint8_t, 12> k_mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool is_mapped(const IpBytes& ip) {
  return std::equal(k_mapped.begin(), k_mapped.end(), ip.begin());
}

bool same_prefix(const IpBytes& a, const IpBytes& b, int bits) {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(a.begin(), a.begin() + bits / 8, b.begin())) return false;
  if (bits % 8 == 0) return true;
  return ((a[whole] ^ b[whole]) >> (8 - bits % 8)) == 0;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<IpBytes> parse_ip(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  const std::string copy(text);
  IpBytes ip{};
  if (inet_pton(AF_INET6, copy.c_str(), ip.data()) == 1) return ip;
  std::copy(k_mapped.begin(), k_mapped.end(), ip.begin());
  if (inet_pton(AF_INET, copy.c_str(), ip.data() + 12) == 1) return ip;
  return std::nullopt;
}

std::string ip_to_string(const IpBytes& ip) {
  char text[INET6_ADDRSTRLEN] = "";
  if (is_mapped(ip)) {
    inet_ntop(AF_INET, ip.data() + 12, text, sizeof text);
  } else {
    inet_ntop(AF_INET6, ip.data(), text, sizeof text);
  }
  return text;
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& entries) {
  for (const std::string& entry : entries) {
    const std::size_t slash = entry.find('/');
    const auto base = parse_ip(std::string_view(entry).substr(0, slash));
    const bool is_v4 = entry.find(':') == std::string::npos;
    int bits = is_v4 ? 32 : 128;
    bool good = base.has_value();
    if (good && slash != std::string::npos) {
      const int most = bits;
      const char* end = entry.data() + entry.size();
      const auto [stop, error] = std::from_chars(entry.data() + slash + 1, end, bits);
      good = error == std::errc() && stop == end && bits >= 0 && bits <= most;
    }
    if (!good) throw std::runtime_error("http.trusted_proxies: not an address: " + entry);
    networks_.push_back({*base, is_v4 ? bits + 96 : bits});
  }
}

bool TrustedProxies::contains(const IpBytes& ip) const {
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    return same_prefix(network.base, ip, network.bits);
  });
}

IpBytes TrustedProxies::client(const IpBytes& peer, std::string_view forwarded_for) const {
  IpBytes client = peer;
  std::string_view rest = forwarded_for;
  while (!rest.empty() && contains(client)) {
    const std::size_t comma = rest.rfind(',');
    const std::size_t from = comma == std::string_view::npos ? 0 : comma + 1;
    const auto hop = parse_ip(trim(rest.substr(from)));
    if (!hop) break;
    client = *hop;
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
  }
  return client;
}

}  // namespace beian
