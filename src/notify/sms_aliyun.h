// Alibaba Cloud Short Message Service: SendSms of API version 2017-05-25 by a call of the RPC
// style, signed with ACS3-HMAC-SHA256 ("request syntax and signature method V3" of its
// documentation; the older HMAC-SHA1 method is marked as discontinued there).
#pragma once

#include <utility>
#include <vector>

#include "notify/sms_cloud.h"

namespace beian::notify {

// Headers of a request without a body, in order, signed. `query` is sorted and encoded.
struct AliyunRequest {
  std::string method, host, path, query, action, version, date, nonce;
};
std::string aliyun_authorization(const AliyunRequest& request, const std::string& access_id,
                                 const std::string& secret);

class AliyunSmsGateway : public SmsGateway {
 public:
  AliyunSmsGateway(const Outbound& outbound, SmsConfig config, std::string secret,
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
