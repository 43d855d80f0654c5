#include "store/settings.h"

#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_select =
    "SELECT c.id, c.name, c.value, c.note, c.by_id, a.display_name, c.at FROM setting_changes c "
    "LEFT JOIN accounts a ON a.id = c.by_id ";

SettingChange read_change(const Row& row) {
  return {row.integer(0), row.text(1),    row.opt_text(2),
          row.text(3),    row.integer(4), row.opt_text(5).value_or(""),
          row.integer(6)};
}

std::string select(std::string_view more) { return std::string(k_select) + std::string(more); }

}  // namespace

void insert_setting_change(Tx& tx, const SettingChange& c) {
  tx.execute(
      "INSERT INTO setting_changes (id, name, value, note, by_id, at) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      {c.id, c.name, or_null(c.value), c.note, c.by_id, c.at});
}

std::map<std::string, SettingChange> current_settings(Reader& reader) {
  std::map<std::string, SettingChange> out;
  for (const Row& row :
       reader.query(select("WHERE c.id IN (SELECT MAX(id) FROM setting_changes GROUP BY name)")))
    out.emplace(row.text(1), read_change(row));
  return out;
}

std::optional<SettingChange> latest_setting(Reader& reader, const std::string& name) {
  const auto row = reader.query_one(select("WHERE c.name = $1 ORDER BY c.id DESC LIMIT 1"), {name});
  if (!row) return std::nullopt;
  return read_change(*row);
}

std::vector<SettingChange> setting_history(Reader& reader, const std::string& name, int limit) {
  std::vector<SettingChange> out;
  for (const Row& row : reader.query(select("WHERE c.name = $1 ORDER BY c.id DESC LIMIT $2"),
                                     {name, std::int64_t{limit}}))
    out.push_back(read_change(row));
  return out;
}

Id latest_setting_change(Reader& reader) {
  const auto row = reader.query_one("SELECT MAX(id) FROM setting_changes");
  return row ? row->opt_integer(0).value_or(0) : 0;
}

std::vector<RunningClock> running_clocks(Reader& reader) {
  std::vector<RunningClock> out;
  for (const Row& row : reader.query("SELECT id, state, state_since, due_at, days_used FROM "
                                     "filings WHERE due_at IS NOT NULL AND state "
                                     "NOT IN ('approved', 'withdrawn', 'expired')"))
    if (const auto state = state_from_string(row.text(1)))
      out.push_back({row.integer(0), *state, row.integer(2), row.integer(3), row.integer(4)});
  return out;
}

void set_due(Tx& tx, Id filing, Millis due_at) {
  tx.execute("UPDATE filings SET due_at = $2, revision = revision + 1 WHERE id = $1",
             {filing, due_at});
}

}  // namespace beian::store
