#include "store/dispatch.h"

#include "store/counters.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

std::vector<Order> read_orders(const std::vector<Row>& rows, const Keyring& keys) {
  std::vector<Order> out;
  for (const Row& row : rows)
    out.push_back(
        {read_backdrop(row, keys), row.text(k_backdrop_width), row.text(k_backdrop_width + 1)});
  return out;
}

std::string select_orders() {
  return "SELECT " + backdrop_columns("b.") +
         ", f.state, f.province FROM backdrops b JOIN filings f ON f.id = b.filing_id ";
}

}  // namespace

std::vector<Order> list_orders(Reader& reader, const Keyring& keys, const OrderQuery& q) {
  const std::int64_t limit = q.limit;
  if (!q.q.empty()) {
    Params params{id_from_string(q.q).value_or(0), q.q, limit};
    const std::string within = scope_condition(q.scope, "f", params);
    return read_orders(reader.query(select_orders() +
                                        "WHERE (b.id = $1 OR b.filing_id = $1 OR b.id IN (SELECT "
                                        "backdrop_id FROM backdrop_parcels WHERE tracking_number = "
                                        "$2))" +
                                        within + " ORDER BY b.id DESC LIMIT $3",
                                    params),
                       keys);
  }
  const bool oldest_first = q.state == "requested";
  const std::string after =
      q.after_id == 0 ? ""
      : oldest_first  ? "AND (b.requested_at > $3 OR (b.requested_at = $3 AND b.id > $4)) "
                      : "AND (b.requested_at < $3 OR (b.requested_at = $3 AND b.id < $4)) ";
  Params params{q.state, limit};
  if (!after.empty()) {
    params.push_back(q.after_at);
    params.push_back(q.after_id);
  }
  const std::string within = scope_condition(q.scope, "f", params);
  const std::string order =
      oldest_first ? "ORDER BY b.requested_at, b.id" : "ORDER BY b.requested_at DESC, b.id DESC";
  return read_orders(reader.query(select_orders() + "WHERE b.state = $1 " + after + within + " " +
                                      order + " LIMIT $2",
                                  params),
                     keys);
}

std::vector<Order> find_orders(Reader& reader, const Keyring& keys, const StaffScope& scope,
                               const std::vector<Id>& ids) {
  std::vector<Order> out;
  for (const Id id : ids) {
    Params params{id};
    const std::string within = scope_condition(scope, "f", params);
    for (Order& order :
         read_orders(reader.query(select_orders() + "WHERE b.id = $1" + within, params), keys))
      out.push_back(std::move(order));
  }
  return out;
}

std::int64_t count_orders(Reader& reader, const StaffScope& scope, const std::string& state) {
  Params params{state};
  const std::string within = scope.is_whole()
                                 ? ""
                                 : " AND EXISTS (SELECT 1 FROM filings f WHERE f.id = filing_id" +
                                       scope_condition(scope, "f", params) + ")";
  return reader.query_one("SELECT COUNT(*) FROM backdrops WHERE state = $1" + within, params)
      ->integer(0);
}

bool claim_tracking(Tx& tx, const std::string& tracking_number, Id backdrop, Millis now) {
  return tx.execute(
             "INSERT INTO backdrop_parcels (tracking_number, backdrop_id, at) VALUES ($1, $2, $3) "
             "ON CONFLICT (tracking_number) DO NOTHING",
             {tracking_number, backdrop, now}) == 1;
}

void give_up_tracking(Tx& tx, const std::string& tracking_number, Id backdrop) {
  tx.execute("DELETE FROM backdrop_parcels WHERE tracking_number = $1 AND backdrop_id = $2",
             {tracking_number, backdrop});
}

std::optional<Id> order_of_tracking(Reader& reader, const std::string& tracking_number) {
  const auto row = reader.query_one(
      "SELECT backdrop_id FROM backdrop_parcels WHERE tracking_number = $1", {tracking_number});
  return row ? std::optional<Id>(row->integer(0)) : std::nullopt;
}

bool end_order(Tx& tx, Id id, const std::string& from, const std::string& to,
               const std::string& reason, Millis now) {
  const auto of = tx.query(
      "UPDATE backdrops SET state = $3, end_reason = $4, ended_at = $5 WHERE id = $1 AND state = "
      "$2 RETURNING filing_id",
      {id, from, to, reason, now});
  if (of.empty()) return false;
  refresh_to_post(tx, of.front().integer(0));
  return true;
}

void set_order_kind(Tx& tx, Id id, const std::string& kind, const std::optional<Id>& again_of) {
  tx.execute("UPDATE backdrops SET kind = $2, again_of = $3 WHERE id = $1",
             {id, kind, or_null(again_of)});
}

void mark_printed(Tx& tx, Id id, Millis now) {
  tx.execute("UPDATE backdrops SET printed_at = $2 WHERE id = $1", {id, now});
}

std::vector<Stock> list_stock(Reader& reader) {
  std::vector<Stock> out;
  for (const Row& row : reader.query("SELECT kind, n, low FROM backdrop_stock ORDER BY kind"))
    out.push_back({row.text(0), row.integer(1), row.integer(2)});
  return out;
}

std::vector<StockMove> list_moves(Reader& reader, int limit) {
  std::vector<StockMove> out;
  for (const Row& row : reader.query(
           "SELECT m.id, m.kind, m.at, m.by_id, COALESCE(a.display_name, ''), m.reason, m.delta, "
           "m.n, m.backdrop_id, m.note FROM backdrop_moves m LEFT JOIN accounts a ON a.id = "
           "m.by_id ORDER BY m.id DESC LIMIT $1",
           {std::int64_t{limit}}))
    out.push_back({row.integer(0), row.text(1), row.integer(2), row.integer(3), row.text(4),
                   row.text(5), row.integer(6), row.integer(7), row.opt_integer(8), row.text(9)});
  return out;
}

bool move_stock(Tx& tx, StockMove move, const std::optional<std::int64_t>& counted,
                std::int64_t low) {
  const auto row =
      tx.query_one("SELECT n FROM backdrop_stock WHERE kind = $1 FOR UPDATE", {move.kind});
  if (!row && !counted) return false;
  const std::int64_t before = row ? row->integer(0) : 0;
  move.n = counted ? *counted : before + move.delta;
  move.delta = move.n - before;
  tx.execute(
      "INSERT INTO backdrop_stock (kind, n, low) VALUES ($1, $2, $3) ON CONFLICT (kind) DO UPDATE "
      "SET n = EXCLUDED.n, low = EXCLUDED.low",
      {move.kind, move.n, low});
  tx.execute(
      "INSERT INTO backdrop_moves (id, kind, at, by_id, reason, delta, n, backdrop_id, note) "
      "VALUES "
      "($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {new_id(), move.kind, move.at, move.by_id, move.reason, move.delta, move.n,
       or_null(move.backdrop_id), move.note});
  return true;
}

}  // namespace beian::store
