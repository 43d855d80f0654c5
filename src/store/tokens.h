// Keys by which programs act for an account, and the answers kept for calls that may come twice.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct ApiToken {
  Id id = 0;
  Id account_id = 0;
  std::string name;
  std::string scopes;  // separated by blanks
  std::string shown;   // its last four characters
  Millis created_at = 0, expires_at = 0;
  std::optional<Millis> last_used_at;
};

void insert_api_token(Tx& tx, const std::string& token, const ApiToken& row);
// Of those neither revoked nor expired.
std::optional<ApiToken> find_api_token(Reader& reader, const std::string& token, Millis now);
std::vector<ApiToken> list_api_tokens(Reader& reader, Id account, Millis now);
std::int64_t count_api_tokens(Reader& reader, Id account, Millis now);
void touch_api_token(Tx& tx, Id id, Millis now);
// Returns whether there was one of this account.
bool revoke_api_token(Tx& tx, Id account, Id id, Millis now);

struct KeptAnswer {
  std::string fingerprint;
  std::optional<std::int64_t> status;  // none: under way, or cut off
  std::string content_type, body;
  Millis created_at = 0;
};

// False when this key of the account is known: then read it.
bool begin_once(Tx& tx, Id account, const std::string& key_hash, const std::string& fingerprint,
                Millis now);
std::optional<KeptAnswer> find_once(Reader& reader, const Keyring& keys, Id account,
                                    const std::string& key_hash);
void keep_once(Tx& tx, const Keyring& keys, Id account, const std::string& key_hash,
               std::int64_t status, const std::string& content_type, const std::string& body);
void forget_once(Tx& tx, Id account, const std::string& key_hash);
// At most so many of those older than `before`.
void sweep_once(Tx& tx, Millis before, int most);

}  // namespace beian::store
