#include "store/gate.h"

#include "base/text.h"

namespace beian::store {
namespace {

constexpr std::int64_t k_names_in_page = 20'000;

// Five million rows as values would cost more than all the rest of the start: the engine itself
// puts them together.
std::string_view page_sql(Engine engine) {
  if (engine == Engine::sqlite)
    return "SELECT group_concat(domain || ' ' || served_from, char(10)), MAX(domain), COUNT(*) "
           "FROM "
           "(SELECT domain, served_from FROM gate_names WHERE filed = 1 AND domain > $1 "
           "ORDER BY domain LIMIT $2)";
  return "SELECT string_agg(domain || ' ' || served_from, chr(10)), MAX(domain), COUNT(*) FROM "
         "(SELECT domain, served_from FROM gate_names WHERE filed = 1 AND domain > $1 "
         "ORDER BY domain LIMIT $2) AS page";
}

// The counter's row is locked until the commit, so whoever has seen a number has seen all below it.
// What stands already as it should is no change.
void put(Tx& tx, const std::string& domain, bool filed, const std::string& addresses) {
  const auto known =
      tx.query_one("SELECT filed, served_from FROM gate_names WHERE domain = $1", {domain});
  if (known && (known->integer(0) != 0) == filed && known->text(1) == addresses) return;
  const auto row = tx.query_one(
      "INSERT INTO gate_position (id, n) VALUES (1, 1) "
      "ON CONFLICT (id) DO UPDATE SET n = gate_position.n + 1 RETURNING n");
  tx.execute(
      "INSERT INTO gate_names (domain, filed, served_from, position) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (domain) DO UPDATE SET filed = excluded.filed, "
      "served_from = excluded.served_from, position = excluded.position",
      {domain, std::int64_t{filed}, addresses, row->integer(0)});
}

}  // namespace

void open_gate(Tx& tx, const std::string& domain, const std::vector<std::string>& addresses) {
  put(tx, domain, true, join(addresses, " "));
}

void close_gate(Tx& tx, const std::string& domain) { put(tx, domain, false, ""); }

std::int64_t gate_position(Reader& reader) {
  const auto row = reader.query_one("SELECT n FROM gate_position WHERE id = 1");
  return row ? row->integer(0) : 0;
}

GateChanges gate_changes(Reader& reader, std::int64_t after, int limit) {
  GateChanges out;
  out.position = after;
  for (const Row& row : reader.query(
           "SELECT domain, served_from, filed, position FROM gate_names WHERE position > $1 "
           "ORDER BY position LIMIT $2",
           {after, std::int64_t{limit}})) {
    out.names.push_back({row.text(0), row.text(1), row.boolean(2)});
    out.position = row.integer(3);
  }
  out.more = out.names.size() == static_cast<std::size_t>(limit);
  return out;
}

std::int64_t count_gate_names(Reader& reader) {
  return reader.query_one("SELECT COUNT(*) FROM gate_names WHERE filed = 1")->integer(0);
}

void each_gate_page(Db& db, const std::function<void(std::string page, std::int64_t names)>& use) {
  const std::string_view sql = page_sql(db.engine());
  std::string after;
  for (;;) {
    const auto row = db.read([&](Reader& reader) {
      return reader.query_one(sql, {after, k_names_in_page});
    });
    const std::int64_t names = row->integer(2);
    if (names > 0) {
      after = row->text(1);
      use(row->text(0), names);
    }
    if (names < k_names_in_page) return;
  }
}

}  // namespace beian::store
