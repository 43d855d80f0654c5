#include "base/totp.h"

#include <gtest/gtest.h>

namespace beian {
namespace {

const std::string k_secret = "12345678901234567890";  // of both RFCs' appendices

TEST(Totp, GivesTheCodesOfRfc4226AndRfc6238) {
  const char* counted[] = {"755224", "287082", "359152", "969429", "338314",
                           "254676", "287922", "162583", "399871", "520489"};
  for (std::uint64_t i = 0; i < 10; ++i) EXPECT_EQ(hotp(k_secret, i), counted[i]);
  const std::pair<Millis, const char*> timed[] = {
      {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
      {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
  for (const auto& [seconds, code] : timed)
    EXPECT_EQ(hotp(k_secret, static_cast<std::uint64_t>(seconds / 30), 8), code);
}

TEST(Totp, ACodeIsGoodOnceAndForAStepToEitherSide) {
  const Millis now = 1'111'111'111'000;
  const std::int64_t step = now / k_totp_step;
  for (const std::int64_t near : {step - 1, step, step + 1})
    EXPECT_EQ(totp_step(k_secret, hotp(k_secret, static_cast<std::uint64_t>(near)), now, 0), near);
  for (const std::int64_t far : {step - 2, step + 2})
    EXPECT_FALSE(totp_step(k_secret, hotp(k_secret, static_cast<std::uint64_t>(far)), now, 0));
  const std::string code = hotp(k_secret, static_cast<std::uint64_t>(step));
  EXPECT_FALSE(totp_step(k_secret, code, now, step)) << "it was used";
  EXPECT_FALSE(totp_step(k_secret, "", now, 0));
  EXPECT_FALSE(totp_step(k_secret, code + "0", now, 0));
}

TEST(Totp, WritesSecretsAsAppsReadThem) {
  EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI");  // RFC 4648, 10
  EXPECT_EQ(to_base32("fooba"), "MZXW6YTB");
  EXPECT_EQ(to_base32("f"), "MY");
  EXPECT_EQ(totp_uri("foobar", "示例 云", "a@b.cn"),
            "otpauth://totp/%E7%A4%BA%E4%BE%8B%20%E4%BA%91:a@b.cn?secret=MZXW6YTBOI"
            "&issuer=%E7%A4%BA%E4%BE%8B%20%E4%BA%91");
}

}  // namespace
}  // namespace beian
