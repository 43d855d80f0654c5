// Counts kept beside the rows they count, in the same transaction, so that a queue's exact total is
// one point read however many filings there are.
#pragma once

#include <optional>
#include <string>

#include "base/ids.h"
#include "db/db.h"
#include "filing/vocabulary.h"

namespace beian::store {

// Where a filing stands, as far as queues count it.
struct QueueStanding {
  State state;
  std::optional<Id> assignee;
  bool operator==(const QueueStanding&) const = default;
};

// Moves the filing from one standing to another; nullopt for "not there before".
void move_counters(Tx& tx, const std::optional<QueueStanding>& from, const QueueStanding& to);
std::int64_t count_state(Reader& reader, State state);
std::int64_t count_unassigned(Reader& reader, State state);
std::int64_t count_assigned_to(Reader& reader, Id assignee);
std::int64_t count_all(Reader& reader);
// The same by counting rows: for `beian check` and tests.
bool counters_agree(Reader& reader);

}  // namespace beian::store
