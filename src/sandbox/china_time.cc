#include "sandbox/china_time.h"

#include <fmt/format.h>

#include <chrono>

namespace beian::sandbox {
namespace {

using Local = std::chrono::sys_time<std::chrono::milliseconds>;

Local local(Millis time) { return Local(std::chrono::milliseconds(time)) + std::chrono::hours(8); }

std::chrono::year_month_day day_of(Local time) {
  return std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time));
}

std::chrono::milliseconds since_midnight(Local time) {
  return time - std::chrono::floor<std::chrono::days>(time);
}

}  // namespace

std::string china_date(Millis time) {
  const auto day = day_of(local(time));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

std::string china_stamp(Millis time) {
  const auto day = day_of(local(time));
  const std::chrono::hh_mm_ss clock(since_midnight(local(time)));
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

int china_year(Millis time) { return static_cast<int>(day_of(local(time)).year()); }

int china_minute_of_day(Millis time) {
  return static_cast<int>(
      std::chrono::duration_cast<std::chrono::minutes>(since_midnight(local(time))).count());
}

}  // namespace beian::sandbox
