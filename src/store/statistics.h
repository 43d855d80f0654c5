// The daily numbers: what happened on one day, read from the events, and the sums of any period,
// read from what was rolled up (service/statistics.h does the rolling). Days are days in China.
//
// measure    item                        what is counted
// step       action/from_state           steps of the life cycle
// first      pass_initial, …             the first decision of a stage on a filing
// reason     by/code/field               corrections asked for; a website's key is written *
// reviewer   account/action              decisions and calls of one person
// message    channel/notice/state        mails and short messages
// queue      state/band                  filings under way when the day was last looked at
// and as waits: step (state), way (total, ours, applicant, bureau), reviewer (account).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct Counted {
  std::string measure, province, kind, item;
  std::int64_t n = 0;
};
struct Waited {
  std::string measure, province, kind, item;
  std::string elapsed, working;  // packed WaitHistograms
};

// One event of a day, with what it means for the numbers.
struct Happening {
  Id filing_id = 0;
  Millis at = 0;
  std::string province, kind, actor, action, from_state;  // from_state empty: no change of state
  std::optional<Id> actor_id;
  std::optional<Millis> entered_at;  // the state that it ends
  std::optional<Millis> claimed_at;  // by the same person
  bool decided_before = false;       // this stage of this filing
};
// In the order they happened; all of [from, until).
std::vector<Happening> happenings(Reader& reader, Millis from, Millis until);

// The changes of state of one filing: when, and which state began.
struct Passage {
  Millis at = 0;
  std::string to_state;
};
std::vector<Passage> passages_of(Reader& reader, Id filing);

std::vector<Counted> count_corrections(Reader& reader, Millis from, Millis until);
std::vector<Counted> count_messages(Reader& reader, Millis from, Millis until);
// Filings that wait for somebody, by state and the number of `edges` (newest first) they are older
// than.
std::vector<Counted> count_waiting_by_age(Reader& reader, const std::vector<Millis>& edges);
std::optional<Millis> first_event_at(Reader& reader);

// Takes the place of what was there of these measures and this day.
void put_day(Tx& tx, const std::string& day, const std::vector<std::string>& measures,
             const std::vector<Counted>& counts, const std::vector<Waited>& waits, Millis now);
// When each day from `from` on was last rolled up: (day, time), by day.
std::vector<std::pair<std::string, Millis>> rolled_days(Reader& reader, const std::string& from);

struct Period {
  std::string from, until;          // days, both of them in it
  std::string province, kind;       // empty: all
  std::vector<std::string> within;  // provinces somebody may see at all; none: all
};
enum class Grouping { whole, by_day, by_province };
struct Sum {
  std::string group, item;  // group: the day, the province, or empty
  std::int64_t n = 0;
};
std::vector<Sum> sums_of(Reader& reader, const Period& period, const std::string& measure,
                         Grouping grouping);
std::vector<Waited> waits_of(Reader& reader, const Period& period, const std::string& measure);
// The latest day of the period on which the queues were looked at; empty for none.
std::string last_queue_day(Reader& reader, const Period& period);

}  // namespace beian::store
