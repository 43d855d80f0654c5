// Agencies 代备案: an account asks to be one (or an administrator makes it one), its members act
// for it, and every filing of it lies in the folder of a client. What a member may do is a set of
// scopes, as a token has; the agency's own account may do everything.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "service/review.h"
#include "service/scope.h"
#include "service/service.h"
#include "store/agencies.h"

namespace beian::service {

inline constexpr std::size_t k_most_members = 200, k_most_clients = 20'000;

struct AgencyWish {
  std::string name;  // as clients and members see it
  std::string note;  // to the administrators: who they are, for whom they file
};
// Refusal{conflict, "agency_asked"} when it waits or is one already.
void ask_agency(Service& s, Id account, const AgencyWish& wish);

// What an account has to do with agencies, for its pages: {own, memberships}.
json::object show_agencies_of(Service& s, Reader& reader, Id account);

// For administrators. Accepting puts the filings that the account has into a first client's folder
// and makes the account its owner; ending closes the members' way in and leaves the filings.
json::array list_agencies(Service& s);
enum class AgencyDecision { accept, refuse, end };
void decide_agency(Service& s, const Staff& by, Id agency, AgencyDecision decision,
                   const std::string& reason);
// Refusal{invalid} when no active applicant's account has this address.
void appoint_agency(Service& s, const Staff& by, const std::string& email, const std::string& name);

// What a member of this role may do for the agency.
std::set<Scope> scopes_of(store::MemberRole role);
// The role in which `person` may act for `agency` now; Refusal{forbidden, "agency_not_member"}.
store::MemberRole acting_role(Service& s, Id agency, Id person);
// Refusal{forbidden, "agency_none"} for an account that is no agency.
store::Agency require_agency(Service& s, Reader& reader, Id account);

json::object show_agency(Service& s, Id agency, Id person);
json::object show_members(Service& s, Id agency, Id person, bool owner);
// Mails a link that its receiver opens logged in under this very address; holds for 72 hours, once.
void invite_member(Service& s, Id agency, Id person, const std::string& email,
                   const std::string& role);
void take_back_invitation(Service& s, Id agency, Id person, Id invitation);
void change_member(Service& s, Id agency, Id person, Id member, const std::string& role);
// Also one's own leaving: `person` is the member then.
void remove_member(Service& s, Id agency, Id person, Id member);
// Refusal{not_found, "agency_invitation_unknown"} for spent, expired and taken back ones.
json::object show_invitation(Service& s, Id account, const std::string& token);
void accept_invitation(Service& s, Id account, const std::string& token);

}  // namespace beian::service
