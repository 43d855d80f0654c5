// The life of a filing: one table, in lifecycle.cc, of every step there is. Nothing else changes a
// state. National law fixes the states (33号令 art. 7-15); which of the verification steps apply is
// the bureau's policy (data/bureaus.json), so guards read a Policy.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "filing/vocabulary.h"

namespace beian {

// What a bureau asks for between first review and hand-over. From dated data, never from code.
struct Policy {
  bool verification = true;  // authenticity check by photograph before a backdrop
  bool sms = false;          // the ministry's SMS check (since 2020-08-17)
  bool filing_password = false;
};

enum class Effect {
  notify_applicant,  // mail, SMS and page, by data/texts/*/notices.json of the action
  notify_staff,
  send_to_bureau,  // a job packs and uploads
  release_slots,   // product slots go back
  snapshot,        // keep the answers as submitted, unchangeable
};

struct Transition {
  State from;
  Action action;
  Actor actor;
  State to;
  std::vector<Effect> effects;
};

// What happens to `kind` in `from` under `action`, or nullopt when there is no such step for this
// actor. `policy` chooses between verification and ready after first review, and between
// sms_pending and bureau_review after hand-over. A filing whose photograph was accepted before and
// was not called into question since is asked about with `verification` off.
std::optional<Transition> find_transition(Kind kind, State from, Action action, Actor actor,
                                          const Policy& policy);

// The actions that `actor` has in this state: what a page may show as buttons.
std::vector<Action> allowed_actions(Kind kind, State from, Actor actor, const Policy& policy);

Turn turn_of(State state);
bool is_final(State state);
// True where the applicant may edit at all; in returned states only corrected fields are open.
bool is_editable(State state);
// Until when the step should be done: the limit's name in data/deadlines.json ("initial_review",
// "bureau_review", …); nullopt where no clock runs.
std::optional<std::string> deadline_of(State state);

// The table as a Mermaid state diagram; docs/lifecycle.md holds it and a test compares.
std::string lifecycle_diagram();

}  // namespace beian
