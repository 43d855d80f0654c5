// How long things took, kept so that any number of days can be added up and still asked for a
// median: a histogram whose buckets grow by a tenth. A quantile is off by at most 5 percent.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "filing/calendar.h"

namespace beian {

class WaitHistogram {
 public:
  void add(Millis wait);  // less than a minute counts as half of one
  void add(const WaitHistogram& other);
  std::int64_t count() const;
  // What this share (0 to 1) of the waits did not exceed; nullopt of none.
  std::optional<Millis> quantile(double share) const;

  // "bucket:count bucket:count …", ascending; empty for none.
  std::string pack() const;
  // Throws std::runtime_error for anything that pack() does not write.
  static WaitHistogram unpack(std::string_view text);

 private:
  std::map<int, std::int64_t> buckets_;
};

// The part of a span that lies on working days, each of which has 24 hours; 0 when until <= from.
Millis working_time(const Calendar& calendar, Millis from, Millis until);
// The moment since which `days` whole working days have passed at `now`, counted back the same way.
Millis working_days_ago(const Calendar& calendar, Millis now, int days);

}  // namespace beian
