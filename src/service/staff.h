// Who works here, as what. A right is given by two: one administrator asks, another decides,
// neither for himself. Taking away is done at once by one.
#pragma once

#include <string>
#include <vector>

#include "service/review.h"
#include "service/service.h"
#include "store/accounts.h"
#include "store/scopes.h"
#include "store/second_factors.h"

namespace beian::service {

struct StaffRow {
  store::Account account;
  bool second_factor = false;
  Millis last_seen_at = 0;  // 0: no session now
  store::StaffScope scope;
  std::vector<std::string> customers;  // of the scope: their addresses, in its order
};
std::vector<StaffRow> list_staff(Service& s);
struct OpenGrant {
  store::RoleGrant grant;
  std::vector<std::string> customers;  // as of StaffRow
};
std::vector<OpenGrant> open_grants(Service& s);

struct GrantRequest {
  std::string email, display_name;  // the name counts for somebody new
  Role role = Role::first_reviewer;
  std::vector<std::string> provinces;  // none: all
  std::vector<std::string> customers;  // addresses of applicants' accounts; none: all
};
// Whether this role works on filings, and may so be limited to some of them.
bool has_scope(Role role);
// Somebody new gets an account that cannot log in until another administrator has agreed.
// A scope belongs to the role that is asked for and takes the place of the one before.
// Refusal{conflict, "grant_open"} when one waits already, "grant_self", "grant_same";
// Refusal{invalid} names provinces and customers that do not exist.
Id ask_grant(Service& s, const Staff& by, const GrantRequest& request);
// Granting ends the sessions of that account and mails a link to set a password to somebody new.
// Refusal{forbidden, "grant_own_request"} for whoever asked, "grant_self" for whom it is about.
void decide_grant(Service& s, const Staff& by, Id grant, bool granted);

// Ends the sessions; log-in is refused until a new grant. What waits to be granted to this account,
// or was asked for by it, is refused.
void disable_staff(Service& s, const Staff& by, Id account);
// For a lost phone: the next log-in needs the password alone and, where required, enrols anew.
void reset_second_factor(Service& s, const Staff& by, Id account);

}  // namespace beian::service
