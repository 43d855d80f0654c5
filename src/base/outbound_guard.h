// Looking at what others name (a website, a registry's server) without being led inside: a name is
// resolved first and every address of it looked at; the connection goes to one of the very
// addresses that were looked at; each redirect is looked at anew; ports 80 and 443 only (43 for
// WHOIS); body, time and redirects are bounded. Nothing is sent but the request; proxies and
// cookies are not used.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beian {

struct GuardLimits {
  std::size_t body_bytes = 256u << 10;  // after decompression
  int redirects = 5;
  std::chrono::milliseconds connect{5000}, whole{15000};  // of each request; resolving comes on top
};

struct Resolved {
  std::vector<std::string> addresses;  // IPv4 before IPv6, as dotted and colon text
  std::string error;                   // "", name (there is none), private_address
};

struct Fetched {
  // "" where an answer came; else url, port, name, private_address, connect, timeout, tls,
  // redirects, too_large. What a redirect led into counts for the whole.
  std::string error;
  int status = 0;
  std::string url;                     // of the last request
  std::vector<std::string> addresses;  // that the last name led to
  std::string address;                 // that answered
  std::string type;                    // Content-Type
  std::string body;
  bool cut = false;  // longer than the limit; only where `may_cut`
};

class OutboundGuard {
 public:
  // For tests: "host=address:port" leads this host there, whatever the port asked for and although
  // the address is private. With `only_these` nothing else is reached (demo mode).
  explicit OutboundGuard(const std::vector<std::string>& test_hosts = {}, bool only_these = false);

  Resolved resolve(const std::string& host) const;
  // GET. `host` in URLs has to be ASCII. With `may_cut` a longer body is cut, without it refused.
  Fetched get(const std::string& url, const GuardLimits& limits, bool may_cut,
              std::string_view accept = "*/*") const;
  // One line to port 43 and the whole answer: WHOIS (RFC 3912). `error` as above.
  Fetched ask_whois(const std::string& host, const std::string& line,
                    const GuardLimits& limits) const;

 private:
  struct Target {
    std::vector<std::string> addresses;
    int port = 0;  // 0: as asked
    std::string error;
  };
  Target target_of(const std::string& host) const;

  std::map<std::string, std::pair<std::string, int>> test_hosts_;
  bool only_these_;
};

}  // namespace beian
