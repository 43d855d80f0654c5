#include "filing/calendar.h"

#include "filing/data.h"

namespace beian {
namespace {

Day day_from(const json::value& value, const std::string& where) {
  const std::string text = data::text(value, where);
  const std::optional<Day> day = parse_day(text);
  if (!day) data::fault(where, "not a date: " + text);
  return *day;
}

int year_of(Day day) { return static_cast<int>(std::chrono::year_month_day(day).year()); }

Unit unit_from(const std::string& text, const std::string& where) {
  if (text == "working_days") return Unit::working_days;
  if (text == "days") return Unit::days;
  if (text == "hours") return Unit::hours;
  data::fault(where, "unknown unit \"" + text + "\"");
}

}  // namespace

Calendar Calendar::from_json(const std::vector<json::value>& years) {
  Calendar calendar;
  for (const json::value& value : years) {
    const json::object& object = data::object(value, "calendar");
    const int year =
        static_cast<int>(data::integer(data::member(object, "year", "calendar"), "calendar"));
    const std::string where = "calendar " + std::to_string(year);
    Year& entry = calendar.years_[year];
    entry.provisional = data::flag_or(object, "provisional", false, where);
    for (const json::value& holiday : data::array(data::member(object, "holidays", where), where)) {
      const json::object& members = data::object(holiday, where);
      const Day from = day_from(data::member(members, "from", where), where);
      const Day to = day_from(data::member(members, "to", where), where);
      if (to < from || year_of(from) != year || year_of(to) != year) {
        data::fault(where, "a holiday lies within the year and ends after it begins");
      }
      for (Day day = from; day <= to; day += std::chrono::days(1)) entry.off.insert(day);
    }
    for (const json::value& day : data::array(data::member(object, "working", where), where)) {
      entry.on.insert(day_from(day, where));
    }
  }
  return calendar;
}

bool Calendar::is_working_day(Day day) const {
  if (const auto year = years_.find(year_of(day)); year != years_.end()) {
    if (year->second.off.contains(day)) return false;
    if (year->second.on.contains(day)) return true;
  }
  const std::chrono::weekday weekday(day);
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

Day Calendar::add_working_days(Day day, int n) const {
  while (n > 0) {
    day += std::chrono::days(1);
    if (is_working_day(day)) --n;
  }
  return day;
}

int Calendar::working_days_between(Day from, Day to) const {
  int count = 0;
  for (Day day = from + std::chrono::days(1); day <= to; day += std::chrono::days(1)) {
    if (is_working_day(day)) ++count;
  }
  return count;
}

bool Calendar::is_official(int year) const {
  const auto found = years_.find(year);
  return found != years_.end() && !found->second.provisional;
}

Deadlines Deadlines::from_json(const json::value& value) {
  Deadlines deadlines;
  const json::object& object = data::object(value, "deadlines");
  for (const auto& [name, one] :
       data::object(data::member(object, "limits", "deadlines"), "deadlines")) {
    const std::string where = "deadline " + std::string(name);
    const json::object& members = data::object(one, where);
    Limit limit;
    limit.unit = unit_from(data::text_of(members, "unit", where), where);
    limit.limit = static_cast<int>(data::integer(data::member(members, "limit", where), where));
    if (limit.limit < 1) data::fault(where, "a limit is at least 1");
    if (members.contains("target")) {
      limit.target = static_cast<int>(data::integer_or(members, "target", 0, where));
    }
    if (members.contains("remind")) {
      limit.remind = static_cast<int>(data::integer_or(members, "remind", 0, where));
    }
    limit.source = data::text_of(members, "source", where);
    deadlines.limits_.emplace(name, std::move(limit));
  }
  return deadlines;
}

const Limit& Deadlines::at(std::string_view name) const {
  const auto found = limits_.find(name);
  if (found == limits_.end()) data::fault("deadlines", "no " + std::string(name));
  return found->second;
}

Millis due_at(const Calendar& calendar, Unit unit, int amount, Millis start) {
  if (unit == Unit::hours) return start + static_cast<Millis>(amount) * 60 * 60 * 1000;
  const Day from = shanghai_day(start);
  const Day last = unit == Unit::days ? from + std::chrono::days(amount)
                                      : calendar.add_working_days(from, amount);
  return shanghai_midnight(last + std::chrono::days(1)) - 1;
}

}  // namespace beian
