// Who works here, as what. A right is given by two: one administrator asks, another decides,
// neither for himself. Taking away is done at once by one.
#pragma once

#include <string>
#include <vector>

#include "service/review.h"
#include "service/service.h"
#include "store/accounts.h"
#include "store/second_factors.h"

namespace beian::service {

struct StaffRow {
  store::Account account;
  bool second_factor = false;
  Millis last_seen_at = 0;  // 0: no session now
};
std::vector<StaffRow> list_staff(Service& s);
std::vector<store::RoleGrant> open_grants(Service& s);

struct GrantRequest {
  std::string email, display_name;  // the name counts for somebody new
  Role role = Role::first_reviewer;
};
// Somebody new gets an account that cannot log in until another administrator has agreed.
// Refusal{conflict, "grant_open"} when one waits already, "grant_self", "grant_same".
Id ask_grant(Service& s, const Staff& by, const GrantRequest& request);
// Granting ends the sessions of that account and mails a link to set a password to somebody new.
// Refusal{forbidden, "grant_own_request"} for whoever asked, "grant_self" for whom it is about.
void decide_grant(Service& s, const Staff& by, Id grant, bool granted);

// Ends the sessions; log-in is refused until a new grant.
void disable_staff(Service& s, const Staff& by, Id account);
// For a lost phone: the next log-in needs the password alone and, where required, enrols anew.
void reset_second_factor(Service& s, const Staff& by, Id account);

}  // namespace beian::service
