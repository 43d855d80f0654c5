#include "service/views.h"

#include <algorithm>

#include "base/shown_problem.h"
#include "base/text.h"
#include "filing/content.h"
#include "filing/kind.h"
#include "filing/lifecycle.h"
#include "service/act.h"
#include "service/apply.h"
#include "service/consequences.h"
#include "service/content_access.h"
#include "service/dispatch.h"
#include "service/draft.h"
#include "service/inspections.h"
#include "service/materials.h"
#include "service/second.h"
#include "service/sheets.h"
#include "service/tell.h"
#include "store/accounts.h"
#include "store/colleagues.h"
#include "store/materials.h"
#include "store/products.h"

namespace beian::service {
namespace {

constexpr std::int64_t k_nature_individual = 5;  // 个人 (dictionary natures)
// What staff do among themselves is no part of what an applicant reads.
constexpr std::string_view k_among_staff[] = {"claimed", "released", "taken_over",
                                              "noted",   "handed",   "second_asked"};
constexpr int k_police_days = 30;  // 公安联网备案 within 30 days of going on line

template <typename T>
json::value or_null(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::object show_policy(const Policy& policy) {
  return {{"verification", policy.verification},
          {"sms", policy.sms},
          {"filing_password", policy.filing_password}};
}

json::array show_materials(Service& s, Reader& reader, const store::Filing& filing,
                           const json::object& content, std::string_view locale, bool masked) {
  const auto inspections = store::list_inspections(reader, s.keys, filing.id);
  json::array out;
  for (const store::Material& m : store::list_materials(reader, filing.id)) {
    json::object shown = show_material(m);
    if (const auto seen = inspections.find(m.id); seen != inspections.end())
      shown["inspection"] = show_inspection(s, filing, content, m, seen->second, locale, masked);
    out.push_back(std::move(shown));
  }
  return out;
}

json::array show_corrections(Service& s, const std::vector<store::Correction>& all,
                             std::string_view locale) {
  json::array out;
  for (const store::Correction& c : all) {
    if (c.state == "draft") continue;
    out.push_back(
        json::object{{"id", id_to_string(c.id)},
                     {"field", c.field},
                     {"reason_code", or_null(c.reason_code)},
                     {"text", c.text.empty() ? json::value(nullptr) : json::value(c.text)},
                     {"message", correction_words(s, c.reason_code, c.text, locale)},
                     {"by", c.by_actor},
                     {"at", c.at},
                     {"open", c.state == "open"}});
  }
  return out;
}

// The bureau's own reasons as problems with a way to mend each.
json::array show_bureau_reasons(Service& s, const std::vector<store::Correction>& all,
                                std::string_view locale) {
  json::array out;
  for (const store::Correction& c : all) {
    if (c.by_actor != "bureau" || c.state != "open") continue;
    const Problem problem{c.field,
                          "bureau_opinion",
                          {{"opinion", correction_words(s, c.reason_code, c.text, locale)}},
                          "",
                          "",
                          true};
    out.push_back(shown_problem(problem, s.texts, locale));
  }
  return out;
}

// `account`: whose filing it is. What another of his agency did says who that was; not so what
// happened while the filing was somebody else's.
json::array show_events(Service& s, const std::vector<store::Event>& events, Id account,
                        std::string_view locale, bool staff) {
  json::array out;
  const auto handed_over =
      std::ranges::find(events.rbegin(), events.rend(), "handed_over", &store::Event::action);
  const Id since = handed_over == events.rend() ? 0 : handed_over->id;
  for (const store::Event& e : events) {
    if (!staff && std::find(std::begin(k_among_staff), std::end(k_among_staff), e.action) !=
                      std::end(k_among_staff))
      continue;
    TextParams params;
    if (!e.detail.empty()) {
      const json::value detail = parse_json(e.detail);
      for (const auto& [name, value] : as_object(detail))
        if (value.is_string()) params[name] = value.get_string();
    }
    if (!staff) params.erase("note");
    json::object shown{
        {"id", id_to_string(e.id)},  {"at", e.at},
        {"actor", e.actor},          {"actor_name", nullptr},
        {"action", e.action},        {"from", or_null(e.from_state)},
        {"to", or_null(e.to_state)}, {"text", s.texts.render(locale, "events", e.action, params)}};
    const bool member =
        e.actor == "applicant" && e.actor_id && *e.actor_id != account && e.id > since;
    if (staff && e.actor == "staff") shown["actor_name"] = e.actor_name;
    if (member) shown["actor_name"] = staff ? mask_email(e.actor_name) : e.actor_name;
    if (staff && params.count("note")) shown["note"] = params["note"];
    out.push_back(std::move(shown));
  }
  return out;
}

json::value show_result(const store::Filing& filing, const std::vector<store::FilingSite>& sites) {
  // Of several websites some may have their number while others are still to be mended.
  const bool adds = filing.kind == Kind::first_filing || filing.kind == Kind::new_website;
  const bool some = adds && std::any_of(sites.begin(), sites.end(),
                                        [](const auto& site) { return site.number.has_value(); });
  if (!filing.organiser_number || !(filing.approved_at || some)) return nullptr;
  json::array numbers;
  for (const store::FilingSite& site : sites)
    if (site.number && !is_cancel(filing.kind))
      numbers.push_back(
          json::object{{"key", site.key}, {"domain", site.domain}, {"number", *site.number}});
  const Millis approved = filing.approved_at.value_or(filing.state_since);
  json::object out{{"organiser_number", *filing.organiser_number},
                   {"sites", std::move(numbers)},
                   {"password", nullptr},
                   {"approved_at", approved},
                   {"police_due_at", approved + k_police_days * 24LL * 3600 * 1000}};
  if (!filing.password.empty()) out["password"] = filing.password;
  return out;
}

// How the bureau decided about each website, where it did.
json::array show_outcomes(const std::vector<store::FilingSite>& sites) {
  json::array out;
  for (const store::FilingSite& site : sites)
    out.push_back(json::object{{"key", site.key},
                               {"domain", unicode_domain(site.domain)},
                               {"number", or_null(site.number)},
                               {"outcome", or_null(site.outcome)}});
  return out;
}

// Whom the ministry texts (data of the interface, 9.2): the code is typed at the ministry's page.
json::value show_sms(Service& s, const store::Filing& f, const json::object& content) {
  if (f.state != State::sms_pending) return nullptr;
  const json::object whole =
      completed_content(s.reference.form_of(f.kind), content, day_to_string(shanghai_day(s.now())));
  json::array persons;
  const auto add = [&](const std::string& role, const std::string& base, const std::string& site) {
    const std::string mobile = text_at(whole, base + ".mobile");
    if (mobile.empty()) return;
    for (const json::value& one : persons)
      if (one.as_object().at("mobile").as_string() == mask_phone(mobile)) return;  // one text
    persons.push_back(json::object{{"role", role},
                                   {"name", mask_name(text_at(whole, base + ".name"))},
                                   {"mobile", mask_phone(mobile)},
                                   {"site", site}});
  };
  const bool organiser =
      f.kind == Kind::first_filing || f.kind == Kind::change || f.kind == Kind::cancel_organiser;
  if (organiser) add("principal", "principal", "");
  if (f.kind != Kind::cancel_organiser)
    for (const std::string& key : site_keys(content))
      add("manager", "sites." + key + ".manager", key);
  if (persons.empty()) add("principal", "principal", "");
  return json::object{
      {"persons", std::move(persons)},
      {"until", f.state_since + s.settings.now()->deadlines.at("sms_check").limit * 3'600'000LL}};
}

// The products that the websites stand on, as they are called, by id.
json::object show_products(Reader& reader, const json::object& content) {
  json::object out;
  for (const std::string& key : site_keys(content)) {
    const std::string chosen = text_at(content, "sites." + key + ".access.product");
    const auto id = id_from_string(chosen);
    const auto product = id ? store::find_product(reader, *id) : std::nullopt;
    if (!product) continue;
    out[chosen] =
        product->region.empty() ? product->instance : product->instance + " · " + product->region;
  }
  return out;
}

json::array show_domains(const std::vector<store::FilingSite>& sites) {
  json::array out;
  for (const store::FilingSite& site : sites)
    if (!site.domain.empty()) out.push_back(json::value(unicode_domain(site.domain)));
  return out;
}

json::object summary(Service& s, const store::Filing& f,
                     const std::vector<store::FilingSite>& sites, std::string_view locale) {
  return {
      {"id", id_to_string(f.id)},
      {"kind", to_string(f.kind)},
      {"state", to_string(f.state)},
      {"state_name", s.texts.render(locale, "states",
                                    "states." + std::string(to_string(f.state)) + ".applicant")},
      {"province", f.province},
      {"turn", to_string(f.turn)},
      {"title", f.title},
      {"version", f.version},
      {"created_at", f.created_at},
      {"updated_at", f.updated_at},
      {"state_since", f.state_since},
      {"due_at", or_null(f.due_at)},
      {"domains", show_domains(sites)},
      {"number", or_null(f.organiser_number)}};
}

json::array show_needed(Service& s, Kind kind, const json::object& content, State state) {
  const std::string today = day_to_string(shanghai_day(s.now()));
  json::array out;
  const Stage stage = state == State::verification ? Stage::verification : Stage::submit;
  for (const NeededMaterial& needed :
       required_materials(s.reference.form_of(kind), content, today, stage))
    out.push_back(json::object{
        {"purpose", needed.purpose},
        {"site", needed.site.empty() ? json::value(nullptr) : json::value(needed.site)},
        {"required", needed.required}});
  return out;
}

}  // namespace

json::object show_summary(Service& s, Reader& reader, const store::Filing& filing,
                          std::string_view locale) {
  return summary(s, filing, store::list_sites(reader, filing.id), locale);
}

json::object show_filing(Service& s, Reader& reader, const store::Filing& f,
                         std::string_view locale) {
  json::object content = parse_content(f.content);
  content.erase("proof");  // the bureau's, not the page's
  const auto sites = store::list_sites(reader, f.id);
  const auto corrections = store::list_corrections(reader, s.keys, f.id);
  const Policy policy = policy_of(s, f.province);
  json::object out = summary(s, f, sites, locale);
  out["form_version"] = f.form_version;
  out["materials"] = show_materials(s, reader, f, content, locale, false);
  out["sheets"] = json::value_from(sheets_of(s, f.kind, content));
  out["required_materials"] = show_needed(s, f.kind, content, f.state);
  // What is with others can no longer be wrong for the applicant.
  const auto problems =
      is_editable(f.state) ? find_problems(s, reader, f, content) : std::vector<Problem>{};
  out["problems"] = shown_problems(problems, s.texts, locale);
  out["corrections"] = show_corrections(s, corrections, locale);
  out["bureau_reasons"] = show_bureau_reasons(s, corrections, locale);
  json::array actions;
  for (Action action : allowed_actions(f.kind, f.state, Actor::applicant, policy))
    actions.push_back(json::value(to_string(action)));
  out["allowed_actions"] = std::move(actions);
  const Openness open = openness_of(s, reader, f, content);
  if (open.all)
    out["editable_paths"] = "all";
  else if (open.paths.empty())
    out["editable_paths"] = "none";
  else
    out["editable_paths"] = json::array(open.paths.begin(), open.paths.end());
  out["events"] =
      show_events(s, store::list_events(reader, s.keys, f.id), f.account_id, locale, false);
  const auto backdrop = store::latest_backdrop(reader, s.keys, f.id);
  out["backdrop"] = backdrop ? json::value(show_backdrop(s, *backdrop)) : json::value(nullptr);
  out["policy"] = show_policy(policy);
  out["result"] = show_result(f, sites);
  out["consequences"] = show_consequences(s, consequences_of(s, reader, f), locale);
  out["outcomes"] = show_outcomes(sites);
  out["sms"] = show_sms(s, f, content);
  out["organiser_id"] = f.organiser_id ? json::value(id_to_string(*f.organiser_id)) : json::value();
  out["can_copy"] = can_copy(s, reader, f, content);
  out["content"] = content;
  return out;
}

json::object show_queue_row(Service& s, const store::QueueRow& r, std::string_view locale) {
  json::array domains;
  for (const std::string& domain : r.domains)
    domains.push_back(json::value(unicode_domain(domain)));
  json::object out{
      {"id", id_to_string(r.id)},
      {"kind", to_string(r.kind)},
      {"state", to_string(r.state)},
      {"state_name",
       s.texts.render(locale, "states", "states." + std::string(to_string(r.state)) + ".staff")},
      {"turn", r.turn},
      {"title", r.nature == k_nature_individual ? mask_name(r.title) : r.title},
      {"domains", std::move(domains)},
      {"province", r.province},
      {"nature", r.nature},
      {"assignee", nullptr},
      {"state_since", r.state_since},
      {"due_at", or_null(r.due_at)},
      {"overdue", r.overdue_since.has_value()},
      {"findings", r.findings},
      {"round", r.round},
      {"version", r.version}};
  if (r.assignee_id)
    out["assignee"] = json::object{{"id", id_to_string(*r.assignee_id)},
                                   {"name", r.assignee_name},
                                   {"since", r.assigned_at.value_or(0)}};
  return out;
}

json::object show_case(Service& s, Reader& reader, const store::Filing& f, const Staff& staff,
                       std::string_view locale) {
  const auto sites = store::list_sites(reader, f.id);
  const json::object content = parse_content(f.content);
  const bool masked = f.assignee_id != staff.id;
  store::QueueRow row{f.id,
                      f.kind,
                      f.state,
                      std::string(to_string(f.turn)),
                      f.title,
                      f.nature,
                      f.province,
                      {},
                      f.assignee_id,
                      "",
                      f.assigned_at,
                      f.state_since,
                      f.due_at,
                      f.round,
                      f.version,
                      f.findings,
                      f.overdue_since,
                      "",
                      f.account_id};
  for (const store::FilingSite& site : sites) row.domains.push_back(site.domain);
  if (f.assignee_id)
    if (const auto holder = store::find_account(reader, s.keys, *f.assignee_id))
      row.assignee_name = holder->display_name;
  json::object out = show_queue_row(s, row, locale);
  if (!masked) out["title"] = f.title;
  const Form& form = s.reference.form_of(f.kind);
  out["form_version"] = "desk." + form.name();
  const json::object complete =
      completed_content(form, content, day_to_string(shanghai_day(s.now())));
  out["content"] = masked ? masked_content(complete) : complete;
  // A change is read beside what is registered, everything else beside its submission before.
  if (const json::object* record = record_of(content); record && f.kind == Kind::change) {
    out["previous"] = masked ? masked_content(*record) : *record;
  } else if (f.round > 1) {
    if (const auto before = store::find_snapshot(reader, s.keys, f.id, f.round - 1)) {
      const json::object old =
          completed_content(form, parse_content(*before), day_to_string(shanghai_day(s.now())));
      out["previous"] = masked ? masked_content(old) : old;
    }
  }
  out["masked"] = masked;
  out["materials"] = show_materials(s, reader, f, content, locale, masked);
  out["sheets"] = json::value_from(sheets_of(s, f.kind, content));
  const auto problems = find_problems(s, reader, f, content);
  out["problems"] = shown_problems(problems, s.texts, locale);
  out["second"] = show_second(s, reader, f, staff, problems, locale);
  const auto corrections = store::list_corrections(reader, s.keys, f.id);
  out["corrections"] = show_corrections(s, corrections, locale);
  out["bureau_reasons"] = show_bureau_reasons(s, corrections, locale);
  json::array drafts;
  for (const store::Correction& c : corrections)
    if (c.state == "draft")
      drafts.push_back(
          json::object{{"field", c.field},
                       {"reason_code", or_null(c.reason_code)},
                       {"text", c.text.empty() ? json::value(nullptr) : json::value(c.text)}});
  out["draft_corrections"] = std::move(drafts);
  json::array calls;
  for (const store::Call& c : store::list_calls(reader, s.keys, f.id))
    calls.push_back(json::object{{"at", c.at},
                                 {"by", c.by_name},
                                 {"person", c.person},
                                 {"result", c.result},
                                 {"note", c.note}});
  out["calls"] = std::move(calls);
  out["appointment"] = nullptr;
  if (const auto agreed = store::open_appointment(reader, f.id))
    out["appointment"] =
        json::object{{"at", agreed->at}, {"by", agreed->by_name}, {"person", agreed->person}};
  out["events"] =
      show_events(s, store::list_events(reader, s.keys, f.id), f.account_id, locale, true);
  const auto backdrop = store::latest_backdrop(reader, s.keys, f.id);
  out["backdrop"] = nullptr;
  if (backdrop) {
    json::object shown = show_backdrop(s, *backdrop);
    if (masked) mask_backdrop(shown);
    out["backdrop"] = std::move(shown);
  }
  out["products"] = show_products(reader, complete);
  out["policy"] = show_policy(policy_of(s, f.province));
  json::array actions;
  for (Action action : staff_actions(s, staff, f))
    actions.push_back(json::value(to_string(action)));
  out["allowed_actions"] = std::move(actions);
  out["result"] = show_result(f, sites);
  out["consequences"] = show_consequences(s, consequences_of(s, reader, f), locale);
  out["outcomes"] = show_outcomes(sites);
  return out;
}

}  // namespace beian::service
