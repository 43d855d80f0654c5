// The two clouds' gateways: their documentation's own examples, and an endpoint that works out from
// what came over the wire whether it was signed by somebody who knows the secret. It uses OpenSSL
// itself and none of our code.
#include <gtest/gtest.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "base/json.h"
#include "notify/sms_aliyun.h"
#include "notify/sms_tencent.h"
#include "unit/notify/endpoint.h"

namespace beian::notify {
namespace {

constexpr Millis k_now = 1'768'444'205'000;  // 2026-01-15T02:30:05Z

std::string hex(const std::string& bytes) {
  std::string out;
  for (const unsigned char c : bytes) {
    constexpr char k_digits[] = "0123456789abcdef";
    out += k_digits[c >> 4];
    out += k_digits[c & 15];
  }
  return out;
}
std::string hash(const std::string& text) {
  unsigned char out[SHA256_DIGEST_LENGTH];
  ::SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), out);
  return hex({reinterpret_cast<char*>(out), sizeof out});
}
std::string hmac(const std::string& key, const std::string& text) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  ::HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), out, &size);
  return {reinterpret_cast<char*>(out), size};
}

SmsConfig config_of(const Endpoint& endpoint) {
  SmsConfig config;
  config.url = "http://" + endpoint.host() + "/";
  config.access_id = "the-id";
  config.sign_name = "示例云";
  config.app_id = "1400000001";
  config.templates = {{"filing_approved", "SMS_100", {"domains", "organiser_number"}}};
  return config;
}

SmsMessage message_of() {
  return {"13000001234",
          "【示例云】…",
          "sms/7",
          "filing_approved",
          {{"domains", "示例.中国、a.cn"}, {"organiser_number", "测ICP备1号"}, {"filing", "9"}}};
}

// Whether the request bears the signature of its own words, as Alibaba's documentation asks for it.
bool is_signed_for_aliyun(const Endpoint& e, const std::string& secret) {
  const std::string line = e.line();  // POST /?query HTTP/1.1
  const std::string method = line.substr(0, line.find(' '));
  const std::string target = line.substr(method.size() + 1, line.rfind(' ') - method.size() - 1);
  const std::string authorization = e.header("Authorization");
  const auto after = [&](const std::string& name) {
    const std::size_t at = authorization.find(name + "=") + name.size() + 1;
    return authorization.substr(at, authorization.find(',', at) - at);
  };
  std::string canonical = method + "\n" + target.substr(0, target.find('?')) + "\n" +
                          target.substr(target.find('?') + 1) + "\n";
  for (const std::string& name : split(after("SignedHeaders"), ';'))
    canonical += name + ":" + e.header(name) + "\n";
  canonical += "\n" + after("SignedHeaders") + "\n" + hash(e.body());
  return e.header("x-acs-content-sha256") == hash(e.body()) && after("Credential") == "the-id" &&
         after("Signature") == hex(hmac(secret, "ACS3-HMAC-SHA256\n" + hash(canonical)));
}

bool is_signed_for_tencent(const Endpoint& e, const std::string& secret) {
  const std::string authorization = e.header("Authorization");
  const std::string day = "2026-01-15";
  const std::string canonical =
      "POST\n/\n\ncontent-type:" + e.header("Content-Type") + "\nhost:" + e.header("Host") +
      "\nx-tc-action:sendsms\n\ncontent-type;host;x-tc-action\n" + hash(e.body());
  const std::string to_sign = "TC3-HMAC-SHA256\n" + e.header("X-TC-Timestamp") + "\n" + day +
                              "/sms/tc3_request\n" + hash(canonical);
  const std::string key = hmac(hmac(hmac("TC3" + secret, day), "sms"), "tc3_request");
  return authorization == "TC3-HMAC-SHA256 Credential=the-id/" + day +
                              "/sms/tc3_request, SignedHeaders=content-type;host;x-tc-action, "
                              "Signature=" +
                              hex(hmac(key, to_sign));
}

TEST(SmsAliyun, SignsTheExampleOfTheDocumentation) {
  AliyunRequest r;
  r.method = "POST";
  r.host = "ecs.cn-shanghai.aliyuncs.com";
  r.path = "/";
  r.query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai";
  r.action = "RunInstances";
  r.version = "2014-05-26";
  r.date = "2023-10-26T10:22:32Z";
  r.nonce = "3156853299f313e23d1673dc12e1703d";
  EXPECT_EQ(aliyun_authorization(r, "YourAccessKeyId", "YourAccessKeySecret"),
            "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
            "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature="
            "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
}

TEST(SmsTencent, SignsTheExampleOfTheDocumentation) {
  TencentRequest r;
  r.host = "cvm.tencentcloudapi.com";
  r.service = "cvm";
  r.action = "DescribeInstances";
  r.body =
      R"({"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]})";
  r.at = 1'551'113'065'000;
  const std::string got = tencent_authorization(r, "id", "Gu5t9xGARNpq86cd98joQYCN3*******");
  EXPECT_EQ(got.substr(got.rfind('=') + 1),
            "be4f67d323c78ab9acb7395e43c0dbcf822a9cfac32fea2449a7bc7726b770a3");
}

TEST(SmsAliyun, SendsAnApprovedTemplateSigned) {
  const ManualClock clock(k_now);
  Endpoint endpoint(200, R"({"Code":"OK","Message":"OK","BizId":"1","RequestId":"2"})");
  const Outbound outbound({endpoint.host()});
  AliyunSmsGateway gateway(outbound, config_of(endpoint), "the secret", clock);
  EXPECT_EQ(gateway.send(message_of()).outcome, Delivery::sent);
  EXPECT_TRUE(is_signed_for_aliyun(endpoint, "the secret"));
  EXPECT_FALSE(is_signed_for_aliyun(endpoint, "another secret"));
  EXPECT_EQ(endpoint.header("x-acs-action"), "SendSms");
  EXPECT_EQ(endpoint.header("x-acs-version"), "2017-05-25");
  EXPECT_EQ(endpoint.header("x-acs-date"), "2026-01-15T02:30:05Z");
  const std::string line = endpoint.line();
  EXPECT_NE(line.find("&PhoneNumbers=13000001234&"), std::string::npos) << line;
  EXPECT_NE(line.find("&SignName=%E7%A4%BA%E4%BE%8B%E4%BA%91&TemplateCode=SMS_100&"),
            std::string::npos);
  EXPECT_NE(line.find("TemplateParam=%7B%22domains%22%3A%22%E7%A4%BA"), std::string::npos) << line;
  EXPECT_EQ(line.find("filing"), std::string::npos) << "only what the template has room for";
}

TEST(SmsTencent, SendsAnApprovedTemplateSigned) {
  const ManualClock clock(k_now);
  Endpoint endpoint(
      200, R"({"Response":{"SendStatusSet":[{"Code":"Ok","Message":"ok"}],"RequestId":"1"}})");
  const Outbound outbound({endpoint.host()});
  TencentSmsGateway gateway(outbound, config_of(endpoint), "the secret", clock);
  EXPECT_EQ(gateway.send(message_of()).outcome, Delivery::sent);
  EXPECT_TRUE(is_signed_for_tencent(endpoint, "the secret"));
  EXPECT_FALSE(is_signed_for_tencent(endpoint, "another secret"));
  EXPECT_EQ(endpoint.header("X-TC-Version"), "2021-01-11");
  EXPECT_EQ(endpoint.header("X-TC-Region"), "ap-guangzhou");
  const json::object body = parse_json(endpoint.body()).as_object();
  EXPECT_EQ(json::serialize(body.at("PhoneNumberSet")), R"(["+8613000001234"])");
  EXPECT_EQ(json::serialize(body.at("TemplateParamSet")), R"(["示例.中国、a.cn","测ICP备1号"])");
  EXPECT_EQ(body.at("SmsSdkAppId"), "1400000001");
  EXPECT_EQ(body.at("SessionContext"), "sms/7");
}

template <typename Gateway>
DeliveryResult outcome(int status, const std::string& reply) {
  const ManualClock clock(k_now);
  Endpoint endpoint(status, reply);
  const Outbound outbound({endpoint.host()});
  return Gateway(outbound, config_of(endpoint), "s", clock).send(message_of());
}

TEST(SmsAliyun, TellsPermanentFromPassingTrouble) {
  const auto of = [](int status, const std::string& code) {
    return outcome<AliyunSmsGateway>(status, R"({"Code":")" + code + R"("})");
  };
  EXPECT_EQ(of(200, "isv.MOBILE_NUMBER_ILLEGAL").outcome, Delivery::refused);
  EXPECT_EQ(of(200, "isv.MOBILE_NUMBER_ILLEGAL").reason, "aliyun isv.MOBILE_NUMBER_ILLEGAL");
  for (const char* code : {"isv.BUSINESS_LIMIT_CONTROL", "isv.AMOUNT_NOT_ENOUGH",
                           "isp.SYSTEM_ERROR", "isv.SMS_TEMPLATE_ILLEGAL"})
    EXPECT_EQ(of(200, code).outcome, Delivery::later) << code;
  EXPECT_EQ(of(400, "SignatureDoesNotMatch").outcome, Delivery::later);
  EXPECT_EQ(of(503, "OK").outcome, Delivery::later);
  EXPECT_EQ(outcome<AliyunSmsGateway>(502, "<html>").reason, "http_502");
}

TEST(SmsTencent, TellsPermanentFromPassingTrouble) {
  const auto sent = [](const std::string& code) {
    return outcome<TencentSmsGateway>(
        200, R"({"Response":{"SendStatusSet":[{"Code":")" + code + R"("}]}})");
  };
  EXPECT_EQ(sent("FailedOperation.PhoneNumberInBlacklist").outcome, Delivery::refused);
  EXPECT_EQ(sent("LimitExceeded.PhoneNumberDailyLimit").outcome, Delivery::later);
  const DeliveryResult whole = outcome<TencentSmsGateway>(
      200, R"({"Response":{"Error":{"Code":"AuthFailure.SignatureFailure"},"RequestId":"1"}})");
  EXPECT_EQ(whole.outcome, Delivery::later);
  EXPECT_EQ(whole.reason, "tencent AuthFailure.SignatureFailure");
  for (const char* odd : {"{}", "[]", R"({"Response":1})", R"({"Response":{"SendStatusSet":[]}})"})
    EXPECT_EQ(outcome<TencentSmsGateway>(200, odd).reason, "http_200") << odd;
}

// Neither cloud recognises a message that it had before: when it may have taken it, it is not sent
// again.
TEST(SmsCloud, NeverTwice) {
  const DeliveryResult aliyun = outcome<AliyunSmsGateway>(0, "");
  EXPECT_EQ(aliyun.outcome, Delivery::refused);
  EXPECT_EQ(aliyun.reason, "unknown");
  EXPECT_EQ(outcome<TencentSmsGateway>(0, "").reason, "unknown");
  const ManualClock clock(k_now);
  SmsConfig config;
  {
    Endpoint endpoint(200);
    config = config_of(endpoint);
  }  // nobody listens there any more
  const Outbound outbound({authority_of(config.url)});
  EXPECT_EQ(AliyunSmsGateway(outbound, config, "s", clock).send(message_of()).outcome,
            Delivery::later);
}

TEST(SmsCloud, WithoutATemplateNothingIsSent) {
  const ManualClock clock(k_now);
  Endpoint endpoint(200);
  const Outbound outbound({endpoint.host()});
  SmsMessage message = message_of();
  message.notice = "draft_expiring";
  EXPECT_EQ(AliyunSmsGateway(outbound, config_of(endpoint), "s", clock).send(message).reason,
            "no_template");
  EXPECT_EQ(TencentSmsGateway(outbound, config_of(endpoint), "s", clock).send(message).reason,
            "no_template");
  EXPECT_FALSE(endpoint.was_called());
}

}  // namespace
}  // namespace beian::notify
