// Accounts, their mailed links and their sessions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"
#include "filing/vocabulary.h"

namespace beian::store {

struct Account {
  Id id = 0;
  std::string email;  // as typed at registration
  std::string password_hash;
  Role role = Role::applicant;
  std::string display_name;
  std::string state;  // pending, active, disabled
  std::string locale;
  std::string consent;
  Millis created_at = 0;
};

// The form of an address under which it is looked up: lower case, trimmed.
std::string email_lookup(const Keyring& keys, std::string_view email);

// Throws DbError{unique} when the address has an account.
void insert_account(Tx& tx, const Keyring& keys, const Account& account);
std::optional<Account> find_account(Reader& reader, const Keyring& keys, Id id);
std::optional<Account> find_account_by_email(Reader& reader, const Keyring& keys,
                                             std::string_view email);
std::vector<Account> list_staff(Reader& reader, const Keyring& keys);
void set_account_state(Tx& tx, Id id, std::string_view state);
void set_password(Tx& tx, Id id, const std::string& password_hash);
void set_role(Tx& tx, Id id, Role role);
void set_consent(Tx& tx, Id id, const std::string& version);

// Wrong passwords, counted by keyed hash of whatever is guarded (an address, an address from one
// network). Known and unknown addresses are treated alike.
Millis locked_until(Reader& reader, const std::string& lookup);
// Counts one more within `window`; from `limit` on it is locked for `lock`.
void count_login_failure(Tx& tx, const std::string& lookup, std::int64_t limit, Millis now,
                         Millis window, Millis lock);
void clear_login_failures(Tx& tx, const std::string& lookup);

void insert_token(Tx& tx, const std::string& token, Id account, std::string_view purpose,
                  Millis expires_at);
// Spends the token: the account it belongs to, or nullopt when unknown, expired or used before.
std::optional<Id> spend_token(Tx& tx, const std::string& token, std::string_view purpose,
                              Millis now);

struct Session {
  Id id = 0;  // shown in the list; the secret is only in the cookie
  Id account_id = 0;
  std::string csrf;
  Millis created_at = 0, last_seen_at = 0, expires_at = 0;
  std::string device, ip;
};

void insert_session(Tx& tx, const std::string& secret, const Session& session);
std::optional<Session> find_session(Reader& reader, const std::string& secret, Millis now);
void touch_session(Tx& tx, const std::string& secret, Millis now, Millis expires_at);
std::vector<Session> list_sessions(Reader& reader, Id account, Millis now);
// Returns whether there was one of this account.
bool end_session(Tx& tx, Id account, Id session);
void end_session_by_secret(Tx& tx, const std::string& secret);
void end_all_sessions(Tx& tx, Id account);
std::int64_t remove_expired(Tx& tx, Millis now);

}  // namespace beian::store
