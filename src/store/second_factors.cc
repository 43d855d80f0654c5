#include "store/second_factors.h"

#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_column = "second_factors.secret";

constexpr std::string_view k_grants =
    "SELECT g.id, g.account_id, a.email_sealed, a.display_name, g.role, a.role, g.asked_by, "
    "b.display_name, g.asked_at, g.state, g.scope FROM role_grants g JOIN accounts a ON a.id = "
    "g.account_id "
    "LEFT JOIN accounts b ON b.id = g.asked_by ";

RoleGrant read_grant(const Row& row, const Keyring& keys) {
  RoleGrant g;
  g.id = row.integer(0);
  g.account_id = row.integer(1);
  g.email = unseal(keys, row.blob(2), "accounts.email", g.account_id);
  g.display_name = row.text(3);
  g.role = row.text(4);
  g.previous_role = row.text(5);
  g.asked_by = row.integer(6);
  g.asked_by_name = row.opt_text(7).value_or("");
  g.asked_at = row.integer(8);
  g.state = row.text(9);
  g.scope = scope_from_text(row.text(10));
  return g;
}

}  // namespace

bool put_second_factor(Tx& tx, const Keyring& keys, const SecondFactor& f) {
  return tx.execute(
             "INSERT INTO second_factors (account_id, kind, secret_sealed, made_at, last_step) "
             "VALUES ($1, $2, $3, $4, 0) ON CONFLICT (account_id) DO UPDATE SET "
             "kind = excluded.kind, secret_sealed = excluded.secret_sealed, "
             "made_at = excluded.made_at, last_step = 0 WHERE second_factors.confirmed_at IS NULL",
             {f.account_id, f.kind, seal(keys, f.secret, k_column, f.account_id), f.made_at}) == 1;
}

std::optional<SecondFactor> find_second_factor(Reader& reader, const Keyring& keys, Id account) {
  const auto row = reader.query_one(
      "SELECT kind, secret_sealed, made_at, confirmed_at, last_step FROM second_factors "
      "WHERE account_id = $1",
      {account});
  if (!row) return std::nullopt;
  return SecondFactor{
      account,         row->text(0),        unseal(keys, row->blob(1), k_column, account),
      row->integer(2), row->opt_integer(3), row->integer(4)};
}

bool has_second_factor(Reader& reader, Id account) {
  return reader
      .query_one("SELECT 1 FROM second_factors WHERE account_id = $1 AND confirmed_at IS NOT NULL",
                 {account})
      .has_value();
}

void confirm_second_factor(Tx& tx, Id account, Millis now) {
  tx.execute("UPDATE second_factors SET confirmed_at = $2 WHERE account_id = $1", {account, now});
}

bool take_step(Tx& tx, Id account, std::int64_t step) {
  return tx.execute(
             "UPDATE second_factors SET last_step = $2 WHERE account_id = $1 AND last_step < $2",
             {account, step}) == 1;
}

void remove_second_factor(Tx& tx, Id account) {
  tx.execute("DELETE FROM second_factors WHERE account_id = $1", {account});
  tx.execute("DELETE FROM recovery_codes WHERE account_id = $1", {account});
}

void replace_recovery_codes(Tx& tx, Id account, const std::vector<std::string>& codes) {
  tx.execute("DELETE FROM recovery_codes WHERE account_id = $1", {account});
  for (const std::string& code : codes)
    tx.execute("INSERT INTO recovery_codes (code_hash, account_id) VALUES ($1, $2)",
               {Blob{sha256(code)}, account});
}

bool spend_recovery_code(Tx& tx, Id account, const std::string& code, Millis now) {
  return tx.execute(
             "UPDATE recovery_codes SET used_at = $3 WHERE code_hash = $1 AND account_id = $2 "
             "AND used_at IS NULL",
             {Blob{sha256(code)}, account, now}) == 1;
}

std::int64_t count_recovery_codes(Reader& reader, Id account) {
  return reader
      .query_one("SELECT COUNT(*) FROM recovery_codes WHERE account_id = $1 AND used_at IS NULL",
                 {account})
      ->integer(0);
}

void insert_role_grant(Tx& tx, const RoleGrant& g) {
  tx.execute(
      "INSERT INTO role_grants (id, account_id, role, asked_by, asked_at, state, scope) "
      "VALUES ($1, $2, $3, $4, $5, 'open', $6)",
      {g.id, g.account_id, g.role, g.asked_by, g.asked_at, to_text(g.scope)});
}

std::optional<RoleGrant> find_role_grant(Reader& reader, const Keyring& keys, Id id) {
  const auto row = reader.query_one(std::string(k_grants) + "WHERE g.id = $1", {id});
  if (!row) return std::nullopt;
  return read_grant(*row, keys);
}

std::vector<RoleGrant> open_role_grants(Reader& reader, const Keyring& keys) {
  std::vector<RoleGrant> out;
  for (const Row& row :
       reader.query(std::string(k_grants) + "WHERE g.state = 'open' ORDER BY g.id LIMIT 200"))
    out.push_back(read_grant(row, keys));
  return out;
}

bool decide_role_grant(Tx& tx, Id id, std::string_view state, Id by, Millis now) {
  return tx.execute(
             "UPDATE role_grants SET state = $2, decided_by = $3, decided_at = $4 "
             "WHERE id = $1 AND state = 'open'",
             {id, std::string(state), by, now}) == 1;
}

}  // namespace beian::store
