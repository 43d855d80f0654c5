#include "filing/lifecycle.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "filing/kind.h"

namespace beian {
namespace {

using enum State;
using enum Action;

// Which way a step goes that has two: by the bureau's policy and the kind of filing.
enum class Guard { none, with_verification, without_verification, with_sms, without_sms };

constexpr unsigned bit(Effect effect) { return 1u << static_cast<unsigned>(effect); }
constexpr unsigned k_tell_applicant = bit(Effect::notify_applicant);
constexpr unsigned k_tell_staff = bit(Effect::notify_staff);
constexpr unsigned k_send = bit(Effect::send_to_bureau);
constexpr unsigned k_release = bit(Effect::release_slots);
constexpr unsigned k_snapshot = bit(Effect::snapshot);

struct Step {
  State from;
  Action action;
  Actor actor;
  Guard guard;
  State to;
  unsigned effects;
};

// A bureau's answer may overtake our noticing that the package arrived (the answer to the upload
// was lost, or BASJ comes before BAJG), so answers are taken in `sending` and `sms_pending` as
// well.
constexpr Step k_steps[] = {
    {draft, submit, Actor::applicant, Guard::none, initial_review,
     k_snapshot | k_tell_applicant | k_tell_staff},
    {draft, withdraw, Actor::applicant, Guard::none, withdrawn, k_release},
    {draft, expire, Actor::clock, Guard::none, expired, k_release | k_tell_applicant},

    {initial_review, pass_initial, Actor::staff, Guard::with_verification, verification,
     k_tell_applicant},
    {initial_review, pass_initial, Actor::staff, Guard::without_verification, ready,
     k_send | k_tell_applicant},
    {initial_review, return_initial, Actor::staff, Guard::none, initial_returned, k_tell_applicant},
    {initial_review, withdraw, Actor::applicant, Guard::none, withdrawn, k_release | k_tell_staff},

    {initial_returned, submit, Actor::applicant, Guard::none, initial_review,
     k_snapshot | k_tell_applicant | k_tell_staff},
    {initial_returned, withdraw, Actor::applicant, Guard::none, withdrawn, k_release},
    {initial_returned, expire, Actor::clock, Guard::none, expired, k_release | k_tell_applicant},

    {verification, submit_photo, Actor::applicant, Guard::none, photo_review, k_tell_staff},
    {verification, return_initial, Actor::staff, Guard::none, initial_returned, k_tell_applicant},
    {verification, withdraw, Actor::applicant, Guard::none, withdrawn, k_release},
    {verification, expire, Actor::clock, Guard::none, expired, k_release | k_tell_applicant},

    {photo_review, pass_photo, Actor::staff, Guard::none, ready, k_send | k_tell_applicant},
    {photo_review, return_photo, Actor::staff, Guard::none, verification, k_tell_applicant},
    {photo_review, return_initial, Actor::staff, Guard::none, initial_returned, k_tell_applicant},
    {photo_review, withdraw, Actor::applicant, Guard::none, withdrawn, k_release | k_tell_staff},

    {ready, start_sending, Actor::worker, Guard::none, sending, 0},
    {ready, return_initial, Actor::staff, Guard::none, initial_returned, k_tell_applicant},
    {ready, withdraw, Actor::applicant, Guard::none, withdrawn, k_release},

    {sending, bureau_received, Actor::bureau, Guard::with_sms, sms_pending, k_tell_applicant},
    {sending, bureau_received, Actor::bureau, Guard::without_sms, bureau_review, k_tell_applicant},
    {sending, sms_requested, Actor::bureau, Guard::none, sms_pending, k_tell_applicant},
    {sending, bureau_approved, Actor::bureau, Guard::none, approved, k_tell_applicant},
    {sending, bureau_rejected, Actor::bureau, Guard::none, bureau_returned,
     k_tell_applicant | k_tell_staff},

    // The interface carries no news of the ministry's check: whoever did it says so, and the clock
    // gives the filing back when nobody did. What the bureau decides counts in either case.
    {sms_pending, sms_verified, Actor::applicant, Guard::none, bureau_review, 0},
    {sms_pending, sms_expired, Actor::clock, Guard::none, bureau_returned, k_tell_applicant},
    {sms_pending, bureau_approved, Actor::bureau, Guard::none, approved, k_tell_applicant},
    {sms_pending, bureau_rejected, Actor::bureau, Guard::none, bureau_returned,
     k_tell_applicant | k_tell_staff},

    {bureau_review, sms_requested, Actor::bureau, Guard::none, sms_pending, k_tell_applicant},
    {bureau_review, bureau_approved, Actor::bureau, Guard::none, approved, k_tell_applicant},
    {bureau_review, bureau_rejected, Actor::bureau, Guard::none, bureau_returned,
     k_tell_applicant | k_tell_staff},

    // The bureau's approval can come after the clock's return.
    {bureau_returned, submit, Actor::applicant, Guard::none, initial_review,
     k_snapshot | k_tell_applicant | k_tell_staff},
    // The bureau's approval can come after the clock gave the filing back.
    {bureau_returned, bureau_approved, Actor::bureau, Guard::none, approved, k_tell_applicant},
    {bureau_returned, withdraw, Actor::applicant, Guard::none, withdrawn, k_release},
    {bureau_returned, expire, Actor::clock, Guard::none, expired, k_release | k_tell_applicant},
};

// Cancelling needs no proof of a face; withdrawing an access is the one step without the SMS check.
bool passes(Guard guard, Kind kind, const Policy& policy) {
  const bool verification = policy.verification && !is_cancel(kind);
  const bool sms = policy.sms && kind != Kind::cancel_access;
  switch (guard) {
    case Guard::none:
      return true;
    case Guard::with_verification:
      return verification;
    case Guard::without_verification:
      return !verification;
    case Guard::with_sms:
      return sms;
    case Guard::without_sms:
      return !sms;
  }
  return false;
}

std::vector<Effect> effects_of(unsigned bits) {
  std::vector<Effect> effects;
  for (Effect effect : {Effect::snapshot, Effect::release_slots, Effect::send_to_bureau,
                        Effect::notify_applicant, Effect::notify_staff}) {
    if (bits & bit(effect)) effects.push_back(effect);
  }
  return effects;
}

std::string_view guard_text(Guard guard) {
  switch (guard) {
    case Guard::with_verification:
      return " [verification]";
    case Guard::without_verification:
      return " [no verification]";
    case Guard::with_sms:
      return " [sms]";
    case Guard::without_sms:
      return " [no sms]";
    case Guard::none:
      break;
  }
  return "";
}

}  // namespace

std::optional<Transition> find_transition(Kind kind, State from, Action action, Actor actor,
                                          const Policy& policy) {
  for (const Step& step : k_steps) {
    if (step.from == from && step.action == action && step.actor == actor &&
        passes(step.guard, kind, policy)) {
      return Transition{from, action, actor, step.to, effects_of(step.effects)};
    }
  }
  return std::nullopt;
}

std::vector<Action> allowed_actions(Kind kind, State from, Actor actor, const Policy& policy) {
  std::vector<Action> actions;
  for (const Step& step : k_steps) {
    if (step.from == from && step.actor == actor && passes(step.guard, kind, policy)) {
      actions.push_back(step.action);
    }
  }
  return actions;
}

Turn turn_of(State state) {
  switch (state) {
    case draft:
    case initial_returned:
    case verification:
    case sms_pending:
    case bureau_returned:
      return Turn::applicant;
    case initial_review:
    case photo_review:
      return Turn::staff;
    case ready:
    case sending:
      return Turn::platform;
    case bureau_review:
      return Turn::bureau;
    case approved:
    case withdrawn:
    case expired:
      break;
  }
  return Turn::nobody;
}

bool is_final(State state) {
  return std::ranges::none_of(k_steps, [&](const Step& step) { return step.from == state; });
}

bool is_editable(State state) {
  return state == draft || state == initial_returned || state == bureau_returned;
}

std::optional<std::string> deadline_of(State state) {
  switch (state) {
    case draft:
      return "draft_idle";
    case initial_review:
      return "initial_review";
    case initial_returned:
    case bureau_returned:
      return "correction_idle";
    case verification:
      return "verification_idle";
    case photo_review:
      return "photo_review";
    case ready:
    case sending:
      return "hand_over";
    case sms_pending:
      return "sms_check";
    case bureau_review:
      return "bureau_review";
    case approved:
    case withdrawn:
    case expired:
      break;
  }
  return std::nullopt;
}

std::string lifecycle_diagram() {
  std::string text = "stateDiagram-v2\n  [*] --> draft\n";
  std::vector<State> ends;
  for (const Step& step : k_steps) {
    text.append("  ").append(to_string(step.from)).append(" --> ").append(to_string(step.to));
    text.append(": ").append(to_string(step.actor)).append(" ").append(to_string(step.action));
    text.append(guard_text(step.guard)).append("\n");
    if (is_final(step.to) && std::ranges::find(ends, step.to) == ends.end()) {
      ends.push_back(step.to);
    }
  }
  for (State end : ends) text.append("  ").append(to_string(end)).append(" --> [*]\n");
  return text;
}

}  // namespace beian
