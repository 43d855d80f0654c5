#include "notify/sms.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/crypto.h"
#include "base/json.h"

namespace beian::notify {

bool is_mobile(const std::string& number) {
  return number.size() == 11 && number[0] == '1' && number[1] >= '3' &&
         std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

namespace {

// Trouble with us or with the moment, not with this message.
bool may_pass(int status) {
  switch (status) {
    case 401:
    case 403:
    case 404:
    case 408:
    case 409:
    case 425:
    case 429:
      return true;
    default:
      return status >= 500 || status < 200 || (status >= 300 && status < 400);
  }
}

}  // namespace

HttpSmsGateway::HttpSmsGateway(const Outbound& outbound, std::string url, std::string secret,
                               const Clock& clock)
    : outbound_(outbound), url_(std::move(url)), secret_(std::move(secret)), clock_(clock) {}

DeliveryResult HttpSmsGateway::send(const SmsMessage& message) {
  if (!is_mobile(message.mobile)) return {Delivery::refused, "mobile"};
  OutboundRequest request;
  request.url = url_;
  request.body = json::serialize(
      json::value{{"mobile", message.mobile}, {"text", message.text}, {"key", message.key}});
  const std::string timestamp = std::to_string(clock_.now());
  request.headers = {
      {"Content-Type", "application/json"},
      {"X-Beian-Timestamp", timestamp},
      {"X-Beian-Signature", to_hex(hmac_sha256(secret_, timestamp + "." + request.body))},
      {"Idempotency-Key", message.key}};
  request.timeout = std::chrono::seconds(20);
  request.max_answer_bytes = 64 << 10;
  const OutboundAnswer answer = outbound_.send(request);
  if (!answer.reached) return {Delivery::later, "connect"};
  if (answer.status >= 200 && answer.status < 300) return {Delivery::sent, ""};
  return {may_pass(answer.status) ? Delivery::later : Delivery::refused,
          fmt::format("http_{}", answer.status)};
}

}  // namespace beian::notify
