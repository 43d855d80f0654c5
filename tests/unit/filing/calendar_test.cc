#include "filing/calendar.h"

#include <gtest/gtest.h>

#include "unit/filing/data_files.h"

namespace beian {
namespace {

Day day(const char* text) { return *parse_day(text); }

Calendar calendar() {
  std::vector<json::value> years;
  for (const char* year : {"2024", "2025", "2026", "2027"}) {
    years.push_back(data_file("calendar/" + std::string(year) + ".json"));
  }
  return Calendar::from_json(years);
}

TEST(Calendar, KnowsHolidaysAndMakeUpDays) {
  const Calendar days = calendar();
  EXPECT_FALSE(days.is_working_day(day("2026-02-17")));  // Spring Festival, a Tuesday
  EXPECT_TRUE(days.is_working_day(day("2026-02-14")));   // make-up Saturday
  EXPECT_TRUE(days.is_working_day(day("2026-02-28")));
  EXPECT_FALSE(days.is_working_day(day("2026-02-21")));
  EXPECT_TRUE(days.is_working_day(day("2026-09-20")));  // make-up Sunday
  EXPECT_FALSE(days.is_working_day(day("2026-09-19")));
  EXPECT_FALSE(days.is_working_day(day("2025-10-08")));
  EXPECT_TRUE(days.is_working_day(day("2025-10-11")));
  EXPECT_TRUE(days.is_working_day(day("2024-02-18")));
  EXPECT_FALSE(days.is_working_day(day("2024-06-10")));
  EXPECT_TRUE(days.is_working_day(day("2026-11-23")));
}

// The number of days off that each notice of the State Council announced.
TEST(Calendar, HolidaysHaveTheAnnouncedLength) {
  const auto length = [&](const char* from, int announced) {
    const Calendar days = calendar();
    Day last = day(from);
    while (!days.is_working_day(last + std::chrono::days(1))) last += std::chrono::days(1);
    EXPECT_EQ((last - day(from)).count() + 1, announced) << from;
  };
  length("2024-02-10", 8);
  length("2024-10-01", 7);
  length("2025-01-28", 8);
  length("2025-10-01", 8);
  length("2026-01-01", 3);
  length("2026-02-15", 9);
  length("2026-05-01", 5);
  length("2026-10-01", 7);
}

TEST(Calendar, CountsWorkingDays) {
  const Calendar days = calendar();
  EXPECT_EQ(days.add_working_days(day("2026-11-23"), 1), day("2026-11-24"));
  EXPECT_EQ(days.add_working_days(day("2026-11-27"), 1), day("2026-11-30"));
  // Twenty working days over Spring Festival 2026, with both make-up Saturdays.
  EXPECT_EQ(days.add_working_days(day("2026-02-09"), 20), day("2026-03-13"));
  EXPECT_EQ(days.working_days_between(day("2026-02-09"), day("2026-03-13")), 20);
  EXPECT_EQ(days.working_days_between(day("2026-09-30"), day("2026-10-08")), 1);
  EXPECT_EQ(days.working_days_between(day("2026-11-23"), day("2026-11-23")), 0);
  EXPECT_EQ(days.working_days_between(day("2026-11-23"), day("2026-11-01")), 0);
}

TEST(Calendar, SaysWhatIsNotOfficialYet) {
  const Calendar days = calendar();
  EXPECT_TRUE(days.is_official(2026));
  EXPECT_FALSE(days.is_official(2027));
  EXPECT_FALSE(days.is_official(2031));
  EXPECT_FALSE(days.is_working_day(day("2027-02-05")));
  EXPECT_TRUE(days.is_working_day(day("2031-10-01"))) << "a Wednesday nobody wrote about";
}

TEST(Calendar, ADayEndsAtMidnightInChina) {
  const Calendar days = calendar();
  const Millis monday_noon = shanghai_midnight(day("2026-11-23")) + 12 * 3600 * 1000;
  EXPECT_EQ(due_at(days, Unit::working_days, 1, monday_noon),
            shanghai_midnight(day("2026-11-25")) - 1);
  EXPECT_EQ(due_at(days, Unit::days, 45, monday_noon), shanghai_midnight(day("2027-01-08")) - 1);
  EXPECT_EQ(due_at(days, Unit::hours, 24, monday_noon), monday_noon + 24 * 3600 * 1000);
  // 00:30 on Tuesday in Shanghai is still Monday in UTC.
  const Millis tuesday = shanghai_midnight(day("2026-11-24")) + 30 * 60 * 1000;
  EXPECT_EQ(shanghai_day(tuesday), day("2026-11-24"));
  EXPECT_EQ(shanghai_day(tuesday - 31 * 60 * 1000), day("2026-11-23"));
  EXPECT_EQ(shanghai_day(-1), day("1970-01-01"));
}

TEST(Deadlines, EveryClockOfTheLifeCycleHasALimit) {
  const Deadlines limits = Deadlines::from_json(data_file("deadlines.json"));
  EXPECT_EQ(limits.at("initial_review").limit, 5);
  EXPECT_EQ(limits.at("initial_review").target, 1);
  EXPECT_EQ(limits.at("bureau_review").limit, 20);
  EXPECT_EQ(limits.at("sms_check").unit, Unit::hours);
  for (const char* name : {"draft_idle", "correction_idle", "verification_idle", "photo_review",
                           "hand_over", "police_filing"}) {
    EXPECT_FALSE(limits.at(name).source.empty()) << name;
  }
  EXPECT_THROW((void)limits.at("nonsense"), std::runtime_error);
}

TEST(Date, ReadsOnlyRealDays) {
  EXPECT_TRUE(parse_day("2024-02-29"));
  for (const char* bad : {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "20260101", "",
                          "2026-01-01 ", "2026/01/01", "1799-12-31", "２０２６-01-01"}) {
    EXPECT_FALSE(parse_day(bad)) << bad;
  }
  EXPECT_EQ(day_to_string(day("2026-01-09")), "2026-01-09");
}

TEST(Date, CountsYearsAndMonths) {
  EXPECT_EQ(age_on(day("2008-11-23"), day("2026-11-23")), 18);
  EXPECT_EQ(age_on(day("2008-11-24"), day("2026-11-23")), 17);
  EXPECT_EQ(age_on(day("2008-02-29"), day("2026-02-28")), 17);
  EXPECT_EQ(add_months(day("2026-11-30"), 3), day("2027-02-28"));
  EXPECT_EQ(add_months(day("2026-11-23"), 3), day("2027-02-23"));
}

}  // namespace
}  // namespace beian
