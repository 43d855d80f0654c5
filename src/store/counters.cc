#include "store/counters.h"

#include <tuple>

namespace beian::store {
namespace {

// A filing counts among somebody's own only while it waits for staff.
bool waits_for_staff(State state) {
  return state == State::initial_review || state == State::photo_review;
}

using Key = std::tuple<std::string, std::string, std::string, std::int64_t>;

std::map<Key, std::int64_t> keys_of(const QueueStanding& s) {
  std::map<Key, std::int64_t> out;
  const auto add = [&](const std::string& list) { out[{list, s.province, s.kind, s.nature}] = 1; };
  add(list_of_state(s.state));
  if (waits_for_staff(s.state))
    add(s.assignee ? list_of_assignee(*s.assignee) : list_of_free(s.state));
  if (s.overdue) add(k_list_overdue);
  return out;
}

// " AND …" for what is set, its values behind `params`.
std::string narrowed(const CountFilter& filter, Params& params) {
  std::string sql;
  const auto next = [&](Value value) {
    params.push_back(std::move(value));
    return "$" + std::to_string(params.size());
  };
  if (!filter.provinces.empty()) {
    std::string list;
    for (const std::string& province : filter.provinces)
      list += (list.empty() ? "" : ", ") + next(province);
    sql += " AND province IN (" + list + ")";
  }
  if (filter.kind) sql += " AND kind = " + next(std::string(to_string(*filter.kind)));
  if (filter.nature) sql += " AND nature = " + next(*filter.nature);
  return sql;
}

}  // namespace

std::string list_of_state(State state) { return "state/" + std::string(to_string(state)); }
std::string list_of_free(State state) { return "unassigned/" + std::string(to_string(state)); }
std::string list_of_assignee(Id assignee) { return "assigned/" + id_to_string(assignee); }

void move_counters(Tx& tx, const std::optional<QueueStanding>& from, const QueueStanding& to) {
  std::map<Key, std::int64_t> change = keys_of(to);
  if (from)
    for (const auto& [key, n] : keys_of(*from)) change[key] -= n;
  // In the order of keys, so that two nodes never wait for each other crosswise.
  for (const auto& [key, n] : change)
    if (n != 0)
      tx.execute(
          "INSERT INTO queue_counters (list, province, kind, nature, n) VALUES ($1, $2, $3, $4, "
          "$5) "
          "ON CONFLICT (list, province, kind, nature) DO UPDATE SET n = queue_counters.n + "
          "excluded.n",
          {std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key), n});
}

std::int64_t count_list(Reader& reader, const std::string& list, const CountFilter& filter) {
  Params params{list};
  const std::string more = narrowed(filter, params);
  return reader
      .query_one(
          "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM queue_counters WHERE list = $1" + more,
          params)
      ->integer(0);
}

std::map<std::string, std::int64_t> count_lists(Reader& reader, Id assignee,
                                                const CountFilter& filter) {
  Params params{list_of_assignee(assignee)};
  const std::string more = narrowed(filter, params);
  std::map<std::string, std::int64_t> out;
  for (const Row& row :
       reader.query("SELECT list, CAST(SUM(n) AS BIGINT) FROM queue_counters WHERE (list NOT LIKE "
                    "'assigned/%' OR list = $1)" +
                        more + " GROUP BY list",
                    params))
    out[row.text(0)] = row.integer(1);
  return out;
}

std::int64_t count_state(Reader& reader, State state) {
  return count_list(reader, list_of_state(state));
}

bool counters_agree(Reader& reader) {
  std::map<Key, std::int64_t> counted, kept;
  for (const Row& row : reader.query(
           "SELECT state, assignee_id, province, kind, nature, CASE WHEN overdue_since IS NULL "
           "THEN "
           "0 ELSE 1 END AS late, COUNT(*) FROM filings GROUP BY state, assignee_id, province, "
           "kind, nature, CASE WHEN overdue_since IS NULL THEN 0 ELSE 1 END")) {
    const auto state = state_from_string(row.text(0));
    if (!state) return false;
    for (const auto& [key, n] : keys_of({*state, row.opt_integer(1), row.text(2), row.text(3),
                                         row.integer(4), row.boolean(5)}))
      counted[key] += n * row.integer(6);
  }
  for (const Row& row :
       reader.query("SELECT list, province, kind, nature, n FROM queue_counters WHERE n <> 0"))
    kept[{row.text(0), row.text(1), row.text(2), row.integer(3)}] = row.integer(4);
  return counted == kept;
}

}  // namespace beian::store
