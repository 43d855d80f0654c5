// What staff prove themselves with beside the password, and the codes for when it is lost.
//
// WebAuthn joins here: a row of kind "webauthn" whose secret is the credential's public key, with a
// challenge kept in account_tokens between the two requests. service/second_factor.cc tells kinds
// apart in check_second_factor and begin_enrolment, the page in SecondFactorPage.vue.
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

struct SecondFactor {
  Id account_id = 0;
  std::string kind = "totp";
  std::string secret;  // opened
  Millis made_at = 0;
  std::optional<Millis> confirmed_at;
  std::int64_t last_step = 0;  // of the last code taken
};

// Replaces one that was never confirmed; false when there is a confirmed one.
bool put_second_factor(Tx& tx, const Keyring& keys, const SecondFactor& factor);
std::optional<SecondFactor> find_second_factor(Reader& reader, const Keyring& keys, Id account);
bool has_second_factor(Reader& reader, Id account);  // a confirmed one
void confirm_second_factor(Tx& tx, Id account, Millis now);
// False when a code of this step, or of a later one, was taken meanwhile.
bool take_step(Tx& tx, Id account, std::int64_t step);
// With its recovery codes.
void remove_second_factor(Tx& tx, Id account);

void replace_recovery_codes(Tx& tx, Id account, const std::vector<std::string>& codes);
// False when it is none of this account's, or used.
bool spend_recovery_code(Tx& tx, Id account, const std::string& code, Millis now);
std::int64_t count_recovery_codes(Reader& reader, Id account);

struct RoleGrant {
  Id id = 0;
  Id account_id = 0;
  std::string email;  // of the account, opened
  std::string display_name;
  std::string role, previous_role;
  StaffScope scope;
  Id asked_by = 0;
  std::string asked_by_name;
  Millis asked_at = 0;
  std::string state;  // open, granted, refused
};
void insert_role_grant(Tx& tx, const RoleGrant& grant);
std::optional<RoleGrant> find_role_grant(Reader& reader, const Keyring& keys, Id id);
std::vector<RoleGrant> open_role_grants(Reader& reader, const Keyring& keys);
// False when it was decided before.
bool decide_role_grant(Tx& tx, Id id, std::string_view state, Id by, Millis now);

}  // namespace beian::store
