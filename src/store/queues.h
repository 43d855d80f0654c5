// The staff's named queues: one page at a time, longest waiting first, with exact totals.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"
#include "filing/vocabulary.h"
#include "store/scopes.h"

namespace beian::store {

enum class Queue {
  mine,
  unassigned,
  initial_review,
  photo_review,
  waiting_applicant,
  at_bureau,
  bureau_returned,
  overdue,
  approved,
  all,
};
std::string_view to_string(Queue);
std::optional<Queue> queue_from_string(std::string_view);
extern const std::vector<Queue> k_queues;

struct QueueRow {
  Id id = 0;
  Kind kind;
  State state;
  std::string turn;
  std::string title;  // opened
  std::int64_t nature = 0;
  std::string province;
  std::vector<std::string> domains;
  std::optional<Id> assignee_id;
  std::string assignee_name;
  std::optional<Millis> assigned_at;
  Millis state_since = 0;
  std::optional<Millis> due_at;
  std::int64_t round = 0, version = 0;
};

struct QueueQuery {
  Queue queue = Queue::all;
  Id viewer = 0;           // whose "mine"
  StaffScope scope;        // of the viewer: nothing else is listed
  Millis now = 0;          // for overdue
  Millis after_since = 0;  // keyset: the last row of the page before
  Id after_id = 0;
  int limit = 50;
};

std::vector<QueueRow> list_queue(Reader& reader, const Keyring& keys, const QueueQuery& query);
// Filings with this domain (exact) or id.
std::vector<QueueRow> search_filings(Reader& reader, const Keyring& keys, const std::string& text,
                                     const StaffScope& scope, int limit);
std::int64_t count_queue(Reader& reader, Queue queue, Id viewer, const StaffScope& scope,
                         Millis now);
// The longest-waiting filing nobody has, in one of these states.
std::optional<Id> next_unassigned(Reader& reader, const std::vector<State>& states,
                                  const StaffScope& scope);

}  // namespace beian::store
