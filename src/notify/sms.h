// Short messages. An interface, because demo mode delivers to an inbox page and every operator has
// another gateway; the generic HTTP one here fits a small adapter in front of any of them.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/outbound.h"
#include "notify/delivery.h"

namespace beian::notify {

struct SmsMessage {
  std::string mobile;  // 11 digits, mainland China
  std::string text;    // with its signature 【…】
  std::string key;     // our idempotency key
};

class SmsGateway {
 public:
  virtual ~SmsGateway() = default;
  virtual DeliveryResult send(const SmsMessage& message) = 0;
};

// POST {"mobile","text","key"} as JSON with the headers
//   X-Beian-Timestamp: milliseconds since 1970
//   X-Beian-Signature: hex of HMAC-SHA256(secret, timestamp + "." + body)
//   Idempotency-Key:   key
// 2xx: sent. 401, 403, 404, 408, 409, 425, 429, 3xx, 5xx and no answer: later. Any other: refused.
class HttpSmsGateway : public SmsGateway {
 public:
  HttpSmsGateway(const Outbound& outbound, std::string url, std::string secret, const Clock& clock);
  DeliveryResult send(const SmsMessage& message) override;

 private:
  const Outbound& outbound_;
  std::string url_, secret_;
  const Clock& clock_;
};

}  // namespace beian::notify
