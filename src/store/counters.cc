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
  if (s.to_post) add(k_list_to_post);
  return out;
}

using CustomerKey = std::tuple<Id, std::string, std::string>;

std::map<CustomerKey, std::int64_t> customer_keys_of(const QueueStanding& s) {
  std::map<CustomerKey, std::int64_t> out;
  for (const auto& [key, n] : keys_of(s))
    if (!std::get<0>(key).starts_with("assigned/"))
      out[{s.account, std::get<0>(key), s.province}] = n;
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

std::optional<QueueStanding> standing_of(Reader& reader, Id filing) {
  const auto row = reader.query_one(
      "SELECT state, assignee_id, province, kind, nature, overdue_since, account_id, to_post FROM "
      "filings WHERE id = $1 FOR UPDATE",
      {filing});
  if (!row) return std::nullopt;
  return QueueStanding{state_from_string(row->text(0)).value(),
                       row->opt_integer(1),
                       row->text(2),
                       row->text(3),
                       row->integer(4),
                       row->opt_integer(5).has_value(),
                       row->integer(6),
                       row->boolean(7)};
}

void move_counters(Tx& tx, const std::optional<QueueStanding>& from, const QueueStanding& to) {
  std::map<Key, std::int64_t> change = keys_of(to);
  std::map<CustomerKey, std::int64_t> of_customer = customer_keys_of(to);
  if (from) {
    for (const auto& [key, n] : keys_of(*from)) change[key] -= n;
    for (const auto& [key, n] : customer_keys_of(*from)) of_customer[key] -= n;
  }
  std::map<std::pair<std::string, std::string>, std::int64_t> total;
  for (const auto& [key, n] : change) total[{std::get<0>(key), std::get<1>(key)}] += n;
  // In the order of keys, so that two nodes never wait for each other crosswise.
  for (const auto& [key, n] : change)
    if (n != 0)
      tx.execute(
          "INSERT INTO queue_counts (list, province, kind, nature, n) VALUES ($1, $2, $3, $4, $5) "
          "ON CONFLICT (list, province, kind, nature) DO UPDATE SET n = queue_counts.n + "
          "excluded.n",
          {std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key), n});
  for (const auto& [key, n] : total)
    if (n != 0)
      tx.execute(
          "INSERT INTO queue_totals (list, province, n) VALUES ($1, $2, $3) ON CONFLICT (list, "
          "province) DO UPDATE SET n = queue_totals.n + excluded.n",
          {key.first, key.second, n});
  for (const auto& [key, n] : of_customer)
    if (n != 0)
      tx.execute(
          "INSERT INTO customer_totals (account_id, list, province, n) VALUES ($1, $2, $3, $4) ON "
          "CONFLICT (account_id, list, province) DO UPDATE SET n = customer_totals.n + excluded.n",
          {std::get<0>(key), std::get<1>(key), std::get<2>(key), n});
}

void refresh_to_post(Tx& tx, Id filing) {
  const auto before = standing_of(tx, filing);
  if (!before) return;
  QueueStanding after = *before;
  after.to_post =
      tx.query_one("SELECT 1 FROM backdrops WHERE filing_id = $1 AND state = 'requested' LIMIT 1",
                   {filing})
          .has_value();
  if (after.to_post == before->to_post) return;
  tx.execute("UPDATE filings SET to_post = $2 WHERE id = $1",
             {filing, std::int64_t{after.to_post ? 1 : 0}});
  move_counters(tx, before, after);
}

std::int64_t count_list(Reader& reader, const std::string& list, const CountFilter& filter) {
  Params params{list};
  const std::string more = narrowed(filter, params);
  // The keys of the totals are fewer.
  const char* from = filter.kind || filter.nature ? "queue_counts" : "queue_totals";
  return reader
      .query_one("SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM " + std::string(from) +
                     " WHERE list = $1" + more,
                 params)
      ->integer(0);
}

std::map<State, std::int64_t> count_states(Reader& reader, const std::vector<State>& states,
                                           const CountFilter& filter) {
  Params params;
  std::string lists;
  std::map<std::string, State> names;
  for (const State state : states) {
    names[list_of_state(state)] = state;
    params.emplace_back(list_of_state(state));
    lists += (lists.empty() ? "$" : ", $") + std::to_string(params.size());
  }
  const std::string more = narrowed(filter, params);
  const char* from = filter.kind || filter.nature ? "queue_counts" : "queue_totals";
  std::map<State, std::int64_t> out;
  if (states.empty()) return out;
  for (const Row& row :
       reader.query("SELECT list, CAST(SUM(n) AS BIGINT) FROM " + std::string(from) +
                        " WHERE list IN (" + lists + ")" + more + " GROUP BY list",
                    params))
    out[names.at(row.text(0))] = row.integer(1);
  return out;
}

std::map<std::string, std::int64_t> count_lists(Reader& reader,
                                                const std::vector<std::string>& lists,
                                                const std::vector<std::string>& provinces,
                                                const std::vector<Id>& customers) {
  Params params;
  const auto among = [&](const auto& values) {
    std::string out;
    for (const auto& value : values) {
      params.emplace_back(value);
      out += (out.empty() ? "$" : ", $") + std::to_string(params.size());
    }
    return " IN (" + out + ")";
  };
  std::string where = "list" + among(lists);
  if (!provinces.empty()) where += " AND province" + among(provinces);
  if (!customers.empty()) where += " AND account_id" + among(customers);
  std::map<std::string, std::int64_t> out;
  for (const Row& row :
       reader.query("SELECT list, CAST(SUM(n) AS BIGINT) FROM " +
                        std::string(customers.empty() ? "queue_totals" : "customer_totals") +
                        " WHERE " + where + " GROUP BY list",
                    params))
    out[row.text(0)] = row.integer(1);
  return out;
}

std::int64_t count_state(Reader& reader, State state) {
  return count_list(reader, list_of_state(state));
}

namespace {

// Each kept table, and the rows that it should have by counting.
struct Kept {
  const char* table;
  const char* columns;
  std::string counted;  // columns and n
};

std::vector<Kept> kept_tables() {
  // What a filing is counted in: the list, and which filings are in it.
  const std::string ours = "state IN ('initial_review', 'photo_review') AND assignee_id IS ";
  const std::vector<std::pair<std::string, std::string>> lists = {
      {"'state/' || state", "1 = 1"},
      {"'unassigned/' || state", ours + "NULL"},
      {"'overdue'", "overdue_since IS NOT NULL"},
      {"'to_post'", "to_post = 1"},
      {"'assigned/' || assignee_id", ours + "NOT NULL"}};
  const auto counted = [&](const std::string& key, std::size_t how_many) {
    std::string out;
    for (std::size_t i = 0; i < how_many; ++i)
      out += (i == 0 ? "" : " UNION ALL ") + std::string("SELECT ") + lists[i].first +
             " AS list, " + key + " FROM filings WHERE " + lists[i].second;
    return "SELECT list, " + key + ", COUNT(*) AS n FROM (" + out + ") x GROUP BY list, " + key;
  };
  return {{"queue_counts", "list, province, kind, nature",
           counted("province, kind, nature", lists.size())},
          {"queue_totals", "list, province", counted("province", lists.size())},
          {"customer_totals", "list, account_id, province",
           counted("account_id, province", lists.size() - 1)}};
}

}  // namespace

bool counters_agree(Reader& reader) {
  for (const Kept& kept : kept_tables()) {
    const std::string columns = std::string(kept.columns) + ", n";
    const std::string counted = "SELECT " + columns + " FROM (" + kept.counted + ") c",
                      known = "SELECT " + columns + " FROM " + kept.table + " WHERE n <> 0";
    for (const std::string& sql :
         {counted + " EXCEPT " + known + " LIMIT 1", known + " EXCEPT " + counted + " LIMIT 1"})
      if (!reader.query(sql).empty()) return false;
  }
  return true;
}

void recount(Tx& tx) {
  tx.execute(
      "UPDATE filings SET to_post = 1 WHERE to_post = 0 AND id IN (SELECT filing_id FROM backdrops "
      "WHERE state = 'requested')");
  for (const Kept& kept : kept_tables()) {
    tx.execute("DELETE FROM " + std::string(kept.table));
    tx.execute("INSERT INTO " + std::string(kept.table) + " (" + kept.columns + ", n) SELECT " +
               kept.columns + ", n FROM (" + kept.counted + ") c");
  }
}

}  // namespace beian::store
