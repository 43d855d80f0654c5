// HTTP calls to other machines (bureaus, SMS gateways). Only hosts named in the configuration are
// ever contacted: the list is given at start-up, and anything else is refused here.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace beian {

struct OutboundRequest {
  std::string method = "POST";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds timeout{60000};
  std::size_t max_answer_bytes = 96u << 20;
};

struct OutboundAnswer {
  bool reached = false;  // false: no complete answer came; `error` says why
  bool sent = true;      // false: nothing of the request left (name, connection or TLS failed)
  int status = 0;
  std::string body;
  std::string error;   // curl's words, without the URL's query or any body
  std::string date{};  // of the answer's header
};

class Outbound {
 public:
  // `allowed` holds "host" or "host:port" entries, compared in lower case; "host" alone means the
  // scheme's own port (80 or 443).
  explicit Outbound(std::vector<std::string> allowed);
  // Never throws for network trouble; throws std::logic_error for a host that is not allowed, a URL
  // that is not http(s) or carries a user name, and headers with a line break. Redirects are not
  // followed and proxies of the environment not used: the answer is the named host's own.
  OutboundAnswer send(const OutboundRequest& request) const;

 private:
  std::vector<std::string> allowed_;
};

}  // namespace beian
