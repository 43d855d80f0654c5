// The staff's named queues: one page at a time in each order, exact totals, and what is handed out
// next. Every page reads ranges of indexes made for it (migrations/0010_queues.sql).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"
#include "filing/vocabulary.h"
#include "store/counters.h"
#include "store/scopes.h"

namespace beian::store {

enum class Queue {
  mine,
  unassigned,
  initial_review,
  photo_review,
  overdue,
  waiting_applicant,
  to_post,       // a backdrop was ordered and is not on its way yet
  to_hand_over,  // passed, and not yet taken by the bureau
  at_bureau,
  bureau_returned,
  approved,
  all,  // what was ever submitted, withdrawn ones too
};
std::string_view to_string(Queue);
std::optional<Queue> queue_from_string(std::string_view);
extern const std::vector<Queue> k_queues;

// urgent: what must be done first: overdue, then due soonest, then longest waiting.
enum class QueueOrder { urgent, oldest, newest };
std::string_view to_string(QueueOrder);
std::optional<QueueOrder> queue_order_from_string(std::string_view);
// `approved` and `all` know no urgency: most in them has no time limit.
bool has_order(Queue queue, QueueOrder order);

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
  std::int64_t findings = 0;
  std::optional<Millis> overdue_since;
  std::string organiser_number;
  Id account_id = 0;
};

struct QueueFilter : CountFilter {
  std::optional<Millis> since_before;  // in its state since before then
  std::int64_t findings = 0;           // at least so grave
  std::vector<Id> customers;           // of these accounts; none: of all
  // A count kept beside the rows says how many there are.
  bool is_counted() const { return !since_before && findings == 0 && customers.empty(); }
};

// Where a page ended: the last row's place in the order.
struct QueuePlace {
  Millis due = 0, since = 0;  // due only where the order is urgent
  Id id = 0;
};

struct QueueQuery {
  Queue queue = Queue::all;
  Id viewer = 0;  // whose "mine"
  QueueFilter filter;
  QueueOrder order = QueueOrder::oldest;
  std::optional<QueuePlace> after;
  int limit = 50;
};

std::vector<QueueRow> list_queue(Reader& reader, const Keyring& keys, const QueueQuery& query);
QueuePlace place_of(const QueueRow& row);

// Exact for what is counted (QueueFilter::is_counted); else counted up to `k_count_at_most`.
struct QueueTotal {
  std::int64_t n = 0;
  bool at_least = false;  // there are more
};
inline constexpr std::int64_t k_count_at_most = 1000;
QueueTotal count_queue(Reader& reader, const QueueQuery& query);
// All queues at once within somebody's scope, exactly.
std::map<Queue, std::int64_t> count_queues(Reader& reader, Id viewer, const StaffScope& scope);

// These filings, in the order given; whatever is not there (or still a draft) is left out.
std::vector<QueueRow> find_queue_rows(Reader& reader, const Keyring& keys,
                                      const std::vector<Id>& ids);

// The most urgent filing nobody has, in one of these states. Locks it, so that on PostgreSQL two
// who ask at once get two.
struct NextFor {
  StaffScope scope;
  Id person = 0;  // who was the first to pass a filing that needs two does not get it again
};
std::optional<Id> next_unassigned(Tx& tx, const std::vector<State>& states, const NextFor& whom);

}  // namespace beian::store
