// The filing password of before 2020-08-17, where a bureau's policy of today still wants it: it is
// verified at the bureau (isp_verifybamm) before a filing begins that adds to a number, changes or
// cancels it.
#pragma once

#include <optional>
#include <string>

#include "service/service.h"

namespace beian::service {

// How often the password of this number may still be tried within the limit's time
// (data/bureaus.json).
std::int64_t password_tries_left(Service& s, const std::string& organiser_number);

// ICPmm to send, empty where no password is wanted. Throws Refusal{invalid, "password_needed"} and
// "filing_password_wrong" with the tries that are left, Refusal{too_many,
// "filing_password_locked"}, and Refusal{unavailable, "bureau_unreachable"}.
std::string prove_password(Service& s, const std::string& province,
                           const std::string& organiser_number,
                           const std::optional<std::string>& password);

}  // namespace beian::service
