// The one way in which a filing changes state: people, clocks and the bureau all come through here.
// State, event, snapshot, slots, notices and jobs are one transaction. It is the audit trail.
#pragma once

#include <optional>
#include <string>

#include "service/service.h"
#include "store/filings.h"

namespace beian::service {

struct Step {
  Action action;
  Actor actor;
  std::optional<Id> actor_id;
  std::string detail;  // JSON for the event; may be empty
};

// `filing` as read in this transaction. Throws Refusal{conflict, "action_not_allowed"} when the
// life cycle has no such step, Refusal{stale, "changed_meanwhile"} when the row moved on. Returns
// the filing after the step.
store::Filing act(Service& s, Tx& tx, const store::Filing& filing, const Step& step);

Policy policy_of(const Service& s, const std::string& province);

// Until when the step of this state should be done at the latest; nullopt where no clock runs.
// Staff have one clock for a round: it runs on from the first review to the photographs and stands
// still while it is the applicant's or the bureau's turn, so of the days of their limit `days_used`
// are gone; one working day is always left.
std::optional<Millis> due_of(const LiveSettings& live, State state, Millis since,
                             std::int64_t days_used = 0);
std::optional<Millis> due_of(const Service& s, State state, Millis since,
                             std::int64_t days_used = 0);

// Writes down something that is no change of state (a call, an upload by phone, a claim).
void note_event(Service& s, Tx& tx, Id filing, Actor actor, std::optional<Id> actor_id,
                std::string_view action, const std::string& detail = "");
// The same of a filing that no page shows yet, made in this transaction.
void note_on_new(Service& s, Tx& tx, Id filing, Actor actor, std::optional<Id> actor_id,
                 std::string_view action);

// Wakes the line to the bureau of this province soon.
void wake_line(Service& s, Tx& tx, const std::string& province);

}  // namespace beian::service
