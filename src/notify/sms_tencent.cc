#include "notify/sms_tencent.h"

#include <fmt/format.h>

#include <set>

#include "base/crypto.h"
#include "base/json.h"
#include "base/text.h"

namespace beian::notify {
namespace {

constexpr std::string_view k_algorithm = "TC3-HMAC-SHA256";
constexpr std::string_view k_content_type = "application/json; charset=utf-8";

// What is wrong with this message, and will be tomorrow.
const std::set<std::string, std::less<>> k_final{
    "FailedOperation.ContainSensitiveWord",
    "FailedOperation.PhoneNumberInBlacklist",
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
    "InvalidParameterValue.ContentLengthLimit",
    "InvalidParameterValue.IncorrectPhoneNumber",
    "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
    "InvalidParameterValue.TemplateParameterFormatError",
    "InvalidParameterValue.TemplateParameterLengthLimit",
    "UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber"};

// The code of the one message that was sent, or of the whole call; empty when it is no such answer.
std::string code_in(const std::string& body) {
  try {
    const json::value answer = parse_json(body, 64 << 10);
    const json::object& response = as_object(as_object(answer).at("Response"));
    if (const json::value* error = response.if_contains("Error"))
      return get_string(as_object(*error), "Code", 200);
    return get_string(as_object(response.at("SendStatusSet").as_array().at(0)), "Code", 200);
  } catch (const std::exception&) {
    return "";
  }
}

}  // namespace

std::string tencent_authorization(const TencentRequest& r, const std::string& access_id,
                                  const std::string& secret) {
  const std::string signed_names = "content-type;host;x-tc-action";
  const std::string canonical =
      fmt::format("POST\n/\n\ncontent-type:{}\nhost:{}\nx-tc-action:{}\n\n{}\n{}", k_content_type,
                  r.host, to_lower_ascii(r.action), signed_names, to_hex(sha256(r.body)));
  const std::string day = iso_day(r.at);
  const std::string scope = fmt::format("{}/{}/tc3_request", day, r.service);
  const std::string to_sign =
      fmt::format("{}\n{}\n{}\n{}", k_algorithm, r.at / 1000, scope, to_hex(sha256(canonical)));
  const std::string of_day = hmac_sha256("TC3" + secret, day);
  const std::string of_service = hmac_sha256(of_day, r.service);
  const std::string key = hmac_sha256(of_service, "tc3_request");
  return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", k_algorithm, access_id,
                     scope, signed_names, to_hex(hmac_sha256(key, to_sign)));
}

TencentSmsGateway::TencentSmsGateway(const Outbound& outbound, SmsConfig config, std::string secret,
                                     const Clock& clock)
    : outbound_(outbound), config_(std::move(config)), secret_(std::move(secret)), clock_(clock) {}

DeliveryResult TencentSmsGateway::send(const SmsMessage& message) {
  if (!is_mobile(message.mobile)) return {Delivery::refused, "mobile"};
  const SmsTemplate* known = template_for(config_.templates, message.notice);
  if (known == nullptr) return {Delivery::refused, "no_template"};
  json::array values;
  for (const std::string& name : known->values) {
    const auto found = message.values.find(name);
    values.push_back(json::value(found == message.values.end() ? "" : found->second));
  }
  TencentRequest r;
  r.host = authority_of(config_.url);
  r.service = "sms";
  r.action = "SendSms";
  r.at = clock_.now();
  r.body = json::serialize(json::object{{"PhoneNumberSet", json::array{"+86" + message.mobile}},
                                        {"SmsSdkAppId", config_.app_id},
                                        {"SignName", config_.sign_name},
                                        {"TemplateId", known->id},
                                        {"TemplateParamSet", std::move(values)},
                                        {"SessionContext", message.key}});
  OutboundRequest request;
  request.url = config_.url.substr(0, config_.url.find("://") + 3) + r.host + "/";
  request.body = r.body;
  request.headers = {{"Host", r.host},
                     {"Content-Type", std::string(k_content_type)},
                     {"X-TC-Action", r.action},
                     {"X-TC-Version", "2021-01-11"},
                     {"X-TC-Region", config_.region},
                     {"X-TC-Timestamp", std::to_string(r.at / 1000)},
                     {"Authorization", tencent_authorization(r, config_.access_id, secret_)}};
  request.timeout = std::chrono::seconds(20);
  request.max_answer_bytes = 64 << 10;
  const OutboundAnswer answer = outbound_.send(request);
  if (!answer.reached) return without_answer(answer);
  const std::string code = code_in(answer.body);
  if (code == "Ok" && answer.status == 200) return {Delivery::sent, ""};
  if (code.empty()) return {Delivery::later, fmt::format("http_{}", answer.status)};
  return {k_final.contains(code) ? Delivery::refused : Delivery::later, "tencent " + code};
}

}  // namespace beian::notify
