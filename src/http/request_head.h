// From a parsed request head to the Request that handlers see, or the status that refuses it.
#pragma once

#include <map>
#include <string>

#include "base/message.h"
#include "http/client_address.h"

namespace beian {

struct RequestHead {
  std::string method, target;
  bool is_http_1_0 = false;
  std::multimap<std::string, std::string> headers;  // names in lower case
};

struct Understood {
  Request request;  // without body; HEAD has become GET
  bool is_head = false;
  bool expects_continue = false;  // Expect: 100-continue (RFC 9110 10.1.1)
};

// Fills `out` as far as it got and returns 0, or 400, 417 or 501. The length of the body must be
// beyond doubt, whoever reads it (RFC 9112 6.3; request smuggling): one Content-Length of digits or
// one "chunked", never both. `peer` is the address at the other end of the connection.
[[nodiscard]] int understand(RequestHead head, const std::string& peer,
                             const TrustedProxies& proxies, Understood& out);

}  // namespace beian
