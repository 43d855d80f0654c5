#include "filing/waits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <stdexcept>
#include <vector>

#include "base/json.h"

namespace beian {
namespace {

constexpr Millis k_hour = 3'600'000;

TEST(WaitHistogram, QuantilesAreOffByAtMostFivePercentOverAnyMixOfWaits) {
  std::mt19937 dice(7);
  std::lognormal_distribution<double> hours(2.0, 1.5);
  WaitHistogram whole;
  std::vector<Millis> all;
  for (int day = 0; day < 30; ++day) {
    WaitHistogram one;
    for (int i = 0; i < 50; ++i) {
      const auto wait = static_cast<Millis>(hours(dice) * static_cast<double>(k_hour)) + 60'000;
      all.push_back(wait);
      one.add(wait);
    }
    whole.add(WaitHistogram::unpack(one.pack()));
  }
  std::ranges::sort(all);
  EXPECT_EQ(whole.count(), 1500);
  for (const double share : {0.5, 0.8, 0.95}) {
    const auto exact = static_cast<double>(
        all[static_cast<std::size_t>(share * static_cast<double>(all.size())) - 1]);
    const auto told = static_cast<double>(whole.quantile(share).value());
    EXPECT_NEAR(told / exact, 1.0, 0.051) << share;
  }
}

TEST(WaitHistogram, HoldsTheShortestTheLongestAndNothing) {
  WaitHistogram waits;
  EXPECT_FALSE(waits.quantile(0.5));
  EXPECT_EQ(waits.pack(), "");
  for (const Millis wait : {Millis{-5}, Millis{0}, Millis{59'999}}) waits.add(wait);
  EXPECT_EQ(waits.pack(), "0:3");
  waits.add(std::numeric_limits<Millis>::max());
  EXPECT_EQ(waits.count(), 4);
  EXPECT_EQ(waits.quantile(0.5), 30'000);
  EXPECT_EQ(WaitHistogram::unpack("").count(), 0);
}

TEST(WaitHistogram, RefusesWhatItNeverWrites) {
  for (const char* text : {"x", "1", "1:", ":3", "1:-2", "900:1", "1:2,", "1:2 x"})
    EXPECT_THROW(WaitHistogram::unpack(text), std::runtime_error) << text;
}

// Friday 27 November 2026, 18:00 in China, to Monday 30, 09:00.
TEST(WorkingTime, LeavesOutDaysOff) {
  const Calendar calendar = Calendar::from_json({});
  const Millis friday = shanghai_midnight(parse_day("2026-11-27").value()) + 18 * k_hour;
  const Millis monday = shanghai_midnight(parse_day("2026-11-30").value()) + 9 * k_hour;
  EXPECT_EQ(working_time(calendar, friday, monday), 15 * k_hour);
  EXPECT_EQ(working_time(calendar, monday, friday), 0);
  EXPECT_EQ(working_time(calendar, friday + 6 * k_hour, friday + 20 * k_hour), 0);
  EXPECT_EQ(working_days_ago(calendar, monday, 1), friday - 9 * k_hour);
  EXPECT_EQ(working_time(calendar, working_days_ago(calendar, monday, 5), monday), 120 * k_hour);
}

}  // namespace
}  // namespace beian
