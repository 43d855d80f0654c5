#include "store/queues.h"

#include <algorithm>

#include "store/queue_sql.h"
#include "store/sealed.h"

namespace beian::store {

const std::vector<Queue> k_queues = {
    Queue::mine,      Queue::unassigned,      Queue::initial_review,    Queue::photo_review,
    Queue::overdue,   Queue::to_post,         Queue::waiting_applicant, Queue::to_hand_over,
    Queue::at_bureau, Queue::bureau_returned, Queue::approved,          Queue::all,
};

std::string_view to_string(Queue queue) {
  switch (queue) {
    case Queue::mine:
      return "mine";
    case Queue::unassigned:
      return "unassigned";
    case Queue::initial_review:
      return "initial_review";
    case Queue::photo_review:
      return "photo_review";
    case Queue::overdue:
      return "overdue";
    case Queue::waiting_applicant:
      return "waiting_applicant";
    case Queue::to_post:
      return "to_post";
    case Queue::to_hand_over:
      return "to_hand_over";
    case Queue::at_bureau:
      return "at_bureau";
    case Queue::bureau_returned:
      return "bureau_returned";
    case Queue::approved:
      return "approved";
    case Queue::all:
      return "all";
  }
  return "all";
}

std::optional<Queue> queue_from_string(std::string_view text) {
  for (Queue queue : k_queues)
    if (to_string(queue) == text) return queue;
  return std::nullopt;
}

std::string_view to_string(QueueOrder order) {
  switch (order) {
    case QueueOrder::urgent:
      return "urgent";
    case QueueOrder::oldest:
      return "oldest";
    case QueueOrder::newest:
      return "newest";
  }
  return "oldest";
}

std::optional<QueueOrder> queue_order_from_string(std::string_view text) {
  for (QueueOrder order : {QueueOrder::urgent, QueueOrder::oldest, QueueOrder::newest})
    if (to_string(order) == text) return order;
  return std::nullopt;
}

bool has_order(Queue queue, QueueOrder order) {
  return order != QueueOrder::urgent || (queue != Queue::approved && queue != Queue::all);
}

namespace {

constexpr std::string_view k_columns =
    "SELECT f.id, f.kind, f.state, f.turn, f.title_sealed, f.nature, f.province, f.assignee_id, "
    "a.display_name, f.assigned_at, f.state_since, f.due_at, f.round, f.version, f.findings, "
    "f.overdue_since, f.organiser_number, f.account_id, s.domain FROM filings f LEFT JOIN accounts "
    "a ON a.id = "
    "f.assignee_id LEFT JOIN filing_sites s ON s.filing_id = f.id WHERE f.id IN (";

QueueRow read_row(const Row& row, const Keyring& keys) {
  QueueRow r{};
  r.id = row.integer(0);
  r.kind = kind_from_string(row.text(1)).value();
  r.state = state_from_string(row.text(2)).value();
  r.turn = row.text(3);
  r.title = unseal(keys, row.blob(4), "filings.title", r.id);
  r.nature = row.integer(5);
  r.province = row.text(6);
  r.assignee_id = row.opt_integer(7);
  r.assignee_name = row.opt_text(8).value_or("");
  r.assigned_at = row.opt_integer(9);
  r.state_since = row.integer(10);
  r.due_at = row.opt_integer(11);
  r.round = row.integer(12);
  r.version = row.integer(13);
  r.findings = row.integer(14);
  r.overdue_since = row.opt_integer(15);
  r.organiser_number = row.opt_text(16).value_or("");
  r.account_id = row.integer(17);
  return r;
}

// The approved ones are many: narrowed by the index of whatever the counts say is rarest.
std::string rarest_of(Reader& reader, const QueueFilter& filter) {
  std::string best;
  std::int64_t least = 0;
  const auto look = [&](const char* column, const CountFilter& one) {
    const std::int64_t n = count_list(reader, list_of_state(State::approved), one);
    if (!best.empty() && n >= least) return;
    best = column;
    least = n;
  };
  if (!filter.provinces.empty()) look("province", {filter.provinces, {}, {}});
  if (filter.kind) look("kind", {{}, filter.kind, {}});
  if (filter.nature) look("nature", {{}, {}, filter.nature});
  return best;
}

QueueSql sql_of(Reader& reader, const QueueQuery& query) {
  const std::vector<State> states = states_of(query.queue);
  const QueueFilter& filter = query.filter;
  QueuePlan plan;
  if (std::ranges::count(states, State::approved) != 0 && filter.customers.empty())
    plan.approved_by = rarest_of(reader, filter);
  if (filter.kind || filter.nature || !filter.provinces.empty()) {
    auto counts = count_states(reader, states, filter);
    for (const State state : states)
      if (counts[state] == 0) plan.without.insert(state);
  }
  return QueueSql(query, std::move(plan));
}

}  // namespace

std::vector<QueueRow> find_queue_rows(Reader& reader, const Keyring& keys,
                                      const std::vector<Id>& ids) {
  if (ids.empty()) return {};
  Params params;
  std::string list;
  for (Id id : ids) {
    params.push_back(id);
    list += (list.empty() ? "$" : ", $") + std::to_string(params.size());
  }
  std::map<Id, QueueRow> found;
  for (const Row& row :
       reader.query(std::string(k_columns) + list +
                        ") AND f.state NOT IN ('draft', 'expired') ORDER BY f.id, s.ord",
                    params)) {
    const auto [at, is_new] = found.try_emplace(row.integer(0));
    if (is_new) at->second = read_row(row, keys);
    if (auto domain = row.opt_text(18); domain && !domain->empty())
      at->second.domains.push_back(*domain);
  }
  std::vector<QueueRow> out;
  for (Id id : ids)
    if (const auto at = found.find(id); at != found.end()) out.push_back(std::move(at->second));
  return out;
}

std::vector<QueueRow> list_queue(Reader& reader, const Keyring& keys, const QueueQuery& query) {
  // Nothing to look for among a million where the counts say that there is nothing.
  if (query.filter.is_counted() && count_queue(reader, query).n == 0) return {};
  const QueueSql sql = sql_of(reader, query);
  if (sql.empty()) return {};
  std::vector<Id> ids;
  for (const Row& row : reader.query(sql.page(), sql.params())) ids.push_back(row.integer(0));
  return find_queue_rows(reader, keys, ids);
}

QueuePlace place_of(const QueueRow& row) {
  return {row.due_at.value_or(k_no_due), row.state_since, row.id};
}

namespace {

// The kept lists that a queue is made of.
std::vector<std::string> lists_of(Queue queue, Id viewer) {
  if (queue == Queue::mine) return {list_of_assignee(viewer)};
  if (queue == Queue::overdue) return {k_list_overdue};
  if (queue == Queue::to_post) return {k_list_to_post};
  std::vector<std::string> out;
  for (const State state : states_of(queue))
    out.push_back(queue == Queue::unassigned ? list_of_free(state) : list_of_state(state));
  return out;
}

std::int64_t count_rows(Reader& reader, QueueQuery query, int at_most) {
  query.after.reset();
  query.limit = at_most;
  const QueueSql sql = sql_of(reader, query);
  return sql.empty() ? 0 : reader.query_one(sql.count(), sql.params())->integer(0);
}

}  // namespace

QueueTotal count_queue(Reader& reader, const QueueQuery& query) {
  const QueueFilter& filter = query.filter;
  const bool by_customer = !filter.customers.empty() && !filter.kind && !filter.nature &&
                           !filter.since_before && filter.findings == 0 &&
                           query.queue != Queue::mine;
  if (!filter.is_counted() && !by_customer) {
    const std::int64_t n = count_rows(reader, query, static_cast<int>(k_count_at_most) + 1);
    return {std::min(n, k_count_at_most), n > k_count_at_most};
  }
  std::int64_t n = 0;
  const auto lists = lists_of(query.queue, query.viewer);
  if (filter.kind || filter.nature)
    for (const std::string& list : lists) n += count_list(reader, list, filter);
  else
    for (const auto& [list, count] : count_lists(reader, lists, filter.provinces, filter.customers))
      n += count;
  return {n};
}

std::map<Queue, std::int64_t> count_queues(Reader& reader, Id viewer, const StaffScope& scope) {
  std::vector<std::string> lists;
  for (const Queue queue : k_queues)
    for (std::string& list : lists_of(queue, viewer)) lists.push_back(std::move(list));
  auto counts = count_lists(reader, lists, scope.provinces, scope.customers);
  std::map<Queue, std::int64_t> out;
  for (const Queue queue : k_queues)
    for (const std::string& list : lists_of(queue, viewer)) out[queue] += counts[list];
  // What somebody has of some customers' is no kept list, and short.
  if (!scope.customers.empty()) {
    QueueFilter filter;
    filter.provinces = scope.provinces;
    filter.customers = scope.customers;
    out[Queue::mine] =
        count_rows(reader, {Queue::mine, viewer, filter, QueueOrder::urgent, {}, 0}, /*at_most=*/0);
  }
  return out;
}

namespace {

struct Range {
  std::string where;
  Params params;
};

// A range of an index for each state, and for each of a few provinces; among those of a customer
// the first is looked for. `person` is $1.
std::vector<Range> ranges_of(const StaffScope& scope, State state, Id person) {
  const std::string name = "'" + std::string(to_string(state)) + "'";
  const std::string free = "state = " + name +
                           " AND state IN ('initial_review', 'photo_review') AND assignee_id IS "
                           "NULL";
  if (!scope.customers.empty()) {  // the state hidden, whose index would be taken for its order
    Params params{person};
    const std::string within = scope_condition(scope, "filings", params);
    return {
        {"COALESCE(state, '') = " + name + " AND assignee_id IS NULL" + within, std::move(params)}};
  }
  if (scope.provinces.empty()) return {{free, {person}}};
  std::vector<Range> out;
  for (const std::string& province : scope.provinces)
    out.push_back({"province = $2 AND " + free, {person, province}});
  return out;
}

}  // namespace

std::optional<Id> next_unassigned(Tx& tx, const std::vector<State>& states, const NextFor& whom) {
  const std::string due(k_due_expression);
  std::optional<Id> best;
  std::pair<Millis, Millis> first;
  for (State state : states) {
    for (const Range& range : ranges_of(whom.scope, state, whom.person)) {
      const auto row = tx.query_one(
          "SELECT id, " + due + ", state_since FROM filings WHERE " + range.where +
              " AND NOT EXISTS (SELECT 1 FROM second_opinions o WHERE o.filing_id = filings.id AND "
              "o.round = filings.round AND o.state = filings.state AND o.first_by = $1) ORDER BY " +
              due + ", state_since, id LIMIT 1 FOR UPDATE SKIP LOCKED",
          range.params);
      if (!row) continue;
      const std::pair key{row->integer(1), row->integer(2)};
      if (best && first <= key) continue;
      best = row->integer(0);
      first = key;
    }
  }
  return best;
}

}  // namespace beian::store
