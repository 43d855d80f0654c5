#include "store/webhooks.h"

#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "id, account_id, url, secret_sealed, created_at, paused_at, pause_reason, failing_since";
constexpr std::string_view k_delivery_columns =
    "id, webhook_id, event_key, event, filing_id, body, state, attempts, last_status, last_error, "
    "created_at, next_at, delivered_at";

Webhook read_webhook(const Row& row, const Keyring& keys) {
  return {row.integer(0), row.integer(1),
          row.text(2),    unseal(keys, row.blob(3), "webhooks.secret", row.integer(0)),
          row.integer(4), row.opt_integer(5),
          row.text(6),    row.opt_integer(7)};
}

Delivery read_delivery(const Row& row) {
  return {row.integer(0),     row.integer(1), row.text(2),     row.text(3),
          row.opt_integer(4), row.text(5),    row.text(6),     row.integer(7),
          row.opt_integer(8), row.text(9),    row.integer(10), row.opt_integer(11),
          row.opt_integer(12)};
}

std::optional<Webhook> one_of(const std::optional<Row>& row, const Keyring& keys) {
  if (!row) return std::nullopt;
  return read_webhook(*row, keys);
}

}  // namespace

void insert_webhook(Tx& tx, const Keyring& keys, const Webhook& w) {
  tx.execute(
      "INSERT INTO webhooks (id, account_id, url, secret_sealed, created_at, pause_reason) "
      "VALUES ($1, $2, $3, $4, $5, '')",
      {w.id, w.account_id, w.url, seal(keys, w.secret, "webhooks.secret", w.id), w.created_at});
}

std::vector<Webhook> list_webhooks(Reader& reader, const Keyring& keys, Id account) {
  std::vector<Webhook> out;
  for (const Row& row : reader.query("SELECT " + std::string(k_columns) +
                                         " FROM webhooks WHERE account_id = $1 AND removed_at IS "
                                         "NULL ORDER BY id",
                                     {account}))
    out.push_back(read_webhook(row, keys));
  return out;
}

std::optional<Webhook> find_webhook(Reader& reader, const Keyring& keys, Id account, Id id) {
  return one_of(reader.query_one("SELECT " + std::string(k_columns) +
                                     " FROM webhooks WHERE id = $1 AND account_id = $2 AND "
                                     "removed_at IS NULL",
                                 {id, account}),
                keys);
}

std::optional<Webhook> find_any_webhook(Reader& reader, const Keyring& keys, Id id) {
  return one_of(reader.query_one("SELECT " + std::string(k_columns) +
                                     " FROM webhooks WHERE id = $1 AND removed_at IS NULL",
                                 {id}),
                keys);
}

bool remove_webhook(Tx& tx, Id account, Id id, Millis now) {
  return tx.execute(
             "UPDATE webhooks SET removed_at = $3 WHERE id = $2 AND account_id = $1 AND removed_at "
             "IS NULL",
             {account, id, now}) == 1;
}

void pause_webhook(Tx& tx, Id id, Millis now, const std::string& reason) {
  tx.execute("UPDATE webhooks SET paused_at = $2, pause_reason = $3 WHERE id = $1",
             {id, now, reason});
}

void resume_webhook(Tx& tx, Id id) {
  tx.execute(
      "UPDATE webhooks SET paused_at = NULL, pause_reason = '', failing_since = NULL WHERE id = $1",
      {id});
}

void note_webhook_trouble(Tx& tx, Id id, std::optional<Millis> failing_since) {
  tx.execute("UPDATE webhooks SET failing_since = $2 WHERE id = $1", {id, or_null(failing_since)});
}

bool insert_delivery(Tx& tx, const Delivery& d) {
  return tx.execute(
             "INSERT INTO webhook_deliveries (id, webhook_id, event_key, event, filing_id, body, "
             "state, attempts, last_error, created_at, next_at) "
             "VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, '', $7, $7) "
             "ON CONFLICT (webhook_id, event_key) DO NOTHING",
             {d.id, d.webhook_id, d.key, d.event, or_null(d.filing_id), d.body, d.created_at}) == 1;
}

std::optional<Delivery> find_delivery(Reader& reader, Id id) {
  const auto row = reader.query_one(
      "SELECT " + std::string(k_delivery_columns) + " FROM webhook_deliveries WHERE id = $1", {id});
  if (!row) return std::nullopt;
  return read_delivery(*row);
}

std::vector<Delivery> list_deliveries(Reader& reader, Id webhook, Id before, int limit) {
  std::vector<Delivery> out;
  for (const Row& row :
       reader.query("SELECT " + std::string(k_delivery_columns) +
                        " FROM webhook_deliveries WHERE webhook_id = $1 AND "
                        "(CAST($2 AS BIGINT) = 0 OR id < $2) ORDER BY id DESC LIMIT $3",
                    {webhook, before, std::int64_t{limit}}))
    out.push_back(read_delivery(row));
  return out;
}

std::vector<Delivery> undelivered(Reader& reader, Id webhook, int limit) {
  std::vector<Delivery> out;
  for (const Row& row : reader.query("SELECT " + std::string(k_delivery_columns) +
                                         " FROM webhook_deliveries WHERE webhook_id = $1 AND state "
                                         "<> 'delivered' ORDER BY id LIMIT $2",
                                     {webhook, std::int64_t{limit}}))
    out.push_back(read_delivery(row));
  return out;
}

void note_delivery(Tx& tx, const Delivery& d) {
  tx.execute(
      "UPDATE webhook_deliveries SET state = $2, attempts = $3, last_status = $4, last_error = $5, "
      "next_at = $6, delivered_at = $7 WHERE id = $1",
      {d.id, d.state, d.attempts, or_null(d.last_status), d.last_error, or_null(d.next_at),
       or_null(d.delivered_at)});
}

void sweep_deliveries(Tx& tx, Millis before, int most) {
  tx.execute(
      "DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM webhook_deliveries WHERE "
      "created_at < $1 AND state <> 'waiting' ORDER BY created_at LIMIT $2)",
      {before, std::int64_t{most}});
}

}  // namespace beian::store
