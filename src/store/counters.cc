#include "store/counters.h"

#include <map>

namespace beian::store {
namespace {

// A filing counts among somebody's own only while it waits for staff.
bool waits_for_staff(State state) {
  return state == State::initial_review || state == State::photo_review;
}

std::map<std::string, std::int64_t> names_of(const QueueStanding& s) {
  std::map<std::string, std::int64_t> out{{"all", 1},
                                          {"state/" + std::string(to_string(s.state)), 1}};
  if (waits_for_staff(s.state)) {
    if (s.assignee)
      out["assigned/" + id_to_string(*s.assignee)] = 1;
    else
      out["unassigned/" + std::string(to_string(s.state))] = 1;
  }
  return out;
}

std::int64_t read_counter(Reader& reader, const std::string& name) {
  auto row = reader.query_one("SELECT n FROM counters WHERE name = $1", {name});
  return row ? row->integer(0) : 0;
}

}  // namespace

void move_counters(Tx& tx, const std::optional<QueueStanding>& from, const QueueStanding& to) {
  std::map<std::string, std::int64_t> change = names_of(to);
  if (from)
    for (const auto& [name, n] : names_of(*from)) change[name] -= n;
  // In the order of names, so that two nodes never wait for each other crosswise.
  for (const auto& [name, n] : change)
    if (n != 0)
      tx.execute(
          "INSERT INTO counters (name, n) VALUES ($1, $2) "
          "ON CONFLICT (name) DO UPDATE SET n = counters.n + excluded.n",
          {name, n});
}

std::int64_t count_state(Reader& reader, State state) {
  return read_counter(reader, "state/" + std::string(to_string(state)));
}
std::int64_t count_unassigned(Reader& reader, State state) {
  return read_counter(reader, "unassigned/" + std::string(to_string(state)));
}
std::int64_t count_assigned_to(Reader& reader, Id assignee) {
  return read_counter(reader, "assigned/" + id_to_string(assignee));
}
std::int64_t count_all(Reader& reader) { return read_counter(reader, "all"); }

bool counters_agree(Reader& reader) {
  std::map<std::string, std::int64_t> counted, kept;
  for (const Row& row : reader.query(
           "SELECT state, assignee_id, COUNT(*) FROM filings GROUP BY state, assignee_id")) {
    const auto state = state_from_string(row.text(0));
    if (!state) return false;
    for (const auto& [name, n] : names_of({*state, row.opt_integer(1)}))
      counted[name] += n * row.integer(2);
  }
  for (const Row& row : reader.query("SELECT name, n FROM counters WHERE n <> 0"))
    kept[row.text(0)] = row.integer(1);
  return counted == kept;
}

}  // namespace beian::store
