#include "store/queues.h"

#include "store/counters.h"
#include "store/sealed.h"

namespace beian::store {

const std::vector<Queue> k_queues = {
    Queue::mine,         Queue::unassigned,      Queue::initial_review,
    Queue::photo_review, Queue::overdue,         Queue::waiting_applicant,
    Queue::at_bureau,    Queue::bureau_returned, Queue::approved,
    Queue::all,
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
    case Queue::waiting_applicant:
      return "waiting_applicant";
    case Queue::at_bureau:
      return "at_bureau";
    case Queue::bureau_returned:
      return "bureau_returned";
    case Queue::overdue:
      return "overdue";
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

namespace {

constexpr std::string_view k_select =
    "SELECT f.id, f.kind, f.state, f.turn, f.title_sealed, f.nature, f.province, f.assignee_id, "
    "a.display_name, f.assigned_at, f.state_since, f.due_at, f.round, f.version, "
    "s.domain FROM (";
constexpr std::string_view k_join =
    ") f LEFT JOIN accounts a ON a.id = f.assignee_id "
    "LEFT JOIN filing_sites s ON s.filing_id = f.id ORDER BY f.state_since, f.id, s.ord";

// States of a queue that is a list of states; empty for the others.
std::vector<State> states_of(Queue queue) {
  switch (queue) {
    case Queue::initial_review:
      return {State::initial_review};
    case Queue::photo_review:
      return {State::photo_review};
    case Queue::waiting_applicant:
      return {State::initial_returned, State::verification};
    case Queue::at_bureau:
      return {State::ready, State::sending, State::sms_pending, State::bureau_review};
    case Queue::bureau_returned:
      return {State::bureau_returned};
    case Queue::approved:
      return {State::approved};
    default:
      return {};
  }
}

std::vector<QueueRow> read_rows(const std::vector<Row>& rows, const Keyring& keys) {
  std::vector<QueueRow> out;
  for (const Row& row : rows) {
    if (out.empty() || out.back().id != row.integer(0)) {
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
      out.push_back(std::move(r));
    }
    if (auto domain = row.opt_text(14); domain && !domain->empty())
      out.back().domains.push_back(*domain);
  }
  return out;
}

// One branch per state keeps each on its own index range; the outer ORDER BY merges short lists.
std::string page_of(const std::string& where, const std::string& within) {
  return "SELECT * FROM (SELECT * FROM filings WHERE " + where + within +
         " AND (state_since > $1 OR (state_since = $1 AND id > $2)) ORDER BY state_since, id LIMIT "
         "$3) p";
}

// The filings of a queue as conditions, one for each range of an index; `place` is where whose it
// is, or the time, stands among the parameters.
std::vector<std::string> conditions_of(Queue queue, const std::string& place) {
  std::vector<std::string> out;
  if (queue == Queue::mine) {
    out = {"assignee_id = " + place};
  } else if (queue == Queue::unassigned) {
    out = {"assignee_id IS NULL AND state = 'initial_review'",
           "assignee_id IS NULL AND state = 'photo_review'"};
  } else if (queue == Queue::overdue) {
    out = {"turn = 'staff' AND due_at < " + place};
  } else if (queue == Queue::all) {
    out = {"1 = 1"};
  } else {
    for (State state : states_of(queue))
      out.push_back("state = '" + std::string(to_string(state)) + "'");
  }
  return out;
}

std::string inner_sql(Queue queue, const std::string& within) {
  std::string sql;
  for (const std::string& where : conditions_of(queue, "$4"))
    sql += (sql.empty() ? "" : " UNION ALL ") + page_of(where, within);
  return sql;
}

// What somebody with a scope sees cannot be a kept total: counted, over the same ranges.
std::int64_t count_within(Reader& reader, Queue queue, Id viewer, const StaffScope& scope,
                          Millis now) {
  std::int64_t n = 0;
  for (const std::string& where : conditions_of(queue, "$1")) {
    Params params;
    if (queue == Queue::mine) params.emplace_back(viewer);
    if (queue == Queue::overdue) params.emplace_back(now);
    const std::string within = scope_condition(scope, "", params);
    std::string counted = where;
    if (queue == Queue::mine) counted += " AND state IN ('initial_review', 'photo_review')";
    n += reader.query_one("SELECT COUNT(*) FROM filings WHERE " + counted + within, params)
             ->integer(0);
  }
  return n;
}

}  // namespace

std::vector<QueueRow> list_queue(Reader& reader, const Keyring& keys, const QueueQuery& q) {
  Params params{q.after_since, q.after_id, std::int64_t{q.limit}};
  if (q.queue == Queue::mine) params.push_back(q.viewer);
  if (q.queue == Queue::overdue) params.push_back(q.now);
  const std::string within = scope_condition(q.scope, "", params);
  const std::string sql = std::string(k_select) + "SELECT * FROM (" + inner_sql(q.queue, within) +
                          ") u ORDER BY state_since, id LIMIT $3" + std::string(k_join);
  return read_rows(reader.query(sql, params), keys);
}

std::vector<QueueRow> search_filings(Reader& reader, const Keyring& keys, const std::string& text,
                                     const StaffScope& scope, int limit) {
  const Id id = id_from_string(text).value_or(0);
  Params params{id, text, std::int64_t{limit}};
  const std::string inner =
      "SELECT * FROM filings WHERE (id = $1 OR id IN (SELECT filing_id FROM filing_sites WHERE "
      "domain = $2)) "
      "AND state <> 'draft'" +
      scope_condition(scope, "", params) + " ORDER BY state_since, id LIMIT $3";
  return read_rows(reader.query(std::string(k_select) + inner + std::string(k_join), params), keys);
}

std::int64_t count_queue(Reader& reader, Queue queue, Id viewer, const StaffScope& scope,
                         Millis now) {
  if (!scope.is_whole()) return count_within(reader, queue, viewer, scope, now);
  switch (queue) {
    case Queue::mine:
      return count_assigned_to(reader, viewer);
    case Queue::unassigned:
      return count_unassigned(reader, State::initial_review) +
             count_unassigned(reader, State::photo_review);
    case Queue::all:
      return count_all(reader);
    case Queue::overdue:
      // Bounded by an index range: what is overdue is what somebody should have done already.
      return reader
          .query_one("SELECT COUNT(*) FROM filings WHERE turn = 'staff' AND due_at < $1", {now})
          ->integer(0);
    default:
      break;
  }
  std::int64_t n = 0;
  for (State state : states_of(queue)) n += count_state(reader, state);
  return n;
}

std::optional<Id> next_unassigned(Reader& reader, const std::vector<State>& states,
                                  const StaffScope& scope) {
  std::optional<Id> best;
  Millis since = 0;
  for (State state : states) {
    Params params{std::string(to_string(state))};
    const std::string within = scope_condition(scope, "", params);
    auto row = reader.query_one(
        "SELECT id, state_since FROM filings WHERE state = $1 AND assignee_id IS NULL" + within +
            " ORDER BY state_since, id LIMIT 1",
        params);
    if (row && (!best || row->integer(1) < since)) {
      best = row->integer(0);
      since = row->integer(1);
    }
  }
  return best;
}

}  // namespace beian::store
