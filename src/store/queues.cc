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
  QueueSql sql(query);
  if (std::ranges::count(states_of(query.queue), State::approved) != 0)
    sql.narrow_approved_by(rarest_of(reader, query.filter));
  return sql;
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
  if (query.filter.is_counted() && query.queue != Queue::to_post &&
      count_queue(reader, query).n == 0)
    return {};
  const QueueSql sql = sql_of(reader, query);
  if (sql.empty()) return {};
  std::vector<Id> ids;
  for (const Row& row : reader.query(sql.page(), sql.params())) ids.push_back(row.integer(0));
  return find_queue_rows(reader, keys, ids);
}

QueuePlace place_of(const QueueRow& row) {
  return {row.due_at.value_or(k_no_due), row.state_since, row.id};
}

QueueTotal count_queue(Reader& reader, const QueueQuery& query) {
  if (!query.filter.is_counted() || query.queue == Queue::to_post) {
    QueueQuery whole = query;
    whole.after.reset();
    whole.limit = static_cast<int>(k_count_at_most) + 1;
    const QueueSql sql = sql_of(reader, whole);
    if (sql.empty()) return {};
    const std::int64_t n = reader.query_one(sql.count(), sql.params())->integer(0);
    return {std::min(n, k_count_at_most), n > k_count_at_most};
  }
  std::int64_t n = 0;
  if (query.queue == Queue::mine)
    return {count_list(reader, list_of_assignee(query.viewer), query.filter)};
  if (query.queue == Queue::overdue) return {count_list(reader, k_list_overdue, query.filter)};
  for (State state : states_of(query.queue))
    n += count_list(reader,
                    query.queue == Queue::unassigned ? list_of_free(state) : list_of_state(state),
                    query.filter);
  return {n};
}

std::map<Queue, std::int64_t> count_queues(Reader& reader, Id viewer, const QueueFilter& filter) {
  if (!filter.is_counted()) {
    std::map<Queue, std::int64_t> out;
    for (Queue queue : k_queues)
      out[queue] = count_queue(reader, {queue, viewer, filter, QueueOrder::oldest, {}, 0}).n;
    return out;
  }
  auto lists = count_lists(reader, viewer, filter);
  std::map<Queue, std::int64_t> out;
  for (Queue queue : k_queues) {
    if (queue == Queue::to_post && filter.provinces.empty() && !filter.kind && !filter.nature) {
      out[queue] =
          reader
              .query_one(
                  "SELECT COUNT(DISTINCT filing_id) FROM backdrops WHERE state = 'requested'")
              ->integer(0);
    } else if (queue == Queue::to_post) {
      out[queue] = count_queue(reader, {queue, viewer, filter, QueueOrder::oldest, {}, 0}).n;
    } else if (queue == Queue::mine) {
      out[queue] = lists[list_of_assignee(viewer)];
    } else if (queue == Queue::overdue) {
      out[queue] = lists[k_list_overdue];
    } else {
      for (State state : states_of(queue))
        out[queue] +=
            lists[queue == Queue::unassigned ? list_of_free(state) : list_of_state(state)];
    }
  }
  return out;
}

std::optional<Id> next_unassigned(Tx& tx, const std::vector<State>& states, const NextFor& whom) {
  Params params{whom.person};
  // What is narrowed by is hidden from the planner, which would leave the index that gives the
  // order.
  std::string provinces;
  for (const std::string& province : whom.scope.provinces) {
    params.push_back(province);
    provinces += (provinces.empty() ? " AND COALESCE(province, '') IN ($" : ", $") +
                 std::to_string(params.size());
  }
  if (!provinces.empty()) provinces += ")";
  const std::string narrowed =
      provinces + scope_condition({{}, whom.scope.customers}, "filings", params) +
      " AND NOT EXISTS (SELECT 1 FROM second_opinions o WHERE o.filing_id = filings.id AND "
      "o.round = filings.round AND o.state = filings.state AND o.first_by = $1)";
  std::optional<Id> best;
  std::pair<Millis, Millis> first;
  for (State state : states) {
    const std::string due(k_due_expression);
    auto row = tx.query_one("SELECT id, " + due + ", state_since FROM filings WHERE state = '" +
                                std::string(to_string(state)) +
                                "' AND state IN ('initial_review', 'photo_review') AND assignee_id "
                                "IS NULL" +
                                narrowed + " ORDER BY " + due +
                                ", state_since, id LIMIT 1 FOR UPDATE SKIP LOCKED",
                            params);
    if (!row) continue;
    const std::pair key{row->integer(1), row->integer(2)};
    if (best && first <= key) continue;
    best = row->integer(0);
    first = key;
  }
  return best;
}

}  // namespace beian::store
