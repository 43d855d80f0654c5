// Working days by the State Council's yearly notice (data/calendar/<year>.json) and the limits that
// run in them (data/deadlines.json).
#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "filing/date.h"

namespace beian {

namespace json = boost::json;

class Calendar {
 public:
  // One document per year. Throws std::runtime_error naming the fault.
  static Calendar from_json(const std::vector<json::value>& years);

  // Without a notice for its year a day works from Monday to Friday.
  bool is_working_day(Day day) const;
  // The n-th working day after `day` (n >= 1).
  Day add_working_days(Day day, int n) const;
  // Working days in (from, to]; 0 when to <= from.
  int working_days_between(Day from, Day to) const;
  // False where the year has no official notice yet: dates in it may still move.
  bool is_official(int year) const;

 private:
  struct Year {
    bool provisional = false;
    std::set<Day> off;
    std::set<Day> on;
  };
  std::map<int, Year> years_;
};

enum class Unit { working_days, days, hours };

struct Limit {
  Unit unit = Unit::working_days;
  int limit = 0;
  std::optional<int> target;  // what the platform promises itself, shorter
  std::optional<int> remind;  // when to remind
  std::string source;
};

class Deadlines {
 public:
  static Deadlines from_json(const json::value& value);
  // Throws std::runtime_error for a name that data/deadlines.json does not define.
  const Limit& at(std::string_view name) const;

 private:
  std::map<std::string, Limit, std::less<>> limits_;
};

// The last moment of `amount` units from `start`: days end at midnight in China and the day of
// `start` does not count; hours run to the millisecond.
Millis due_at(const Calendar& calendar, Unit unit, int amount, Millis start);

}  // namespace beian
