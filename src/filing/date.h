// Days, as certificates and calendars write them ("2026-11-23"), and the day it is in China.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace beian {

using Day = std::chrono::sys_days;

// nullopt unless `text` is exactly YYYY-MM-DD and that day exists (1800 to 2999).
std::optional<Day> parse_day(std::string_view text);
std::string day_to_string(Day day);

// Legal days are days in China: UTC+8, without summer time since 1992.
Day shanghai_day(Millis time);
Millis shanghai_midnight(Day day);  // the first millisecond of that day

// Completed years of life on `today`; somebody born on 29 February has the birthday on 1 March.
int age_on(Day birth, Day today);
// The same day `months` later, or the last day of that month where it has no such day.
Day add_months(Day day, int months);

}  // namespace beian
