#include "notify/webhook.h"

#include <gtest/gtest.h>

#include "base/crypto.h"
#include "unit/notify/endpoint.h"

namespace beian::notify {
namespace {

constexpr Millis k_now = 1'768'444'205'678;

WebhookCall call_to(const std::string& url) {
  return {url, "whs_secret", R"({"id":"1"})", "filing.state_changed", "1", k_now};
}

TEST(Webhook, IsSignedWithItsTime) {
  Endpoint endpoint(204, "");
  const WebhookResult result =
      WebhookSender(true).send(call_to("http://" + endpoint.host() + "/x"));
  EXPECT_TRUE(result.delivered) << result.error;
  EXPECT_EQ(endpoint.line(), "POST /x HTTP/1.1");
  EXPECT_EQ(endpoint.body(), R"({"id":"1"})");
  EXPECT_EQ(endpoint.header("Content-Type"), "application/json");
  EXPECT_EQ(endpoint.header("X-Beian-Event"), "filing.state_changed");
  EXPECT_EQ(endpoint.header("X-Beian-Delivery"), "1");
  EXPECT_EQ(endpoint.header("X-Beian-Signature"),
            "t=1768444205,v1=" + to_hex(hmac_sha256("whs_secret", R"(1768444205.{"id":"1"})")));
}

TEST(Webhook, TellsWhatBecameOfIt) {
  for (int status : {301, 400, 404, 500}) {
    Endpoint endpoint(status, "no");
    const WebhookResult result =
        WebhookSender(true).send(call_to("http://" + endpoint.host() + "/"));
    EXPECT_FALSE(result.delivered);
    EXPECT_EQ(result.error, "http_" + std::to_string(status));
    EXPECT_EQ(result.status, status);
  }
  Endpoint silent(0);
  EXPECT_EQ(WebhookSender(true).send(call_to("http://" + silent.host() + "/")).error, "connect");
  Endpoint long_winded(200, std::string(100'000, 'a'));
  EXPECT_EQ(WebhookSender(true).send(call_to("http://" + long_winded.host() + "/")).error,
            "answer_too_large");
}

TEST(Webhook, CallsNoMachineInside) {
  Endpoint endpoint(200);
  const std::string port = endpoint.host().substr(endpoint.host().find(':'));
  const WebhookSender sender(false);
  // localtest names and such: what a name leads to is looked at when it is called.
  for (const std::string& url : std::initializer_list<std::string>{
           "https://127.0.0.1" + port + "/", "https://localhost" + port + "/",
           "https://[::1]" + port + "/", "https://[::ffff:127.0.0.1]" + port + "/",
           "https://2130706433" + port + "/", "https://0x7f000001" + port + "/", "https://0/"})
    EXPECT_EQ(sender.send(call_to(url)).error, "private_address") << url;
  EXPECT_FALSE(endpoint.was_called());
}

TEST(Webhook, SaysWhatSpeaksAgainstAnAddress) {
  EXPECT_EQ(check_webhook_url("https://hooks.example.cn/beian?key=1", false), "");
  EXPECT_EQ(check_webhook_url("http://hooks.example.cn/", false), "webhook_url_https");
  EXPECT_EQ(check_webhook_url("http://hooks.example.cn/", true), "");
  EXPECT_EQ(check_webhook_url("ftp://hooks.example.cn/", true), "webhook_url_https");
  for (const char* url : {"https://10.0.0.1/", "https://intranet/", "https://db.internal/",
                          "https://printer.local/", "https://[fd00::1]/", "https://127.1/"})
    EXPECT_EQ(check_webhook_url(url, false), "webhook_url_private") << url;
  for (const char* url : {"", "hooks", "https://", "https://user:pw@hooks.example.cn/",
                          "https://hooks.example.cn/a b", "https://例子.cn/"})
    EXPECT_EQ(check_webhook_url(url, false), "webhook_url_malformed") << url;
  EXPECT_EQ(check_webhook_url("https://a.cn/" + std::string(500, 'x'), false), "webhook_url_long");
}

}  // namespace
}  // namespace beian::notify
