#include "service/apply.h"

#include "base/text.h"
#include "filing/check.h"
#include "filing/contact.h"
#include "filing/content.h"
#include "filing/division.h"
#include "filing/lifecycle.h"
#include "filing/phone_spelling.h"
#include "service/act.h"
#include "service/begin.h"
#include "service/content_access.h"
#include "service/dispatch.h"
#include "service/draft.h"
#include "service/inspections.h"
#include "service/kind_checks.h"
#include "service/products.h"
#include "store/materials.h"

namespace beian::service {
namespace {

// Corrections that nothing was done about come back at once, before a reviewer has to say it again.
std::vector<Problem> check_corrections(Service& s, Tx& tx, const store::Filing& filing,
                                       const json::object& content) {
  std::vector<Problem> out;
  const auto before = store::find_snapshot(tx, s.keys, filing.id, filing.round);
  if (filing.state == State::draft || !before) return out;
  const json::object old = parse_content(*before);
  Millis returned_at = filing.state_since;
  for (const store::Correction& c : store::list_corrections(tx, s.keys, filing.id)) {
    if (c.state != "open" || c.field.empty()) continue;
    if (const auto place = material_from_path(c.field)) {
      bool replaced = false;
      for (const store::Material& m : store::list_materials(tx, filing.id))
        replaced = replaced || (m.purpose == place->purpose && m.site_key == place->site &&
                                m.created_at > returned_at);
      if (!replaced) out.push_back({c.field, "correction_untouched", {}, "", "", false});
      continue;
    }
    const json::value* was = value_at(old, c.field);
    const json::value* is = value_at(content, c.field);
    if (was && is && *was == *is)
      out.push_back({c.field, "correction_untouched", {}, "", "", false});
  }
  return out;
}

store::Filing submit(Service& s, Tx& tx, store::Filing filing, Id person) {
  json::object content = parse_content(filing.content);
  if (refresh_record(s, tx, filing, content)) {
    filing.content = json::serialize(content);
    if (!store::save_content(tx, s.keys, filing, filing.version, s.now()))
      throw Refusal(RefusalCode::stale, "changed_meanwhile");
    filing = store::find_filing(tx, s.keys, filing.id).value();
  }
  std::vector<Problem> problems = find_problems(s, tx, filing, content);
  for (Problem& p : check_others(s, tx, filing)) problems.push_back(std::move(p));
  if (!has_hard(problems))
    for (Problem& p : take_slots(s, tx, filing, content)) problems.push_back(std::move(p));
  if (has_hard(problems)) {
    for (Problem& p : check_corrections(s, tx, filing, content)) problems.push_back(std::move(p));
    throw Refusal(RefusalCode::invalid, "not_ready", problems);
  }
  // What the bureau returned is asked of it again, and that alone.
  for (const store::FilingSite& site : store::list_sites(tx, filing.id))
    if (site.outcome == "refused") store::set_site_outcome(tx, filing.id, site.key, std::nullopt);
  store::activate_sites(tx, filing.id, true);
  pin_rules(s, tx, filing);
  store::Filing after = act(s, tx, filing, {Action::submit, Actor::applicant, person, ""});
  store::close_corrections(tx, filing.id);
  if (!problems.empty())
    store::raise_findings(tx, filing.id, 1);  // advice: what is wrong was refused
  rate_pictures(s, tx, after);
  return after;
}

store::Filing submit_photo(Service& s, Tx& tx, const store::Filing& filing, Id person) {
  const json::object content = parse_content(filing.content);
  std::vector<MaterialPlace> present;
  for (const store::Material& m : store::list_materials(tx, filing.id))
    present.push_back({m.purpose, m.site_key});
  const auto problems = check_materials(s.reference.form_of(filing.kind), content, present,
                                        shanghai_day(s.now()), Stage::verification);
  if (has_hard(problems)) throw Refusal(RefusalCode::invalid, "not_ready", problems);
  store::deliver_backdrops(tx, filing.id);
  store::close_corrections(tx, filing.id);
  const store::Filing after =
      act(s, tx, filing, {Action::submit_photo, Actor::applicant, person, ""});
  rate_pictures(s, tx, after);
  return after;
}

// Says why it cannot be taken back any more, where the life cycle would only say that it cannot.
void require_withdrawable(const store::Filing& filing) {
  if (filing.state == State::sending || filing.state == State::sms_pending ||
      filing.state == State::bureau_review)
    throw Refusal(RefusalCode::conflict, "withdraw_at_bureau");
  if (is_final(filing.state)) throw Refusal(RefusalCode::conflict, "withdraw_over");
}

// The state an action leads to tells a repeat from a new step: the row moved on by exactly one
// version and stands where this action leads.
bool was_done(const store::Filing& filing, Action action, std::int64_t version) {
  if (filing.version != version + 1) return false;
  return (action == Action::submit && filing.state == State::initial_review) ||
         (action == Action::withdraw && filing.state == State::withdrawn) ||
         (action == Action::sms_verified && filing.state == State::bureau_review) ||
         (action == Action::submit_photo && filing.state == State::photo_review);
}

}  // namespace

store::Filing applicant_step(Service& s, const By& by, Id id, Action action, std::int64_t version) {
  store::Filing after = s.db.write([&](Tx& tx) {
    const store::Filing filing = own_filing(s, tx, by.account, id);
    if (was_done(filing, action, version)) return filing;
    if (filing.version != version) throw Refusal(RefusalCode::stale, "changed_meanwhile");
    switch (action) {
      case Action::submit:
        return submit(s, tx, filing, by.person);
      case Action::submit_photo:
        return submit_photo(s, tx, filing, by.person);
      case Action::withdraw:
        require_withdrawable(filing);
        [[fallthrough]];
      case Action::sms_verified:
        return act(s, tx, filing, {action, Actor::applicant, by.person, ""});
      default:
        throw Refusal(RefusalCode::forbidden, "action_not_allowed");
    }
  });
  s.wake_workers();
  return after;
}

std::vector<Problem> check_backdrop_address(const Service& s, const BackdropAddress& in) {
  std::vector<Problem> problems =
      check_division(s.reference.catalogue.divisions, "", in.province, in.city, in.county);
  for (Problem& p : problems)
    if (p.field.starts_with('.')) p.field.erase(0, 1);
  const auto need = [&](const std::string& value, const char* field) {
    if (clean_line(value).empty()) problems.push_back({field, "required", {}, "", "", true});
  };
  need(in.recipient, "recipient");
  need(in.address, "address");
  if (in.county.empty()) need(in.city, "city");
  if (auto problem = check_mobile(canonical_phone(in.phone))) {
    problem->field = "phone";
    problems.push_back(*problem);
  }
  return problems;
}

std::string backdrop_address_text(const Service& s, const BackdropAddress& in) {
  return json::serialize(json::object{
      {"recipient", clean_line(in.recipient)},
      {"phone", canonical_phone(in.phone)},
      {"address", s.reference.catalogue.divisions.full_name(in.province, in.city, in.county) +
                      clean_line(in.address)},
      // As it was chosen, so that whoever corrects it need not choose it again.
      {"place", json::object{{"province", in.province},
                             {"city", in.city},
                             {"county", in.county},
                             {"address", clean_line(in.address)}}}});
}

store::Backdrop order_backdrop(Service& s, const By& by, Id id, const BackdropAddress& in) {
  const std::vector<Problem> problems = check_backdrop_address(s, in);
  if (has_hard(problems)) throw Refusal(RefusalCode::invalid, "backdrop_invalid", problems);
  store::Backdrop order;
  order.id = new_id();
  order.filing_id = id;
  order.state = "requested";
  order.requested_at = s.now();
  order.address = backdrop_address_text(s, in);
  s.db.write([&](Tx& tx) {
    const store::Filing filing = own_filing(s, tx, by.account, id);
    if (filing.state != State::verification)
      throw Refusal(RefusalCode::conflict, "backdrop_not_now");
    const auto latest = store::latest_backdrop(tx, s.keys, id);
    if (latest && latest->state == "requested")
      throw Refusal(RefusalCode::conflict, "backdrop_ordered");
    store::insert_backdrop(tx, s.keys, order);
    store::set_order_kind(
        tx, order.id, backdrop_kind_for(s, filing.province),
        latest && latest->state == "returned" ? std::optional(latest->id) : std::nullopt);
    note_event(s, tx, id, Actor::applicant, by.person, "backdrop_ordered");
  });
  return order;
}

json::object show_backdrop(const Service&, const store::Backdrop& b) {
  const json::value address = parse_json(b.address);
  const json::object& to = as_object(address);
  json::object out{{"id", id_to_string(b.id)},
                   {"filing_id", id_to_string(b.filing_id)},
                   {"state", b.state},
                   {"recipient", get_string(to, "recipient")},
                   {"phone", get_string(to, "phone")},
                   {"address", get_string(to, "address")},
                   {"carrier", nullptr},
                   {"tracking_number", nullptr},
                   {"requested_at", b.requested_at},
                   {"posted_at", nullptr},
                   {"end_reason", b.end_reason}};
  if (b.carrier) out["carrier"] = *b.carrier;
  if (b.tracking_number) out["tracking_number"] = *b.tracking_number;
  if (b.posted_at) out["posted_at"] = *b.posted_at;
  return out;
}

}  // namespace beian::service
