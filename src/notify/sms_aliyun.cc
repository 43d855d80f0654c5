#include "notify/sms_aliyun.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/crypto.h"
#include "base/json.h"
#include "base/refusal.h"

namespace beian::notify {
namespace {

constexpr std::string_view k_algorithm = "ACS3-HMAC-SHA256";

// What is wrong with this message, and will be tomorrow. Everything else is the moment's trouble,
// our credit or our configuration.
const std::set<std::string, std::less<>> k_final{
    "isv.MOBILE_NUMBER_ILLEGAL",   "isv.MOBILE_COUNT_OVER_LIMIT", "isv.BLACK_KEY_CONTROL_LIMIT",
    "isv.PARAM_LENGTH_LIMIT",      "isv.PARAM_NOT_SUPPORT_URL",   "isv.TEMPLATE_MISSING_PARAMETERS",
    "isv.TEMPLATE_PARAMS_ILLEGAL", "isv.INVALID_PARAMETERS"};

// RFC 3986: letters, digits and -_.~ as they are.
std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string query_of(const std::map<std::string, std::string>& parameters) {
  std::string out;
  for (const auto& [name, value] : parameters)
    out += (out.empty() ? "" : "&") + encoded(name) + "=" + encoded(value);
  return out;
}

std::string code_in(const std::string& body) {
  try {
    const json::value answer = parse_json(body, 64 << 10);
    return get_string(as_object(answer), "Code", 200);
  } catch (const Refusal&) {
    return "";
  }
}

}  // namespace

std::string aliyun_authorization(const AliyunRequest& r, const std::string& access_id,
                                 const std::string& secret) {
  const std::string body_hash = to_hex(sha256(""));
  const std::string signed_names =
      "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
  const std::string canonical = fmt::format(
      "{}\n{}\n{}\nhost:{}\nx-acs-action:{}\nx-acs-content-sha256:{}\nx-acs-date:{}\n"
      "x-acs-signature-nonce:{}\nx-acs-version:{}\n\n{}\n{}",
      r.method, r.path, r.query, r.host, r.action, body_hash, r.date, r.nonce, r.version,
      signed_names, body_hash);
  const std::string to_sign = fmt::format("{}\n{}", k_algorithm, to_hex(sha256(canonical)));
  return fmt::format("{} Credential={},SignedHeaders={},Signature={}", k_algorithm, access_id,
                     signed_names, to_hex(hmac_sha256(secret, to_sign)));
}

AliyunSmsGateway::AliyunSmsGateway(const Outbound& outbound, SmsConfig config, std::string secret,
                                   const Clock& clock)
    : outbound_(outbound), config_(std::move(config)), secret_(std::move(secret)), clock_(clock) {}

DeliveryResult AliyunSmsGateway::send(const SmsMessage& message) {
  if (!is_mobile(message.mobile)) return {Delivery::refused, "mobile"};
  const SmsTemplate* known = template_for(config_.templates, message.notice);
  if (known == nullptr) return {Delivery::refused, "no_template"};
  json::object values;
  for (const std::string& name : known->values)
    if (const auto found = message.values.find(name); found != message.values.end())
      values[name] = found->second;
  AliyunRequest r;
  r.method = "POST";
  r.host = authority_of(config_.url);
  r.path = "/";
  r.query = query_of({{"PhoneNumbers", message.mobile},
                      {"SignName", config_.sign_name},
                      {"TemplateCode", known->id},
                      {"TemplateParam", json::serialize(values)},
                      {"OutId", to_hex(sha256(message.key)).substr(0, 32)}});
  r.action = "SendSms";
  r.version = "2017-05-25";
  r.date = iso_seconds(clock_.now());
  r.nonce = to_hex(random_bytes(16));
  OutboundRequest request;
  request.url = config_.url.substr(0, config_.url.find("://") + 3) + r.host + "/?" + r.query;
  request.headers = {{"Host", r.host},
                     {"x-acs-action", r.action},
                     {"x-acs-version", r.version},
                     {"x-acs-date", r.date},
                     {"x-acs-signature-nonce", r.nonce},
                     {"x-acs-content-sha256", to_hex(sha256(""))},
                     {"Authorization", aliyun_authorization(r, config_.access_id, secret_)}};
  request.timeout = std::chrono::seconds(20);
  request.max_answer_bytes = 64 << 10;
  const OutboundAnswer answer = outbound_.send(request);
  if (!answer.reached) return without_answer(answer);
  const std::string code = code_in(answer.body);
  if (code == "OK" && answer.status == 200) return {Delivery::sent, ""};
  if (code.empty()) return {Delivery::later, fmt::format("http_{}", answer.status)};
  return {k_final.contains(code) ? Delivery::refused : Delivery::later, "aliyun " + code};
}

}  // namespace beian::notify
