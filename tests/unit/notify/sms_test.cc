#include "notify/sms.h"

#include <gtest/gtest.h>

#include "base/crypto.h"
#include "base/json.h"
#include "unit/notify/endpoint.h"

namespace beian::notify {
namespace {

constexpr Millis k_now = 1'768'444'205'000;

const SmsMessage k_message{"13000001234", "【示例云】您的备案已通过初审。", "sms/7"};

TEST(Sms, TheGatewayCanProveWhoSent) {
  const ManualClock clock(k_now);
  Endpoint endpoint(200);
  const Outbound outbound({endpoint.host()});
  HttpSmsGateway gateway(outbound, "http://" + endpoint.host() + "/send", "shared secret", clock);
  const DeliveryResult result = gateway.send(k_message);
  EXPECT_EQ(result.outcome, Delivery::sent) << result.reason;
  const json::object body = parse_json(endpoint.body()).as_object();
  EXPECT_EQ(body.at("mobile"), "13000001234");
  EXPECT_EQ(body.at("text"), "【示例云】您的备案已通过初审。");
  EXPECT_EQ(body.at("key"), "sms/7");
  EXPECT_EQ(body.size(), 3u);
  EXPECT_EQ(endpoint.header("Idempotency-Key"), "sms/7");
  EXPECT_EQ(endpoint.header("X-Beian-Timestamp"), "1768444205000");
  EXPECT_EQ(endpoint.header("X-Beian-Signature"),
            to_hex(hmac_sha256("shared secret", "1768444205000." + endpoint.body())));
  EXPECT_EQ(endpoint.header("Content-Type"), "application/json");
}

TEST(Sms, TellsPermanentFromPassingTrouble) {
  const ManualClock clock(k_now);
  const auto outcome = [&](int status) {
    Endpoint endpoint(status);
    const Outbound outbound({endpoint.host()});
    return HttpSmsGateway(outbound, "http://" + endpoint.host() + "/", "s", clock).send(k_message);
  };
  for (int status : {200, 201, 202, 204})
    EXPECT_EQ(outcome(status).outcome, Delivery::sent) << status;
  for (int status : {400, 410, 413, 422}) {
    EXPECT_EQ(outcome(status).outcome, Delivery::refused) << status;
    EXPECT_EQ(outcome(status).reason, "http_" + std::to_string(status));
  }
  for (int status : {301, 401, 403, 404, 408, 409, 429, 500, 502, 503}) {
    EXPECT_EQ(outcome(status).outcome, Delivery::later) << status;
  }
  EXPECT_EQ(outcome(0).outcome, Delivery::later);
  EXPECT_EQ(outcome(0).reason, "connect");
}

TEST(Sms, OnlyMainlandMobilesAreSentTo) {
  const ManualClock clock(k_now);
  Endpoint endpoint(200);
  const Outbound outbound({endpoint.host()});
  HttpSmsGateway gateway(outbound, "http://" + endpoint.host() + "/", "s", clock);
  for (const char* mobile : {"", "1300000123", "130000012345", "12000001234", "+8613000001234",
                             "0085291234567", "1300000123a", "010-12345678"}) {
    SmsMessage message = k_message;
    message.mobile = mobile;
    const DeliveryResult result = gateway.send(message);
    EXPECT_EQ(result.outcome, Delivery::refused) << mobile;
    EXPECT_EQ(result.reason, "mobile") << mobile;
  }
  EXPECT_FALSE(endpoint.was_called());
}

}  // namespace
}  // namespace beian::notify
