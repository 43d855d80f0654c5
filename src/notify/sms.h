// Short messages. An interface, because demo mode delivers to an inbox page and every operator has
// another gateway: Alibaba Cloud (sms_aliyun.h), Tencent Cloud (sms_tencent.h), or the generic HTTP
// one here, which fits a small adapter in front of any other.
#pragma once

#include <map>
#include <string>

#include "base/clock.h"
#include "base/outbound.h"
#include "notify/delivery.h"

namespace beian::notify {

struct SmsMessage {
  std::string mobile;  // 11 digits, mainland China
  std::string text;    // with its signature 【…】
  std::string key;     // our idempotency key
  // For gateways that know approved templates only: which notice, and what fills it.
  std::string notice = {};
  std::map<std::string, std::string> values = {};
};

// Mainland mobile numbers only: sending abroad is how text-message fraud earns.
bool is_mobile(const std::string& number);

class SmsGateway {
 public:
  virtual ~SmsGateway() = default;
  virtual DeliveryResult send(const SmsMessage& message) = 0;
  // Sending the same key again does no harm. Where it is not so, a message whose fate is unknown is
  // left for people to decide about.
  virtual bool forgets_repeats() const = 0;
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
  bool forgets_repeats() const override { return true; }

 private:
  const Outbound& outbound_;
  std::string url_, secret_;
  const Clock& clock_;
};

}  // namespace beian::notify
