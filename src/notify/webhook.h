// Telling a customer's program of a change over HTTP. The address is the customer's choice, so this
// is the one place where a machine is contacted that the operator did not name: only public
// addresses (unless he allows others), the very address that was checked, no redirects, a bounded
// answer, and nothing in the body about a person.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.h"

namespace beian::notify {

struct WebhookCall {
  std::string url;
  std::string secret;
  std::string body;   // JSON
  std::string event;  // X-Beian-Event
  std::string id;     // X-Beian-Delivery: the same each time it is tried
  Millis now = 0;
};

struct WebhookResult {
  bool delivered = false;  // 2xx
  std::optional<int> status;
  std::string error;  // a code: http_500, connect, timeout, tls, name, private_address …
};

// What speaks against an address: a code of data/texts/*/problems, or empty. Looks at the text
// alone; what its name leads to is checked each time it is called.
std::string check_webhook_url(const std::string& url, bool allow_private);

// "t=1700000000,v1=<hex>": seconds, and HMAC-SHA256(secret, seconds + "." + body).
std::string webhook_signature(const std::string& secret, Millis now, const std::string& body);

class WebhookSender {
 public:
  explicit WebhookSender(bool allow_private) : allow_private_(allow_private) {}
  // Takes at most about 15 s.
  WebhookResult send(const WebhookCall& call) const;

 private:
  const bool allow_private_;
};

}  // namespace beian::notify
