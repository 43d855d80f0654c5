#include "store/queue_sql.h"

namespace beian::store {
namespace {

// Final states have no findings any more (move_filing).
bool is_over(State state) { return state == State::approved || state == State::withdrawn; }

// A range of the index for each; beyond, most of what is read passes anyway.
constexpr std::size_t k_most_provinces = 6;

}  // namespace

std::vector<State> states_of(Queue queue) {
  switch (queue) {
    case Queue::unassigned:
      return {State::initial_review, State::photo_review};
    case Queue::initial_review:
      return {State::initial_review};
    case Queue::photo_review:
      return {State::photo_review};
    case Queue::waiting_applicant:
      return {State::initial_returned, State::verification};
    case Queue::to_hand_over:
      return {State::ready, State::sending};
    case Queue::at_bureau:
      return {State::sms_pending, State::bureau_review};
    case Queue::bureau_returned:
      return {State::bureau_returned};
    case Queue::approved:
      return {State::approved};
    case Queue::all:
      return {State::initial_review,  State::initial_returned,
              State::verification,    State::photo_review,
              State::ready,           State::sending,
              State::sms_pending,     State::bureau_review,
              State::bureau_returned, State::approved,
              State::withdrawn};
    case Queue::mine:
    case Queue::overdue:
    case Queue::to_post:
      break;
  }
  return {};
}

std::string QueueSql::next(Value value) {
  params_.push_back(std::move(value));
  return "$" + std::to_string(params_.size());
}

// What is narrowed by stands in the index that gives the order, and is hidden from the planner,
// which would take another index for it and sort. `by` alone is left to be seen.
std::string QueueSql::filters(std::string_view by) {
  const QueueFilter& f = query_.filter;
  const auto column = [&](const char* name, const char* nothing) {
    if (by == name) return std::string(name);
    return "COALESCE(" + std::string(name) + ", " + nothing + ")";
  };
  std::string sql;
  if (!f.provinces.empty() && by != "province")
    sql += " AND " + column("province", "''") + among(f.provinces);
  if (f.kind) sql += " AND " + column("kind", "''") + " = " + next(std::string(to_string(*f.kind)));
  if (f.nature) sql += " AND " + column("nature", "0") + " = " + next(*f.nature);
  if (!f.customers.empty() && by != "account_id")
    sql += " AND " + column("account_id", "0") + among(f.customers);
  if (f.findings > 0) sql += " AND findings >= " + next(f.findings);
  // By urgency the index over due_at is wanted, not the range of state_since sorted afterwards.
  if (f.since_before)
    sql += std::string(query_.order == QueueOrder::urgent ? " AND state_since + 0"
                                                          : " AND state_since") +
           " < " + next(*f.since_before);
  return sql;
}

std::string QueueSql::behind_place() {
  if (!query_.after) return "";
  const std::string since = next(query_.after->since), id = next(query_.after->id);
  if (query_.order == QueueOrder::newest)
    return " AND state_since <= " + since + " AND (state_since < " + since + " OR id < " + id + ")";
  if (query_.order == QueueOrder::oldest)
    return " AND state_since >= " + since + " AND (state_since > " + since + " OR id > " + id + ")";
  const std::string due = next(query_.after->due), key(k_due_expression);
  return " AND " + key + " >= " + due + " AND (" + key + " > " + due + " OR state_since > " +
         since + " OR (state_since = " + since + " AND id > " + id + "))";
}

std::string QueueSql::in_order(std::string_view key) const {
  if (query_.order == QueueOrder::newest) return " ORDER BY state_since DESC, id DESC";
  if (query_.order == QueueOrder::oldest) return " ORDER BY state_since, id";
  return " ORDER BY " + std::string(key) + ", state_since, id";
}

// What some customers have, in all these states at once: one range for each of them, and since that
// is not much it is sorted. The state is hidden, whose index would be taken for its order.
void QueueSql::add_customers(const std::vector<State>& states) {
  if (states.empty()) return;
  std::string list;
  for (const State state : states)
    list += std::string(list.empty() ? "'" : ", '") + std::string(to_string(state)) + "'";
  std::string where =
      "account_id" + among(query_.filter.customers) + " AND COALESCE(state, '') IN (" + list + ")";
  if (query_.queue == Queue::unassigned) where += " AND assignee_id IS NULL";
  add(where, "account_id");
}

void QueueSql::add(const std::string& where, std::string_view by) {
  // due_at lies behind the content in the row: read only where it orders.
  const std::string due(query_.order == QueueOrder::urgent ? k_due_expression : "0");
  std::string sql = "SELECT id, state_since, " + due + " AS due FROM filings WHERE " + where +
                    filters(by) + behind_place() + in_order(k_due_expression);
  if (query_.limit > 0) sql += " LIMIT " + std::to_string(query_.limit);
  branches_.push_back("SELECT * FROM (" + sql + ") b" + std::to_string(branches_.size()));
}

// By the province where its own index gives the order.
void QueueSql::add_state(State state) {
  const QueueFilter& f = query_.filter;
  std::string where = "state = '" + std::string(to_string(state)) + "'";
  if (query_.queue == Queue::unassigned)
    where += " AND state IN ('initial_review', 'photo_review') AND assignee_id IS NULL";
  const bool by_province = query_.order != QueueOrder::urgent && !f.provinces.empty() &&
                           f.provinces.size() <= k_most_provinces;
  const bool approved = state == State::approved;
  if (by_province && (!approved || plan_.approved_by == "province")) {
    for (const std::string& province : f.provinces)
      add("province = " + next(province) + " AND " + where, "province");
    return;
  }
  add(where, approved && plan_.approved_by != "province" ? plan_.approved_by : "");
}

void QueueSql::build() {
  switch (query_.queue) {
    case Queue::mine:
      return add("assignee_id = " + next(query_.viewer));
    case Queue::overdue:
      return add("overdue_since IS NOT NULL");
    case Queue::to_post:
      return add("to_post = 1");
    default:
      break;
  }
  std::vector<State> states;
  for (const State state : states_of(query_.queue))
    if (!plan_.without.contains(state) && (query_.filter.findings == 0 || !is_over(state)))
      states.push_back(state);
  if (!query_.filter.customers.empty()) return add_customers(states);
  for (const State state : states) add_state(state);
}

std::string QueueSql::page() const {
  std::string sql;
  for (const std::string& branch : branches_) sql += (sql.empty() ? "" : " UNION ALL ") + branch;
  sql = "SELECT id FROM (" + sql + ") u" + in_order("due");
  return query_.limit > 0 ? sql + " LIMIT " + std::to_string(query_.limit) : sql;
}

std::string QueueSql::count() const {
  std::string sql;
  for (const std::string& branch : branches_) sql += (sql.empty() ? "" : " UNION ALL ") + branch;
  return "SELECT COUNT(*) FROM (" + sql + ") u";
}

}  // namespace beian::store
