#include "http/rate_limit.h"

#include <gtest/gtest.h>

namespace beian {
namespace {

using namespace std::chrono_literals;
const RateLimiter::Time k_start{std::chrono::hours(1000)};

TEST(RateLimiter, AllowsABurstThenTheRate) {
  RateLimiter limiter({2, 5});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limiter.take("a", k_start), 0ms);
  const auto wait = limiter.take("a", k_start);
  EXPECT_GT(wait, 400ms);
  EXPECT_LE(wait, 501ms);
  EXPECT_EQ(limiter.take("b", k_start), 0ms);
  EXPECT_EQ(limiter.take("a", k_start + wait), 0ms);
  EXPECT_GT(limiter.take("a", k_start + wait), 0ms);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limiter.take("a", k_start + 1h), 0ms);
  EXPECT_GT(limiter.take("a", k_start + 1h), 0ms);
}

TEST(RateLimiter, ARefusedCallCostsNothing) {
  RateLimiter limiter({1, 1});
  EXPECT_EQ(limiter.take("a", k_start), 0ms);
  for (int i = 0; i < 100; ++i) EXPECT_GT(limiter.take("a", k_start), 0ms);
  EXPECT_EQ(limiter.take("a", k_start + 1s), 0ms);
}

TEST(RateLimiter, MemoryIsBoundedAndTheBusyAreRemembered) {
  RateLimiter limiter({0.001, 2}, 1000);
  EXPECT_EQ(limiter.take("busy", k_start), 0ms);
  EXPECT_EQ(limiter.take("busy", k_start), 0ms);
  for (int i = 0; i < 100000; ++i) {
    EXPECT_EQ(limiter.take(std::to_string(i), k_start), 0ms);
    if (i % 100 == 0) {
      EXPECT_GT(limiter.take("busy", k_start), 0ms);
    }
    EXPECT_LE(limiter.size(), 1000u);
  }
}

TEST(RateLimiter, ForgetsWhatHasFilledUp) {
  RateLimiter limiter({10, 10});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(limiter.take(std::to_string(i), k_start), 0ms);
  EXPECT_EQ(limiter.take("a", k_start + 2s), 0ms);
  EXPECT_EQ(limiter.take("a", k_start + 4s), 0ms);
  EXPECT_LE(limiter.size(), 2u);
}

TEST(RateLimiter, ZeroIsNoLimit) {
  RateLimiter limiter({0, 0});
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(limiter.take("a", k_start), 0ms);
  EXPECT_EQ(limiter.size(), 0u);
}

TEST(RateKey, CountsTheNetworkOfAnIpv6Customer) {
  EXPECT_EQ(rate_key("203.0.113.5"), "203.0.113.5");
  EXPECT_EQ(rate_key("2001:db8:1:2::1"), rate_key("2001:db8:1:2:ffff::9"));
  EXPECT_NE(rate_key("2001:db8:1:2::1"), rate_key("2001:db8:1:3::1"));
  EXPECT_EQ(rate_key("::ffff:203.0.113.5"), "203.0.113.5");
}

}  // namespace
}  // namespace beian
