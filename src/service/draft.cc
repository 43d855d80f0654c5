#include "service/draft.h"

#include <algorithm>

#include "filing/check.h"
#include "filing/content.h"
#include "filing/kind.h"
#include "filing/lifecycle.h"
#include "service/act.h"
#include "service/blacklist.h"
#include "service/content_access.h"
#include "service/domain_changes.h"
#include "service/domain_facts.h"
#include "service/ip_filing.h"
#include "service/kind_checks.h"
#include "service/products.h"
#include "service/rule_facts.h"
#include "store/cases.h"
#include "store/materials.h"
#include "store/registry.h"

namespace beian::service {
namespace {

constexpr std::size_t k_max_changes = 200;

std::vector<MaterialPlace> places_of(Reader& reader, Id filing) {
  std::vector<MaterialPlace> out;
  for (const store::Material& m : store::list_materials(reader, filing))
    out.push_back({m.purpose, m.site_key});
  return out;
}

std::vector<std::string> open_corrections(Reader& reader, const Keyring& keys, Id filing) {
  std::vector<std::string> out;
  for (const store::Correction& c : store::list_corrections(reader, keys, filing))
    if (c.state == "open") out.push_back(c.field);
  return out;
}

std::string shown(const json::value& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return std::string(value.get_string());
  return json::serialize(value);
}

json::value current_at(const json::object& content, const std::string& path) {
  const json::value* value = value_at(content, path);
  return is_absent(value) ? json::value(nullptr) : *value;
}

bool same(const json::value& a, const json::value& b) {
  return a == b || (is_absent(&a) && is_absent(&b));
}

// The field holds this value, typed in whatever spelling: a page knows what was typed, which is not
// always how it is kept (full-width digits, a blank at the end).
bool is_kept_as(const Form& form, const json::object& content, const std::string& path,
                const json::value& now, const json::value& typed) {
  if (same(now, typed)) return true;
  json::object copy = content;
  return !apply_change(form, copy, path, typed) && same(now, current_at(copy, path));
}

void apply_all(const Form& form, json::object& content, const std::vector<Change>& changes) {
  std::vector<Problem> clashes, invalid;
  for (const Change& change : changes) {
    const json::value now = current_at(content, change.path);
    if (same(now, change.to)) continue;
    // A repeat after a lost answer brings what is kept already.
    if (!is_kept_as(form, content, change.path, now, change.from) &&
        !is_kept_as(form, content, change.path, now, change.to)) {
      clashes.push_back({change.path,
                         "field_changed",
                         {{"theirs", shown(now)}, {"yours", shown(change.to)}},
                         "",
                         "",
                         true});
      continue;
    }
    if (auto problem = apply_change(form, content, change.path, change.to)) {
      if (problem->field.empty()) problem->field = change.path;
      invalid.push_back(*problem);
    }
  }
  if (!invalid.empty()) throw Refusal(RefusalCode::invalid, "content_invalid", invalid);
  if (!clashes.empty()) throw Refusal(RefusalCode::stale, "field_changed", clashes);
}

void check_open(const Openness& open, const std::vector<Change>& changes) {
  if (open.all) return;
  std::vector<Problem> closed;
  for (const Change& change : changes) {
    const bool is_in =
        std::any_of(open.paths.begin(), open.paths.end(), [&](const std::string& path) {
          return change.path == path || change.path.starts_with(path + ".");
        });
    if (!is_in) closed.push_back({change.path, "field_closed", {}, "", "", true});
  }
  if (!closed.empty()) throw Refusal(RefusalCode::forbidden, "field_closed", closed);
}

// What is kept beside the content: title, organiser's key, websites and their domains.
void derive(Service& s, store::Filing& filing, const json::object& content) {
  filing.content = json::serialize(content);
  filing.title = title_of(content);
  filing.nature = number_at(content, "organiser.nature");
  const std::string province = text_at(content, "organiser.province");
  if (!province.empty()) filing.province = province;
  filing.organiser_lookup =
      store::certificate_lookup(s.keys, number_at(content, "organiser.certificate_type"),
                                text_at(content, "organiser.certificate_number"));
}

// `known`: what is kept of its websites now.
void keep_sites(Tx& tx, Id filing, const json::object& content,
                std::vector<store::FilingSite> known) {
  std::int64_t ord = 0;
  for (const std::string& key : site_keys(content)) {
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const auto& site) { return site.key == key; });
    store::FilingSite site =
        found != known.end()
            ? *found
            : store::FilingSite{key,      0,        "",           new_id(),     new_id(),
                                new_id(), new_id(), std::nullopt, std::nullopt, std::nullopt};
    if (found != known.end()) known.erase(found);
    // What the filing is about: a registered website, here or by its number alone.
    const std::string registered = "record.sites." + key;
    if (const std::string number = text_at(content, registered + ".number"); !number.empty())
      site.number = number;
    if (const auto id = id_from_string(text_at(content, registered + ".id")))
      site.registered_id = id;
    site.ord = ord++;
    site.domain = registrable_of(text_at(content, "sites." + key + ".domain"));
    store::put_site(tx, filing, site);
  }
  for (const store::FilingSite& gone : known) store::remove_site(tx, filing, gone.key);
}

void save(Service& s, Tx& tx, store::Filing& filing, const json::object& content) {
  const std::int64_t version = filing.version;
  derive(s, filing, content);
  if (!store::save_content(tx, s.keys, filing, version, s.now()))
    throw Refusal(RefusalCode::stale, "changed_meanwhile");
  keep_sites(tx, filing.id, content, store::list_sites(tx, filing.id));
  filing = store::find_filing(tx, s.keys, filing.id).value();
}

bool names_domain(const std::vector<Change>& changes) {
  return std::ranges::any_of(changes,
                             [](const Change& change) { return change.path.ends_with(".domain"); });
}

// What the others are about was chosen when they began.
bool takes_new_sites(Kind kind) { return kind == Kind::first_filing || kind == Kind::new_website; }

void require_editable(const store::Filing& filing) {
  if (!is_editable(filing.state))
    throw Refusal(RefusalCode::conflict, "not_editable", {},
                  {{"state", std::string(to_string(filing.state))}});
}

}  // namespace

std::vector<Change> read_changes(const json::object& body) {
  std::vector<Change> out;
  const json::value* list = body.if_contains("changes");
  if (!list) return out;
  if (!list->is_array() || list->get_array().size() > k_max_changes)
    throw Refusal(RefusalCode::invalid, "content_invalid",
                  {{"changes", "member_type", {}, "", "", true}});
  for (const json::value& item : list->get_array()) {
    const json::object& object = as_object(item);
    const json::value* from = object.if_contains("from");
    const json::value* to = object.if_contains("to");
    out.push_back({get_string(object, "path", 100), from ? *from : json::value(nullptr),
                   to ? *to : json::value(nullptr)});
  }
  return out;
}

store::Filing own_filing(Service& s, Reader& reader, Id account, Id filing) {
  auto found = store::find_own_filing(reader, s.keys, filing, account);
  if (!found) throw Refusal(RefusalCode::not_found, "not_found");
  return std::move(*found);
}

std::vector<Problem> find_problems(Service& s, Reader& reader, const store::Filing& filing,
                                   const json::object& content) {
  const Day today = shanghai_day(s.now());
  const Form& form = s.reference.form_of(filing.kind);
  const Looked looked = look_at(form, content, today, outside_facts(s, reader, filing, content));
  const RuleSetPtr nation = national_rules_of(s, reader, filing);
  std::vector<Problem> out = check_form(form, s.reference.catalogue, nation->file.rules, content,
                                        places_of(reader, filing.id), today, looked);
  for (Problem& p : check_kind(s, filing, content)) out.push_back(std::move(p));
  add_rule_problems(s, reader, filing, content, looked, out);
  for (Problem& p : check_products(s, reader, filing, content)) out.push_back(std::move(p));
  if (!is_cancel(filing.kind))
    for (Problem& p : blacklist_problems(s, reader, content)) out.push_back(std::move(p));
  for (Problem& p : ip_problems(s, reader, filing.province, content)) out.push_back(std::move(p));
  return out;
}

Openness openness_of(Service& s, Reader& reader, const store::Filing& filing,
                     const json::object& content) {
  if (filing.state == State::draft) return {true, {}};
  if (!is_editable(filing.state)) return {};
  const std::string today = day_to_string(shanghai_day(s.now()));
  return {false, open_paths(s.reference.form_of(filing.kind), content, today,
                            open_corrections(reader, s.keys, filing.id),
                            find_problems(s, reader, filing, content))};
}

void apply_changes(const Form& form, json::object& content, const std::vector<Change>& changes) {
  apply_all(form, content, changes);
}

// An import makes thousands: what is known of a filing that has just been made is not read again.
store::Filing insert_draft(Service& s, Tx& tx, store::Filing filing, const json::object& content,
                           Id person) {
  filing.id = new_id();
  filing.form_version = s.reference.form_of(filing.kind).name();
  filing.created_at = filing.updated_at = filing.state_since = s.now();
  filing.due_at = due_of(s, State::draft, s.now());
  derive(s, filing, content);
  store::insert_filing(tx, s.keys, filing);
  keep_sites(tx, filing.id, content, {});
  pin_rules_of_new(s, tx, filing);
  note_on_new(s, tx, filing.id, Actor::applicant, person, "created");
  ask_about_domains(s, tx, filing, false);
  return filing;
}

Saved change_content(Service& s, Id account, Id id, const std::vector<Change>& changes) {
  return s.db.write([&](Tx& tx) {
    store::Filing filing = own_filing(s, tx, account, id);
    require_editable(filing);
    json::object content = parse_content(filing.content);
    check_open(openness_of(s, tx, filing, content), changes);
    require_domains_stay(s, filing, changes);
    apply_all(s.reference.form_of(filing.kind), content, changes);
    save(s, tx, filing, content);
    if (names_domain(changes)) ask_about_domains(s, tx, filing, false);
    return Saved{filing, find_problems(s, tx, filing, content)};
  });
}

store::Filing add_website(Service& s, Id account, Id id) {
  return s.db.write([&](Tx& tx) {
    store::Filing filing = own_filing(s, tx, account, id);
    if (filing.state != State::draft) throw Refusal(RefusalCode::conflict, "not_editable");
    json::object content = parse_content(filing.content);
    if (!takes_new_sites(filing.kind) || !add_site(s.reference.form_of(filing.kind), content))
      throw Refusal(RefusalCode::conflict, "too_many_sites");
    save(s, tx, filing, content);
    return filing;
  });
}

store::Filing remove_website(Service& s, Id account, Id id, const std::string& key) {
  return s.db.write([&](Tx& tx) {
    store::Filing filing = own_filing(s, tx, account, id);
    if (filing.state != State::draft) throw Refusal(RefusalCode::conflict, "not_editable");
    json::object content = parse_content(filing.content);
    if (!takes_new_sites(filing.kind) ||
        !remove_site(s.reference.form_of(filing.kind), content, key))
      throw Refusal(RefusalCode::conflict, "last_site");
    for (const store::Material& m : store::list_materials(tx, id))
      if (m.site_key == key) store::remove_material(tx, id, m.id, s.now());
    save(s, tx, filing, content);
    return filing;
  });
}

}  // namespace beian::service
