#include "service/review.h"

#include <algorithm>

#include "base/text.h"
#include "filing/content.h"
#include "filing/form.h"
#include "filing/lifecycle.h"
#include "service/act.h"
#include "service/audit.h"
#include "service/content_access.h"
#include "service/outbox.h"
#include "service/reasons.h"
#include "service/second.h"
#include "service/tell.h"
#include "store/colleagues.h"

namespace beian::service {
namespace {

constexpr Millis k_stale_claim = 30 * 60 * 1000;
constexpr std::size_t k_max_corrections = 100;
constexpr Millis k_furthest_call = 90 * 24 * 3'600'000LL;

std::vector<State> states_for(Role role) {
  std::vector<State> out;
  for (State state : {State::initial_review, State::photo_review})
    if (may_decide(role, state)) out.push_back(state);
  return out;
}

[[noreturn]] void refuse_claimed(Service& s, Reader& reader, const store::Filing& filing) {
  const auto other = store::find_account(reader, s.keys, filing.assignee_id.value());
  throw Refusal(
      RefusalCode::conflict, "claimed_by_other", {},
      {{"name", other ? other->display_name : ""},
       {"since", std::to_string(filing.assigned_at.value_or(0))},
       {"minutes", std::to_string((s.now() - filing.assigned_at.value_or(s.now())) / 60000)}});
}

// Somebody else moved it on since it was looked at: who, and when.
[[noreturn]] void refuse_changed(Service& s, Reader& reader, const store::Filing& filing) {
  const auto events = store::list_events(reader, s.keys, filing.id);
  if (events.empty() || events.back().actor_name.empty())
    throw Refusal(RefusalCode::stale, "changed_meanwhile");
  const store::Event& last = events.back();
  throw Refusal(RefusalCode::stale, "case_changed", {},
                {{"name", last.actor_name},
                 {"minutes", std::to_string((s.now() - last.at) / 60000)},
                 {"at", std::to_string(last.at)}});
}

bool field_exists(const Form& form, const json::object& content, const std::string& field) {
  if (field.empty()) return true;
  if (const auto place = material_from_path(field))
    return form.material(place->purpose, !place->site.empty()) != nullptr;
  if (!form.field(field)) return false;
  if (!field.starts_with("sites.")) return true;
  const auto keys = site_keys(content);
  const auto key = split(field, '.').at(1);
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

void put_drafts(Service& s, Tx& tx, const Staff& staff, const store::Filing& filing,
                const std::vector<CorrectionDraft>& drafts) {
  const json::object content = parse_content(filing.content);
  std::vector<Problem> problems;
  for (const CorrectionDraft& draft : drafts) {
    if (!field_exists(s.reference.form_of(filing.kind), content, draft.field))
      problems.push_back({draft.field, "path_unknown", {}, "", "", true});
    else if (!draft.reason_code && clean_line(draft.text.value_or("")).empty())
      problems.push_back({draft.field, "reason_missing", {}, "", "", true});
  }
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "corrections_invalid", problems);
  store::remove_draft_corrections(tx, filing.id);
  for (const CorrectionDraft& draft : drafts)
    store::insert_correction(
        tx, s.keys,
        {0, filing.id, draft.field, draft.reason_code, clean_line(draft.text.value_or("")), "staff",
         staff.id, "draft", s.now()});
}

}  // namespace

bool may_decide(Role role, State state) {
  if (role == Role::senior || role == Role::administrator) return true;
  if (state == State::initial_review) return role == Role::first_reviewer;
  if (state == State::photo_review)
    return role == Role::photo_reviewer || role == Role::first_reviewer;
  return false;
}

store::Filing held_case(Service& s, Tx& tx, const Staff& staff, Id id) {
  store::Filing filing = case_of(s, tx, staff, id);
  if (!filing.assignee_id) throw Refusal(RefusalCode::conflict, "not_claimed");
  if (*filing.assignee_id != staff.id) refuse_claimed(s, tx, filing);
  return filing;
}

store::Filing case_of(Service& s, Reader& reader, const Staff& staff, Id id) {
  auto filing = store::find_filing(reader, s.keys, id);
  if (!filing || (filing->state == State::draft && filing->round == 0) ||
      filing->state == State::expired ||
      !store::scope_of(reader, staff.id).covers(filing->province, filing->account_id))
    throw Refusal(RefusalCode::not_found, "not_found");
  return std::move(*filing);
}

namespace {

void note_look_in(Service& s, Tx& tx, const Staff& staff, Id filing, const std::string& what) {
  store::insert_look(tx, staff.id, filing, what, s.now());
  record(s, tx, {"staff", staff.id}, "look." + what, subject_filing(filing));
}

constexpr std::size_t k_longest_reason = 200;  // characters

bool is_senior(Role role) { return role == Role::senior || role == Role::administrator; }

// Whether `by` may take the case from whoever has it; the reason as it is written down.
std::string taken_for(Service& s, Reader& reader, const Staff& by, const store::Filing& filing,
                      const Claim& how) {
  const bool old = s.now() - filing.assigned_at.value_or(0) > k_stale_claim;
  if (!how.take_over || !(old || is_senior(by.role))) refuse_claimed(s, reader, filing);
  const std::string reason = clean_line(how.reason);
  if (reason.empty() || count_characters(reason) > k_longest_reason)
    throw Refusal(RefusalCode::invalid, "take_over_reason_missing",
                  {{"reason",
                    reason.empty() ? "required" : "value_too_long",
                    {{"max", std::to_string(k_longest_reason)}},
                    "",
                    "",
                    true}});
  return reason;
}

// The one place where a case gets another holder.
void give(Service& s, Tx& tx, const Staff& by, const store::Filing& filing, const Staff& to,
          const Claim& how) {
  if (!may_decide(to.role, filing.state)) throw Refusal(RefusalCode::conflict, "nothing_to_decide");
  if (filing.assignee_id == to.id) return;
  require_other(tx, to, filing);
  std::string reason;
  const bool takes = filing.assignee_id && filing.assignee_id != by.id;
  if (takes) reason = taken_for(s, tx, by, filing, how);
  if (!store::assign_filing(tx, filing.id, filing.assignee_id, to.id, s.now()))
    throw Refusal(RefusalCode::stale, "changed_meanwhile");
  json::object detail;
  if (takes) detail["note"] = reason;
  const auto receiver = store::find_account(tx, s.keys, to.id);
  if (to.id != by.id && receiver) detail["name"] = receiver->display_name;
  note_event(s, tx, filing.id, Actor::staff, by.id,
             to.id != by.id ? "assigned"
             : takes        ? "taken_over"
                            : "claimed",
             detail.empty() ? "" : json::serialize(detail));
  if (takes) tell_taken_over(s, tx, filing, to.id, reason);
}

}  // namespace

void claim(Service& s, const Staff& staff, Id id, const Claim& how) {
  s.db.write([&](Tx& tx) {
    give(s, tx, staff, case_of(s, tx, staff, id), staff, how);
    if (how.opens) note_look_in(s, tx, staff, id, "case");
  });
  if (how.take_over) s.wake_workers();
}

void assign(Service& s, const Staff& staff, Id id, Id assignee, const Claim& how) {
  s.db.write([&](Tx& tx) {
    const store::Filing filing = case_of(s, tx, staff, id);
    if (!is_senior(staff.role) && filing.assignee_id != staff.id)
      throw Refusal(RefusalCode::forbidden, "role_forbidden");
    const auto account = store::find_account(tx, s.keys, assignee);
    if (!account || account->state != "active" || !may_decide(account->role, filing.state) ||
        !store::scope_of(tx, assignee).covers(filing.province, filing.account_id))
      throw Refusal(RefusalCode::invalid, "assignee_unfit",
                    {{"assignee", "assignee_unfit", {}, "", "", true}});
    give(s, tx, staff, filing, {account->id, account->role}, how);
  });
  s.wake_workers();
}

void release(Service& s, const Staff& staff, Id id) {
  s.db.write([&](Tx& tx) {
    held_case(s, tx, staff, id);
    store::assign_filing(tx, id, staff.id, std::nullopt, s.now());
    note_event(s, tx, id, Actor::staff, staff.id, "released");
  });
}

Id claim_next(Service& s, const Staff& staff) {
  return s.db.write([&](Tx& tx) {
    // One that this person saw first waits for somebody else.
    const auto id = store::next_unassigned(tx, states_for(staff.role),
                                           {store::scope_of(tx, staff.id), staff.id});
    if (!id) throw Refusal(RefusalCode::not_found, "queue_empty");
    if (!store::assign_filing(tx, *id, std::nullopt, staff.id, s.now()))
      throw Refusal(RefusalCode::stale, "changed_meanwhile");
    note_event(s, tx, *id, Actor::staff, staff.id, "claimed");
    note_look_in(s, tx, staff, *id, "case");
    return *id;
  });
}

std::vector<CorrectionDraft> read_corrections(const json::object& body) {
  std::vector<CorrectionDraft> out;
  const json::value* list = body.if_contains("corrections");
  if (!list || !list->is_array() || list->get_array().size() > k_max_corrections)
    throw Refusal(RefusalCode::invalid, "corrections_invalid",
                  {{"corrections", "member_type", {}, "", "", true}});
  for (const json::value& item : list->get_array()) {
    const json::object& object = as_object(item);
    out.push_back({get_string(object, "field", 100), opt_string(object, "reason_code", 60),
                   opt_string(object, "text", 4000)});
  }
  return out;
}

void draft_corrections(Service& s, const Staff& staff, Id id,
                       const std::vector<CorrectionDraft>& drafts) {
  s.db.write([&](Tx& tx) {
    put_drafts(s, tx, staff, held_case(s, tx, staff, id), drafts);
    store::bump_revision(tx, id, s.now());
  });
}

void log_call(Service& s, const Staff& staff, Id id, const std::string& person,
              const std::string& result, const std::string& note,
              const std::optional<Millis>& next_at) {
  static const std::vector<std::string> k_results = {"confirmed", "no_answer", "wrong_number",
                                                     "denied", "call_again"};
  if (std::find(k_results.begin(), k_results.end(), result) == k_results.end())
    throw Refusal(RefusalCode::invalid, "call_invalid",
                  {{"result", "choice_unknown", {}, "", "", true}});
  if (next_at && (*next_at <= s.now() || *next_at > s.now() + k_furthest_call))
    throw Refusal(RefusalCode::invalid, "call_invalid",
                  {{"next_at", "appointment_when", {}, "", "", true}});
  s.db.write([&](Tx& tx) {
    const store::Filing filing = case_of(s, tx, staff, id);
    const Id call = new_id();
    store::insert_call(
        tx, s.keys, {call, filing.id, s.now(), staff.id, "", person.substr(0, 60), result, note});
    store::put_appointment(tx, call,
                           {filing.id, next_at.value_or(0), staff.id, "", person.substr(0, 60)});
    note_event(s, tx, id, Actor::staff, staff.id, "called",
               json::serialize(json::object{{"person", person.substr(0, 60)}, {"result", result}}));
  });
}

std::vector<Action> staff_actions(const Service& s, const Staff& staff,
                                  const store::Filing& filing) {
  if (filing.assignee_id != staff.id || !may_decide(staff.role, filing.state)) return {};
  return allowed_actions(filing.kind, filing.state, Actor::staff, policy_of(s, filing.province));
}

void decide(Service& s, const Staff& staff, Id id, const Decision& decision) {
  const bool returns =
      decision.action == Action::return_initial || decision.action == Action::return_photo;
  s.db.write([&](Tx& tx) {
    store::Filing filing = case_of(s, tx, staff, id);
    // Decided by somebody meanwhile it is nobody's any more: that is what has to be said.
    if (!filing.assignee_id && filing.version != decision.version) refuse_changed(s, tx, filing);
    filing = held_case(s, tx, staff, id);
    if (filing.version != decision.version) refuse_changed(s, tx, filing);
    if (!may_decide(staff.role, filing.state))
      throw Refusal(RefusalCode::forbidden, "role_forbidden");
    if (decision.corrections) put_drafts(s, tx, staff, filing, *decision.corrections);
    if (returns) {
      auto all = store::list_corrections(tx, s.keys, id);
      if (std::none_of(all.begin(), all.end(), [](const auto& c) { return c.state == "draft"; }))
        throw Refusal(RefusalCode::invalid, "reason_missing",
                      {{"corrections", "reason_missing", {}, "", "", true}});
      std::erase_if(all, [](const auto& c) { return c.state != "draft"; });
      learn_reasons(s, tx, staff, filing, all);
      store::open_draft_corrections(tx, id, s.now());
    } else {
      store::remove_draft_corrections(tx, id);
      if (ask_second(s, tx, staff, filing, decision.second, decision.note)) return;
    }
    store::forget_second_opinion(tx, id);
    store::close_appointments(tx, id);
    const std::string detail =
        decision.note.empty() ? "" : json::serialize(json::object{{"note", decision.note}});
    act(s, tx, filing, {decision.action, Actor::staff, staff.id, detail});
  });
  s.wake_workers();
}

std::string search_key(const std::string& typed) {
  if (id_from_string(typed)) return typed;
  const std::string domain = registrable_of(typed);
  return domain.empty() ? typed : domain;
}

void note_look(Service& s, const Staff& staff, Id filing, const std::string& what) {
  s.db.write([&](Tx& tx) { note_look_in(s, tx, staff, filing, what); });
}

void send_enquiry(Service& s, const std::string& name, const std::string& contact,
                  const std::string& message) {
  if (!s.settings.now()->flag("enquiries.open"))
    throw Refusal(RefusalCode::conflict, "enquiries_closed");
  std::vector<Problem> problems;
  if (clean_line(contact).empty()) problems.push_back({"contact", "required", {}, "", "", true});
  if (clean_line(message).empty()) problems.push_back({"message", "required", {}, "", "", true});
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "enquiry_invalid", problems);
  const store::Enquiry enquiry{new_id(), s.now(), clean_line(name), clean_line(contact), message};
  s.db.write([&](Tx& tx) {
    store::insert_enquiry(tx, s.keys, enquiry);
    queue_staff_notice(s, tx, std::nullopt, "enquiry_received",
                       "enquiry/" + id_to_string(enquiry.id), {});
  });
  s.wake_workers();
}

}  // namespace beian::service
