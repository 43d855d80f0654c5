#include "store/accounts.h"

#include "base/text.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "id, email_sealed, password_hash, role, display_name, state, locale, consent, created_at";

Account read_account(const Row& row, const Keyring& keys) {
  Account a;
  a.id = row.integer(0);
  a.email = unseal(keys, row.blob(1), "accounts.email", a.id);
  a.password_hash = row.text(2);
  a.role = role_from_string(row.text(3)).value_or(Role::applicant);
  a.display_name = row.text(4);
  a.state = row.text(5);
  a.locale = row.text(6);
  a.consent = row.text(7);
  a.created_at = row.integer(8);
  return a;
}

constexpr std::string_view k_session_columns =
    "id, account_id, csrf, created_at, last_seen_at, expires_at, device, ip";

Session read_session(const Row& row) {
  return Session{row.integer(0), row.integer(1), row.text(2), row.integer(3),
                 row.integer(4), row.integer(5), row.text(6), row.text(7)};
}

}  // namespace

std::string email_lookup(const Keyring& keys, std::string_view email) {
  return keys.lookup(to_lower_ascii(clean_line(email)), "accounts.email");
}

void insert_account(Tx& tx, const Keyring& keys, const Account& a) {
  tx.execute(
      "INSERT INTO accounts (id, email_lookup, email_sealed, password_hash, role, display_name, "
      "state, locale, consent, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {a.id, Blob{email_lookup(keys, a.email)}, seal(keys, a.email, "accounts.email", a.id),
       a.password_hash, std::string(to_string(a.role)), a.display_name, a.state, a.locale,
       a.consent, a.created_at});
}

std::optional<Account> find_account(Reader& reader, const Keyring& keys, Id id) {
  auto row =
      reader.query_one("SELECT " + std::string(k_columns) + " FROM accounts WHERE id = $1", {id});
  if (!row) return std::nullopt;
  return read_account(*row, keys);
}

std::optional<Account> find_account_by_email(Reader& reader, const Keyring& keys,
                                             std::string_view email) {
  auto row = reader.query_one(
      "SELECT " + std::string(k_columns) + " FROM accounts WHERE email_lookup = $1",
      {Blob{email_lookup(keys, email)}});
  if (!row) return std::nullopt;
  return read_account(*row, keys);
}

std::vector<Account> list_staff(Reader& reader, const Keyring& keys) {
  std::vector<Account> out;
  for (const Row& row : reader.query("SELECT " + std::string(k_columns) +
                                     " FROM accounts WHERE role <> 'applicant' ORDER BY id"))
    out.push_back(read_account(row, keys));
  return out;
}

void set_account_state(Tx& tx, Id id, std::string_view state) {
  tx.execute("UPDATE accounts SET state = $1 WHERE id = $2", {std::string(state), id});
}

void set_password(Tx& tx, Id id, const std::string& password_hash) {
  tx.execute("UPDATE accounts SET password_hash = $1 WHERE id = $2", {password_hash, id});
}

void set_role(Tx& tx, Id id, Role role) {
  tx.execute("UPDATE accounts SET role = $1 WHERE id = $2", {std::string(to_string(role)), id});
}

void set_consent(Tx& tx, Id id, const std::string& version) {
  tx.execute("UPDATE accounts SET consent = $1 WHERE id = $2", {version, id});
}

Millis locked_until(Reader& reader, const std::string& lookup) {
  auto row =
      reader.query_one("SELECT locked_until FROM login_failures WHERE lookup = $1", {Blob{lookup}});
  return row ? row->integer(0) : 0;
}

void count_login_failure(Tx& tx, const std::string& lookup, std::int64_t limit, Millis now,
                         Millis window, Millis lock) {
  // A count that began before the window starts anew.
  auto row = tx.query_one(
      "INSERT INTO login_failures (lookup, failed, first_at, locked_until) VALUES ($1, 1, $2, 0) "
      "ON CONFLICT (lookup) DO UPDATE SET "
      "failed = CASE WHEN login_failures.first_at < $3 THEN 1 ELSE login_failures.failed + 1 END, "
      "first_at = CASE WHEN login_failures.first_at < $3 THEN $2 ELSE login_failures.first_at END "
      "RETURNING failed",
      {Blob{lookup}, now, now - window});
  if (row->integer(0) >= limit)
    tx.execute("UPDATE login_failures SET locked_until = $2, failed = 0 WHERE lookup = $1",
               {Blob{lookup}, now + lock});
}

void clear_login_failures(Tx& tx, const std::string& lookup) {
  tx.execute("DELETE FROM login_failures WHERE lookup = $1", {Blob{lookup}});
}

void insert_token(Tx& tx, const std::string& token, Id account, std::string_view purpose,
                  Millis expires_at) {
  tx.execute(
      "INSERT INTO account_tokens (token_hash, account_id, purpose, expires_at) "
      "VALUES ($1, $2, $3, $4)",
      {Blob{sha256(token)}, account, std::string(purpose), expires_at});
}

std::optional<Id> spend_token(Tx& tx, const std::string& token, std::string_view purpose,
                              Millis now) {
  auto row = tx.query_one(
      "UPDATE account_tokens SET used_at = $3 WHERE token_hash = $1 AND purpose = $2 "
      "AND used_at IS NULL AND expires_at > $3 RETURNING account_id",
      {Blob{sha256(token)}, std::string(purpose), now});
  if (!row) return std::nullopt;
  return row->integer(0);
}

void insert_session(Tx& tx, const std::string& secret, const Session& s) {
  tx.execute(
      "INSERT INTO sessions (id_hash, id, account_id, csrf, created_at, last_seen_at, expires_at, "
      "device, ip) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {Blob{sha256(secret)}, s.id, s.account_id, s.csrf, s.created_at, s.last_seen_at, s.expires_at,
       s.device, s.ip});
}

std::optional<Session> find_session(Reader& reader, const std::string& secret, Millis now) {
  auto row = reader.query_one("SELECT " + std::string(k_session_columns) +
                                  " FROM sessions WHERE id_hash = $1 AND expires_at > $2",
                              {Blob{sha256(secret)}, now});
  if (!row) return std::nullopt;
  return read_session(*row);
}

void touch_session(Tx& tx, const std::string& secret, Millis now, Millis expires_at) {
  tx.execute("UPDATE sessions SET last_seen_at = $2, expires_at = $3 WHERE id_hash = $1",
             {Blob{sha256(secret)}, now, expires_at});
}

std::vector<Session> list_sessions(Reader& reader, Id account, Millis now) {
  std::vector<Session> out;
  for (const Row& row : reader.query("SELECT " + std::string(k_session_columns) +
                                         " FROM sessions WHERE account_id = $1 AND expires_at > $2 "
                                         "ORDER BY last_seen_at DESC",
                                     {account, now}))
    out.push_back(read_session(row));
  return out;
}

bool end_session(Tx& tx, Id account, Id session) {
  return tx.execute("DELETE FROM sessions WHERE account_id = $1 AND id = $2", {account, session}) >
         0;
}

void end_session_by_secret(Tx& tx, const std::string& secret) {
  tx.execute("DELETE FROM sessions WHERE id_hash = $1", {Blob{sha256(secret)}});
}

void end_all_sessions(Tx& tx, Id account) {
  tx.execute("DELETE FROM sessions WHERE account_id = $1", {account});
}

std::int64_t remove_expired(Tx& tx, Millis now) {
  constexpr Millis k_keep_used_tokens = 24LL * 3600 * 1000;
  return tx.execute("DELETE FROM sessions WHERE expires_at <= $1", {now}) +
         tx.execute("DELETE FROM login_failures WHERE locked_until <= $1 AND first_at <= $2",
                    {now, now - k_keep_used_tokens}) +
         tx.execute("DELETE FROM account_tokens WHERE expires_at <= $1",
                    {now - k_keep_used_tokens});
}

}  // namespace beian::store
