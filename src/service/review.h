// The staff's side: who has a case, corrections, calls, decisions, dispatch.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "service/service.h"
#include "store/accounts.h"
#include "store/cases.h"
#include "store/filings.h"
#include "store/queues.h"
#include "store/scopes.h"

namespace beian::service {

struct Staff {
  Id id = 0;
  Role role = Role::first_reviewer;
};

// Whether this role may decide filings in this state.
bool may_decide(Role role, State state);

// The case, or Refusal{not_found}: drafts are the applicant's alone, and what lies outside this
// person's scope (store/scopes.h) is as if it were not there.
store::Filing case_of(Service& s, Reader& reader, const Staff& staff, Id filing);

// The case for whatever changes it: Refusal{conflict, "not_claimed"} or "claimed_by_other" unless
// this person has it.
store::Filing held_case(Service& s, Tx& tx, const Staff& staff, Id filing);

// Throws Refusal{conflict, "claimed_by_other"} naming who and since when. Taking over is for
// seniors and administrators, or when the claim is older than 30 minutes; it is done with the flag
// and a reason (Refusal{invalid, "take_over_reason_missing"}), which the former holder is told.
struct Claim {
  bool take_over = false;
  std::string reason;
  bool opens = false;  // it is shown to whoever claims it: the look is noted with the claim
};
void claim(Service& s, const Staff& staff, Id filing, const Claim& how);
// Gives it to a colleague who may decide it; for seniors and administrators, and for whoever has
// it. Refusals as for `claim`, and Refusal{invalid, "assignee_unfit"}.
void assign(Service& s, const Staff& staff, Id filing, Id assignee, const Claim& how);
void release(Service& s, const Staff& staff, Id filing);
// Claims the most urgent that this role may decide, to be shown at once: one transaction for the
// claim and the look. Refusal{not_found, "queue_empty"} where there is none.
Id claim_next(Service& s, const Staff& staff);

struct CorrectionDraft {
  std::string field;
  std::optional<std::string> reason_code, text;
};
std::vector<CorrectionDraft> read_corrections(const json::object& body);
void draft_corrections(Service& s, const Staff& staff, Id filing,
                       const std::vector<CorrectionDraft>& drafts);
// `next_at`: when to ring again, as agreed; within the next 90 days. Without it an appointment made
// before is over.
void log_call(Service& s, const Staff& staff, Id filing, const std::string& person,
              const std::string& result, const std::string& note,
              const std::optional<Millis>& next_at = std::nullopt);

struct Decision {
  Action action;
  std::int64_t version = 0;
  std::string note;  // internal
  std::optional<std::vector<CorrectionDraft>> corrections;
  Id second = 0;  // whom the first of two gives it to (service/second.h); 0: whoever is free
};
// Only whoever has claimed the case may decide it, and only the version that was looked at.
void decide(Service& s, const Staff& staff, Id filing, const Decision& decision);

// Which steps of the life cycle this role may take.
std::vector<Action> staff_actions(const Service& s, const Staff& staff,
                                  const store::Filing& filing);

// What is looked for when staff type a domain (any spelling), or a filing's id.
std::string search_key(const std::string& typed);

// Posts an order (service/dispatch.cc). Refusal{conflict}: "backdrop_posted_before",
// "backdrop_not_needed" when the filing has ended, "tracking_used" by another order.
store::Backdrop post_backdrop(Service& s, const Staff& staff, Id backdrop,
                              const std::string& carrier, const std::string& tracking_number);

// The carrier says that it has arrived. Refusal{conflict, "backdrop_not_posted"} when it was not on
// its way.
store::Backdrop deliver_backdrop(Service& s, const Staff& staff, Id backdrop);

// Whoever opens a case unmasked is written down (PIPL art. 51; trust S62).
void note_look(Service& s, const Staff& staff, Id filing, const std::string& what);

void send_enquiry(Service& s, const std::string& name, const std::string& contact,
                  const std::string& message);

}  // namespace beian::service
