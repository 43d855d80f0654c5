#include "base/ids.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace beian {
namespace {

TEST(Ids, NeverMeetAcrossThreadsAndSortByAge) {
  std::vector<std::vector<Id>> made(4);
  std::vector<std::thread> threads;
  for (auto& mine : made) {
    threads.emplace_back([&mine] {
      for (int i = 0; i < 5000; ++i) mine.push_back(new_id());
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<Id> all;
  for (const auto& mine : made) {
    EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end()));
    all.insert(mine.begin(), mine.end());
  }
  EXPECT_EQ(all.size(), 20000u);
  EXPECT_GT(*all.begin(), 0);
}

TEST(Ids, AreWrittenAndReadAsDecimalText) {
  EXPECT_EQ(id_to_string(9223372036854775807), "9223372036854775807");
  EXPECT_EQ(id_from_string("9223372036854775807"), 9223372036854775807);
  EXPECT_EQ(id_from_string("1"), 1);
  const Id id = new_id();
  EXPECT_EQ(id_from_string(id_to_string(id)), id);
}

TEST(Ids, RefuseWhatIsNoId) {
  for (const char* text : {"", "0", "-1", "+1", " 1", "1 ", "1.0", "0x1", "9223372036854775808",
                           "12345678901234567890", "１"}) {
    EXPECT_EQ(id_from_string(text), std::nullopt) << text;
  }
}

TEST(Clock, ManualClockMovesOnlyWhenTold) {
  ManualClock clock(1000);
  EXPECT_EQ(clock.now(), 1000);
  clock.advance(5);
  EXPECT_EQ(clock.now(), 1005);
  clock.set(7);
  EXPECT_EQ(clock.now(), 7);
}

TEST(Clock, SystemClockIsInThisCentury) {
  EXPECT_GT(SystemClock().now(), 1'700'000'000'000);
  EXPECT_LT(SystemClock().now(), 4'102'444'800'000);
}

}  // namespace
}  // namespace beian
