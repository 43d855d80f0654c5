// The staff's second factor: enrolling one, asking for it at log-in, and what to do without it.
// Where configuration requires it, staff who have none may do nothing else (must_enrol).
#pragma once

#include <string>
#include <vector>

#include "documents/qr.h"
#include "service/service.h"
#include "store/accounts.h"

namespace beian::service {

bool second_factor_required(const Service& s, Role role);
bool must_enrol(const Service& s, Reader& reader, const store::Account& account);

struct FactorStanding {
  bool required = false, enrolled = false;
  std::int64_t recovery_codes = 0;  // unused
};
FactorStanding factor_standing(Service& s, const store::Account& account);

struct Enrolment {
  std::string secret;  // base32, for typing
  documents::QrCode qr;
};
// A new secret, good for nothing until confirmed. Throws Refusal{conflict, "second_factor_exists"}.
Enrolment begin_enrolment(Service& s, const store::Account& account);
// The first code of the app. Returns the recovery codes, shown this once. Throws Refusal{invalid,
// "code_wrong"}.
std::vector<std::string> confirm_enrolment(Service& s, Id account, const std::string& code);
// With a code of it. Another one may be enrolled then.
void remove_enrolment(Service& s, const store::Account& account, const std::string& code);

// In the log-in's transaction: whether this is a code of the app or an unused recovery code. Spends
// it.
bool check_second_factor(Service& s, Tx& tx, Id account, const std::string& code);

}  // namespace beian::service
