// Claiming an older registered organiser (认领): by its number, its certificate and a proof,
// decided by staff. Whether a number exists here is not to be found out: an unknown number and a
// certificate that does not belong to it are answered alike and counted alike.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "service/review.h"
#include "service/service.h"
#include "store/accounts.h"
#include "store/claims.h"

namespace beian::service {

struct ClaimInput {
  std::string number;  // the organiser's, or one of its websites'
  std::int64_t certificate_type = 0;
  std::string certificate_number;
  std::string certificate, proof;  // picture files
  std::string note;
};
// Throws Refusal{invalid, "claim_not_matched"} for whatever does not fit together,
// Refusal{too_many, "claim_tries"} after five of these in a day (by the account; thirty at one
// number), Refusal{invalid} with what is wrong with a picture, Refusal{conflict, "claim_yours"} for
// what one has and Refusal{conflict, "claim_open"} for a second claim of the same.
store::Claim make_claim(Service& s, const store::Account& account, const ClaimInput& input);
void withdraw_claim(Service& s, Id account, Id claim);
// For the claimant: {id, number, state, created_at, decided_at, note, answer}.
json::object show_claim(Service& s, Reader& reader, const store::Claim& claim);

// For staff: one row of the list; and the four things side by side, with `seen` for the decision.
json::object show_claim_row(Service& s, Reader& reader, const store::Claim& claim);
json::object show_claim_at_desk(Service& s, const Staff& staff, Id claim);
// JPEG of "certificate" or "proof"; looking at it is written down.
std::string read_claim_picture(Service& s, const Staff& staff, Id claim, std::string_view which);

struct ClaimDecision {
  std::string seen;  // as show_claim_at_desk gave it: claim and organiser are still as looked at
  bool grant = false;
  std::string answer;  // to the claimant; needed for a refusal
};
// With a grant the organiser, its websites and accesses are the claimant's; drafts that another
// account has of it end. Throws Refusal{stale, "claim_changed"} when claim or organiser moved on,
// Refusal{conflict, "claim_in_flight"} while another account's filing about it is under way.
void decide_claim(Service& s, const Staff& staff, Id claim, const ClaimDecision& decision);

}  // namespace beian::service
