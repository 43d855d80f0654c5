// Jobs as an administrator looks at them: how many wait, run, fail or were given up, and which.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/jobs.h"

namespace beian::store {

// waiting: never failed. running: leased now. failing: failed, tried again by itself. given_up: by
// an administrator; never done unless asked for again.
struct JobCount {
  std::string kind, state;
  std::int64_t n = 0;
  Millis next_at = 0;  // of the first one
};
std::vector<JobCount> count_jobs(Reader& reader, Millis now);

struct JobRow {
  Job job;
  std::string state;
};
struct JobQuery {
  std::string kind, state;  // empty: all
  std::vector<Id> ids;      // none: all
  Id after = 0;
  int limit = 50;
};
std::vector<JobRow> list_jobs(Reader& reader, const JobQuery& query, Millis now);

// Each false when somebody is doing it right now, or it is gone.
bool retry_job_now(Tx& tx, Id job, Millis now);
bool give_up_job(Tx& tx, Id job, Millis now);
// What an administrator gave up before `before`.
std::int64_t remove_given_up(Tx& tx, Millis before, int limit);

}  // namespace beian::store
