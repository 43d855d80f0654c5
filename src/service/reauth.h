// Proving once more that it is oneself, before something that cannot be taken back.
#pragma once

#include <string>

#include "service/service.h"
#include "store/accounts.h"

namespace beian::service {

// With the password, or instead of it with a code of the second factor where there is one. Throws
// Refusal{invalid, "password_wrong"} (field password) or "code_wrong" (field code), and
// Refusal{too_many, "login_locked"} after five wrong ones in a quarter of an hour.
void prove_oneself(Service& s, const store::Account& account, const std::string& password,
                   const std::string& code);

}  // namespace beian::service
