#include "service/act.h"

#include <algorithm>

#include "filing/lifecycle.h"
#include "service/related.h"
#include "service/search.h"
#include "service/tell.h"
#include "service/webhooks.h"
#include "store/cases.h"
#include "store/jobs.h"
#include "store/materials.h"
#include "store/products.h"

namespace beian::service {
namespace {

void apply_effect(Service& s, Tx& tx, Effect effect, const store::Filing& filing, Action action) {
  switch (effect) {
    case Effect::notify_applicant:
      tell_applicant(s, tx, filing, action);
      break;
    case Effect::notify_staff:
      tell_staff(s, tx, filing);
      break;
    case Effect::send_to_bureau:
      wake_line(s, tx, filing.province);
      break;
    case Effect::release_slots:
      store::release_slots(tx, filing.id);
      break;
    case Effect::snapshot:
      store::put_snapshot(tx, s.keys, filing.id, filing.round, filing.content, s.now());
      mark_filing(s, tx, filing);
      break;
  }
}

// The working days of this round that staff have used once they let go of it now.
std::int64_t days_used(const Service& s, const store::Filing& filing, Millis now) {
  if (turn_of(filing.state) != Turn::staff) return filing.days_used;
  return filing.days_used + s.settings.now()->calendar.working_days_between(
                                shanghai_day(filing.state_since), shanghai_day(now));
}

// A photo that staff accepted in an earlier round stands until another one takes its place.
bool photo_stands(Service& s, Reader& reader, Id filing) {
  Millis accepted = 0;
  for (const store::Event& event : store::list_events(reader, s.keys, filing)) {
    if (event.action == to_string(Action::pass_photo)) accepted = event.at;
    if (event.action == to_string(Action::return_photo)) accepted = 0;
  }
  if (accepted == 0) return false;
  for (const store::Material& m : store::list_materials(reader, filing))
    if (m.purpose == "verification_photo" && m.created_at > accepted) return false;
  return true;
}

void write_event(Service& s, Tx& tx, Id filing, Actor actor, std::optional<Id> actor_id,
                 std::string_view action, const std::string& detail) {
  store::Event event;
  event.filing_id = filing;
  event.at = s.now();
  event.actor = to_string(actor);
  event.actor_id = actor_id;
  event.action = action;
  event.detail = detail;
  store::insert_event(tx, s.keys, event);
}

}  // namespace

Policy policy_of(const Service& s, const std::string& province) {
  const LiveSettingsPtr live = s.settings.now();
  // The reference bureau of the demo has a policy of its own, unless somebody set another here.
  if (s.config.demo && !live->changed.contains("bureau." + province))
    return s.reference.demo_policy;
  const BureauInfo* bureau = live->bureaus.find(province);
  return bureau ? bureau->policy_on(shanghai_day(s.now())) : Policy{};
}

std::optional<Millis> due_of(const LiveSettings& live, State state, Millis since,
                             std::int64_t days_used) {
  const auto name = deadline_of(state);
  if (!name) return std::nullopt;
  const Limit& limit = live.deadlines.at(*name);
  int left = limit.limit;
  if (turn_of(state) == Turn::staff && limit.unit == Unit::working_days)
    left = std::max(1, left - static_cast<int>(std::min<std::int64_t>(days_used, left)));
  return due_at(live.calendar, limit.unit, left, since);
}

std::optional<Millis> due_of(const Service& s, State state, Millis since, std::int64_t days_used) {
  return due_of(*s.settings.now(), state, since, days_used);
}

void note_event(Service& s, Tx& tx, Id filing, Actor actor, std::optional<Id> actor_id,
                std::string_view action, const std::string& detail) {
  write_event(s, tx, filing, actor, actor_id, action, detail);
  store::bump_revision(tx, filing, s.now());
}

void note_on_new(Service& s, Tx& tx, Id filing, Actor actor, std::optional<Id> actor_id,
                 std::string_view action) {
  write_event(s, tx, filing, actor, actor_id, action, "");
}

void wake_line(Service& s, Tx& tx, const std::string& province) {
  if (s.bureaus.count(province) == 0) return;  // waits in `ready` until a connection is configured
  store::put_job(
      tx, {0, "bureau_exchange", "bureau/" + province, std::nullopt, province, s.now(), 0, ""});
}

store::Filing act(Service& s, Tx& tx, const store::Filing& filing, const Step& step) {
  Policy policy = policy_of(s, filing.province);
  if (step.action == Action::pass_initial && photo_stands(s, tx, filing.id))
    policy.verification = false;
  const auto transition =
      find_transition(filing.kind, filing.state, step.action, step.actor, policy);
  if (!transition)
    throw Refusal(RefusalCode::conflict, "action_not_allowed", {},
                  {{"state", std::string(to_string(filing.state))},
                   {"action", std::string(to_string(step.action))}});
  const Millis now = s.now();
  const bool submits = step.action == Action::submit;
  const std::int64_t used = submits ? 0 : days_used(s, filing, now);
  store::Move move{filing.id,
                   filing.state,
                   transition->to,
                   filing.version,
                   turn_of(transition->to),
                   due_of(s, transition->to, now, used),
                   submits,
                   used};
  if (!store::move_filing(tx, move, now)) throw Refusal(RefusalCode::stale, "changed_meanwhile");
  store::Event event;
  event.filing_id = filing.id;
  event.at = now;
  event.actor = to_string(step.actor);
  event.actor_id = step.actor_id;
  event.action = to_string(step.action);
  event.from_state = std::string(to_string(filing.state));
  event.to_state = std::string(to_string(transition->to));
  event.detail = step.detail;
  store::insert_event(tx, s.keys, event);
  if (is_final(transition->to)) store::activate_sites(tx, filing.id, false);
  store::Filing after = store::find_filing(tx, s.keys, filing.id).value();
  if (submits || step.action == Action::bureau_approved) index_filing(s, tx, after);
  for (Effect effect : transition->effects) apply_effect(s, tx, effect, after, step.action);
  tell_webhooks(s, tx, after, filing.state, step.action);
  return after;
}

}  // namespace beian::service
