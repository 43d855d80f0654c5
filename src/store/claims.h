// Claims of registered organisers (认领), and what is counted so that none of this can be used to
// find out what is registered.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"
#include "store/scopes.h"

namespace beian::store {

struct Claim {
  Id id = 0;
  Id account_id = 0;  // who claims
  Id organiser_id = 0;
  std::int64_t version = 1;
  std::string state = "open";              // open, granted, refused, withdrawn
  std::string certificate_key, proof_key;  // names in the blob store; empty once erased
  std::string note, answer;
  Millis created_at = 0;
  std::optional<Millis> decided_at;
  std::optional<Id> decided_by;
};

// Throws DbError{unique} when this account has an open claim of this organiser.
void insert_claim(Tx& tx, const Keyring& keys, const Claim& claim);
std::optional<Claim> find_claim(Reader& reader, const Keyring& keys, Id id);
std::vector<Claim> claims_of(Reader& reader, const Keyring& keys, Id account, int limit);
// By state, the oldest first; those after `after`. Of organisers outside the scope there are none.
std::vector<Claim> list_claims(Reader& reader, const Keyring& keys, const StaffScope& scope,
                               const std::string& state, Id after, int limit);
std::int64_t count_claims(Reader& reader, const StaffScope& scope, const std::string& state);
std::vector<Claim> open_claims_of(Reader& reader, const Keyring& keys, Id organiser);
// False when the claim is no longer open, or no longer of this version.
bool end_claim(Tx& tx, const Keyring& keys, const Claim& claim, std::string_view state,
               const std::string& answer, std::optional<Id> by, Millis now);

void note_claim_try(Tx& tx, Id account, const std::string& number_lookup, Millis now);
void forget_claim_try(Tx& tx, Id account, const std::string& number_lookup);  // it was right
std::int64_t claim_tries_of(Reader& reader, Id account, Millis since);
std::int64_t claim_tries_at(Reader& reader, const std::string& number_lookup, Millis since);

void note_holder_message(Tx& tx, Id account, const std::string& subject_lookup, Millis now);
struct HolderMessages {
  std::int64_t by_account = 0;  // since `since`
  std::int64_t to_subject = 0;  // by anybody, since `since`
  bool same = false;            // by this account to this subject, since `same_since`
};
HolderMessages count_holder_messages(Reader& reader, Id account, const std::string& subject_lookup,
                                     Millis since, Millis same_since);

// An account is erased: nothing of it stays open, and its pictures go.
void close_claims_of(Tx& tx, Id account, Millis now);
// Pictures and words of claims that ended before `before` go; so do ended transfers and what was
// counted. Returns how many rows.
std::int64_t forget_claims(Tx& tx, Millis before, int limit);

}  // namespace beian::store
