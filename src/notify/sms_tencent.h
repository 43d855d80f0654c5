// Tencent Cloud SMS: SendSms of API version 2021-01-11, signed with TC3-HMAC-SHA256 ("signature v3"
// of its documentation).
#pragma once

#include "notify/sms_cloud.h"

namespace beian::notify {

struct TencentRequest {
  std::string host, service, action, body;
  Millis at = 0;
};
std::string tencent_authorization(const TencentRequest& request, const std::string& access_id,
                                  const std::string& secret);

class TencentSmsGateway : public SmsGateway {
 public:
  TencentSmsGateway(const Outbound& outbound, SmsConfig config, std::string secret,
                    const Clock& clock);
  DeliveryResult send(const SmsMessage& message) override;
  bool forgets_repeats() const override { return false; }

 private:
  const Outbound& outbound_;
  const SmsConfig config_;
  const std::string secret_;
  const Clock& clock_;
};

}  // namespace beian::notify
