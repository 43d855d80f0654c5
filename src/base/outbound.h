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
  std::string error;     // curl's words, without the URL's query or any body
};

class Outbound {
 public:
  // `allowed` holds "host" or "host:port" entries, compared in lower case.
  explicit Outbound(std::vector<std::string> allowed);
  // Never throws for network trouble; throws std::logic_error for a host that is not allowed.
  OutboundAnswer send(const OutboundRequest& request) const;

 private:
  std::vector<std::string> allowed_;
};

}  // namespace beian
