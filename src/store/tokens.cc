#include "store/tokens.h"

#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "id, account_id, name, scopes, shown, created_at, expires_at, last_used_at";

ApiToken read_token(const Row& row) {
  return {row.integer(0), row.integer(1), row.text(2),    row.text(3),
          row.text(4),    row.integer(5), row.integer(6), row.opt_integer(7)};
}

// Of one account's key, so that an answer moved to another row does not open.
std::string context_of_answer(Id account, const std::string& key_hash) {
  return "idempotency.answer/" + id_to_string(account) + "/" + to_hex(key_hash);
}

}  // namespace

void insert_api_token(Tx& tx, const std::string& token, const ApiToken& t) {
  tx.execute(
      "INSERT INTO api_tokens (id, token_hash, account_id, name, scopes, shown, created_at, "
      "expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {t.id, Blob{sha256(token)}, t.account_id, t.name, t.scopes, t.shown, t.created_at,
       t.expires_at});
}

std::optional<ApiToken> find_api_token(Reader& reader, const std::string& token, Millis now) {
  const auto row = reader.query_one(
      "SELECT " + std::string(k_columns) +
          " FROM api_tokens WHERE token_hash = $1 AND revoked_at IS NULL AND expires_at > $2",
      {Blob{sha256(token)}, now});
  if (!row) return std::nullopt;
  return read_token(*row);
}

std::vector<ApiToken> list_api_tokens(Reader& reader, Id account, Millis now) {
  std::vector<ApiToken> out;
  for (const Row& row : reader.query("SELECT " + std::string(k_columns) +
                                         " FROM api_tokens WHERE account_id = $1 AND revoked_at IS "
                                         "NULL AND expires_at > $2 ORDER BY id DESC",
                                     {account, now}))
    out.push_back(read_token(row));
  return out;
}

std::int64_t count_api_tokens(Reader& reader, Id account, Millis now) {
  return reader
      .query_one(
          "SELECT COUNT(*) FROM api_tokens WHERE account_id = $1 AND revoked_at IS NULL AND "
          "expires_at > $2",
          {account, now})
      ->integer(0);
}

void touch_api_token(Tx& tx, Id id, Millis now) {
  tx.execute("UPDATE api_tokens SET last_used_at = $2 WHERE id = $1", {id, now});
}

bool revoke_api_token(Tx& tx, Id account, Id id, Millis now) {
  return tx.execute(
             "UPDATE api_tokens SET revoked_at = $3 WHERE id = $2 AND account_id = $1 AND "
             "revoked_at IS NULL",
             {account, id, now}) == 1;
}

bool begin_once(Tx& tx, Id account, const std::string& key_hash, const std::string& fingerprint,
                Millis now) {
  return tx.execute(
             "INSERT INTO idempotency (account_id, key_hash, fingerprint, created_at) "
             "VALUES ($1, $2, $3, $4) ON CONFLICT (account_id, key_hash) DO NOTHING",
             {account, Blob{key_hash}, Blob{fingerprint}, now}) == 1;
}

std::optional<KeptAnswer> find_once(Reader& reader, const Keyring& keys, Id account,
                                    const std::string& key_hash) {
  const auto row = reader.query_one(
      "SELECT fingerprint, status, content_type, answer_sealed, created_at FROM idempotency "
      "WHERE account_id = $1 AND key_hash = $2",
      {account, Blob{key_hash}});
  if (!row) return std::nullopt;
  KeptAnswer kept;
  kept.fingerprint = row->blob(0);
  kept.status = row->opt_integer(1);
  kept.content_type = row->opt_text(2).value_or("");
  if (const auto sealed = row->opt_blob(3))
    kept.body = keys.open(*sealed, context_of_answer(account, key_hash));
  kept.created_at = row->integer(4);
  return kept;
}

void keep_once(Tx& tx, const Keyring& keys, Id account, const std::string& key_hash,
               std::int64_t status, const std::string& content_type, const std::string& body) {
  tx.execute(
      "UPDATE idempotency SET status = $3, content_type = $4, answer_sealed = $5 "
      "WHERE account_id = $1 AND key_hash = $2",
      {account, Blob{key_hash}, status, content_type,
       Blob{keys.seal(body, context_of_answer(account, key_hash))}});
}

void forget_once(Tx& tx, Id account, const std::string& key_hash) {
  tx.execute("DELETE FROM idempotency WHERE account_id = $1 AND key_hash = $2",
             {account, Blob{key_hash}});
}

void sweep_once(Tx& tx, Millis before, int most) {
  for (const Row& row : tx.query("SELECT account_id, key_hash FROM idempotency WHERE created_at < "
                                 "$1 ORDER BY created_at LIMIT $2",
                                 {before, std::int64_t{most}}))
    forget_once(tx, row.integer(0), row.blob(1));
}

}  // namespace beian::store
