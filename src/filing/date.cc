#include "filing/date.h"

#include <cstdio>

namespace beian {
namespace {

constexpr Millis k_day_ms = 24LL * 60 * 60 * 1000;
constexpr Millis k_shanghai_ms = 8LL * 60 * 60 * 1000;

int digits(std::string_view text) {
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = digits(text.substr(0, 4));
  const int month = digits(text.substr(5, 2));
  const int day = digits(text.substr(8, 2));
  if (year < 1800 || year > 2999 || month < 1 || day < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return Day(date);
}

std::string day_to_string(Day day) {
  const std::chrono::year_month_day date(day);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

Day shanghai_day(Millis time) {
  const Millis local = time + k_shanghai_ms;
  const Millis days = local >= 0 ? local / k_day_ms : -((-local + k_day_ms - 1) / k_day_ms);
  return Day(std::chrono::days(days));
}

Millis shanghai_midnight(Day day) {
  return static_cast<Millis>(day.time_since_epoch().count()) * k_day_ms - k_shanghai_ms;
}

int age_on(Day birth, Day today) {
  const std::chrono::year_month_day from(birth);
  const std::chrono::year_month_day to(today);
  int age = static_cast<int>(to.year()) - static_cast<int>(from.year());
  if (to.month() < from.month() || (to.month() == from.month() && to.day() < from.day())) --age;
  return age;
}

Day add_months(Day day, int months) {
  const std::chrono::year_month_day date(day);
  const auto month =
      std::chrono::year_month(date.year(), date.month()) + std::chrono::months(months);
  const std::chrono::year_month_day same(month.year(), month.month(), date.day());
  if (same.ok()) return Day(same);
  return Day(
      std::chrono::year_month_day_last(month.year(), std::chrono::month_day_last(month.month())));
}

}  // namespace beian
