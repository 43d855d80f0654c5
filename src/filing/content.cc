#include "filing/content.h"

#include <algorithm>

#include "base/text.h"
#include "filing/data.h"
#include "filing/domain_name.h"
#include "filing/identity.h"
#include "filing/phone_spelling.h"
#include "filing/problem.h"

namespace beian {
namespace {

constexpr std::size_t k_max_text = 2000;  // characters of any answer, whatever the form says
constexpr std::size_t k_max_entries = 64;
constexpr std::int64_t k_max_id = 1'000'000;

// Several lines, each cleaned; blank lines at the ends go.
std::string clean_lines(std::string_view text) {
  std::vector<std::string> lines = split(text, '\n');
  for (std::string& line : lines) line = clean_line(line);
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  while (!lines.empty() && lines.front().empty()) lines.erase(lines.begin());
  return join(lines, "\n");
}

// A value made fit for the content, or the code of what is wrong with it.
struct Accepted {
  json::value value;
  std::string fault;  // problem code, empty when good
};

Accepted accept_text(const Field& field, const json::value& value) {
  const json::string* text = value.if_string();
  if (!text || !is_utf8(*text)) return {nullptr, "value_type"};
  if (count_characters(*text) > k_max_text) return {nullptr, "value_too_long"};
  const bool phone = field.kind == FieldKind::mobile || field.kind == FieldKind::phone;
  const std::string clean = field.kind == FieldKind::long_text ? clean_lines(*text)
                            : phone                            ? canonical_phone(*text)
                                                               : clean_line(*text);
  return {json::value(clean), ""};
}

Accepted accept_ids(const json::value& value) {
  const json::array* list = value.if_array();
  if (!list) return {nullptr, "value_type"};
  if (list->size() > k_max_entries) return {nullptr, "too_many"};
  json::array ids;
  for (const json::value& one : *list) {
    if (!one.is_int64() || one.get_int64() < 0 || one.get_int64() > k_max_id) {
      return {nullptr, "value_type"};
    }
    if (std::ranges::find(ids, one) == ids.end()) ids.push_back(one);
  }
  return {ids, ""};
}

Accepted accept_ips(const Field& field, const json::value& value) {
  const json::array* list = value.if_array();
  if (!list) return {nullptr, "value_type"};
  if (list->size() > k_max_entries) return {nullptr, "too_many"};
  json::array ips;
  for (const json::value& one : *list) {
    Accepted text = accept_text(field, one);
    if (!text.fault.empty()) return text;
    if (text.value.get_string().size() > 64) return {nullptr, "value_too_long"};
    if (!text.value.get_string().empty() && std::ranges::find(ips, text.value) == ips.end()) {
      ips.push_back(std::move(text.value));
    }
  }
  return {ips, ""};
}

Accepted accept(const Field& field, const json::value& value);

Accepted accept_list(const Field& field, const json::value& value) {
  const json::array* list = value.if_array();
  if (!list) return {nullptr, "value_type"};
  if (list->size() > k_max_entries) return {nullptr, "too_many"};
  json::array entries;
  for (const json::value& one : *list) {
    const json::object* object = one.if_object();
    if (!object) return {nullptr, "value_type"};
    json::object entry;
    for (const auto& [name, member] : *object) {
      const auto part = std::ranges::find(field.fields, std::string_view(name), &Field::path);
      if (part == field.fields.end()) return {nullptr, "path_unknown"};
      if (member.is_null()) continue;
      Accepted accepted = accept(*part, member);
      if (!accepted.fault.empty()) return accepted;
      entry[name] = std::move(accepted.value);
    }
    entries.push_back(std::move(entry));
  }
  return {entries, ""};
}

Accepted accept(const Field& field, const json::value& value) {
  switch (field.kind) {
    case FieldKind::choice:
      if (!value.is_int64() || value.get_int64() < 0 || value.get_int64() > k_max_id) {
        return {nullptr, "value_type"};
      }
      return {value, ""};
    case FieldKind::yes_no:
      if (!value.is_bool()) return {nullptr, "value_type"};
      return {value, ""};
    case FieldKind::choices:
      return accept_ids(value);
    case FieldKind::ips:
      return accept_ips(field, value);
    case FieldKind::list:
      return accept_list(field, value);
    default:
      return accept_text(field, value);
  }
}

std::string_view key_of(const json::object& site) {
  const json::value* key = site.if_contains("key");
  return key && key->is_string() ? std::string_view(key->get_string()) : std::string_view();
}

json::object* site_named(json::object& content, std::string_view key) {
  json::value* sites = content.if_contains("sites");
  if (!sites || !sites->is_array()) return nullptr;
  for (json::value& site : sites->get_array()) {
    json::object* object = site.if_object();
    if (!object) continue;
    if (key_of(*object) == key) return object;
  }
  return nullptr;
}

// Sets or (null) removes the value at member names below `object`, making objects on the way.
void set_in(json::object& object, const std::vector<std::string>& names, std::size_t at,
            const json::value& value) {
  if (at + 1 == names.size()) {
    if (value.is_null()) {
      object.erase(names[at]);
    } else {
      object[names[at]] = value;
    }
    return;
  }
  json::value& next = object[names[at]];
  if (!next.is_object()) next = json::object();
  set_in(next.get_object(), names, at + 1, value);
  if (next.get_object().empty()) object.erase(names[at]);
}

// The object a path lies in, and the names that lead on from it; nullptr for an unknown website.
json::object* root_of(json::object& content, std::string_view path,
                      std::vector<std::string>& names) {
  names = split(path, '.');
  if (names.front() != "sites" || names.size() < 3) return &content;
  json::object* site = site_named(content, names[1]);
  names.erase(names.begin(), names.begin() + 2);
  return site;
}

void set_at(json::object& content, std::string_view path, const json::value& value) {
  std::vector<std::string> names;
  if (json::object* root = root_of(content, path, names)) set_in(*root, names, 0, value);
}

void set_presets(const Page& page, json::object& content, const std::string& item) {
  for (const Field& field : page.fields) {
    if (field.preset) set_at(content, absolute_path(field.path, item), *field.preset);
  }
}

void copy(const json::object& from, json::object& to, const char* name) {
  if (const json::value* value = from.if_contains(name)) to[name] = *value;
}

// The one spelling of domains and certificate numbers.
json::value canonical(const Field& field, const json::value& value) {
  const json::string* text = value.if_string();
  if (text && field.kind == FieldKind::certificate_number) return canonical_number(*text).c_str();
  if (text && field.kind == FieldKind::domain) {
    if (const auto host = parse_host(*text)) return host->unicode.c_str();
  }
  return value;
}

bool is_at_or_below(std::string_view path, std::string_view root) {
  return path == root ||
         (path.starts_with(root) && path.size() > root.size() && path[root.size()] == '.');
}

// An empty website under a key that this filing never had.
std::string push_site(json::object& content) {
  const json::value* last = content.if_contains("last_site");
  const std::int64_t number = (last && last->is_int64() ? last->get_int64() : 0) + 1;
  content["last_site"] = number;
  const std::string key = "s" + std::to_string(number);
  json::object site;
  site["key"] = key;
  json::value& sites = content["sites"];
  if (!sites.is_array()) sites = json::array();
  sites.get_array().push_back(std::move(site));
  return key;
}

// Registered under one certificate are organiser and principal of an individual.
bool is_person(const json::object& record) {
  const json::value* organiser = value_at(record, "organiser.certificate_number");
  const json::value* principal = value_at(record, "principal.certificate_number");
  return organiser && principal && *organiser == *principal;
}

}  // namespace

json::object new_content(const Form& form) {
  json::object content;
  content["sites"] = json::array();
  content["last_site"] = 0;
  for (const Page& page : form.pages) {
    if (!page.each_site) set_presets(page, content, "");
  }
  (void)add_site(form, content);
  return content;
}

std::optional<Problem> apply_change(const Form& form, json::object& content, std::string_view path,
                                    const json::value& value) {
  const Field* field = form.field(path);
  if (!field) return problem_at(path.substr(0, 100), "path_unknown");
  std::vector<std::string> names;
  json::object* root = root_of(content, path, names);
  if (!root) return problem_at(path, "site_unknown");
  Accepted accepted = value.is_null() ? Accepted{nullptr, ""} : accept(*field, value);
  if (!accepted.fault.empty()) return problem_at(path, accepted.fault);
  const json::string* text = accepted.value.if_string();
  if (text && text->empty()) accepted.value = nullptr;
  set_in(*root, names, 0, accepted.value);
  return std::nullopt;
}

std::optional<std::string> add_site(const Form& form, json::object& content) {
  const Page* page = form.sites_page();
  if (!page || site_keys(content).size() >= page->max_sites) return std::nullopt;
  const std::string key = push_site(content);
  set_presets(*page, content, "sites." + key);
  return key;
}

std::string add_registered_site(const Form& form, json::object& content, const json::object& site) {
  const std::string key = push_site(content);
  if (const Page* page = form.sites_page()) set_presets(*page, content, "sites." + key);
  json::object& answers = *site_named(content, key);
  for (const auto& [name, value] : site) answers[name] = value;
  answers["key"] = key;
  json::object known = site;
  known["key"] = key;
  json::value& record = content["record"];
  if (!record.is_object()) record = json::object();
  json::value& sites = record.get_object()["sites"];
  if (!sites.is_array()) sites = json::array();
  sites.get_array().push_back(std::move(known));
  return key;
}

bool remove_site(const Form& form, json::object& content, std::string_view key) {
  const Page* page = form.sites_page();
  if (!page || !site_named(content, key)) return false;
  json::array& sites = content["sites"].get_array();
  if (sites.size() <= page->min_sites) return false;
  for (auto site = sites.begin(); site != sites.end(); ++site) {
    if (site->is_object() && key_of(site->get_object()) == key) {
      sites.erase(site);
      return true;
    }
  }
  return false;
}

std::vector<std::string> site_keys(const json::object& content) {
  std::vector<std::string> keys;
  const json::value* sites = content.if_contains("sites");
  if (!sites || !sites->is_array()) return keys;
  for (const json::value& site : sites->get_array()) {
    const json::object* object = site.if_object();
    if (object && !key_of(*object).empty()) keys.emplace_back(key_of(*object));
  }
  return keys;
}

const json::object* record_of(const json::object& content) {
  const json::value* record = content.if_contains("record");
  return record ? record->if_object() : nullptr;
}

json::object completed_content(const Form& form, const json::object& content,
                               const std::string& today) {
  json::object completed;
  const json::object* record = record_of(content);
  if (record) {
    copy(*record, completed, "organiser");
    copy(*record, completed, "principal");
  }
  completed["sites"] = json::array();
  for (const std::string& key : site_keys(content)) {
    const json::value* known = record ? value_at(*record, "sites." + key) : nullptr;
    json::object site = known && known->is_object() ? known->get_object() : json::object();
    site["key"] = key;
    completed["sites"].get_array().push_back(std::move(site));
  }
  bool asks_principal = false;
  for (const PlacedField& placed : placed_fields(form, content, today)) {
    asks_principal = asks_principal || placed.path == "principal.name";
    const json::value* value = value_at(content, placed.path);
    if (!is_absent(value)) {
      set_at(completed, placed.path, canonical(*placed.field, *value));
    } else if (record) {
      set_at(completed, placed.path, nullptr);
    }
  }

  json::value& principal = completed["principal"];
  if (!principal.is_object()) principal = json::object();
  const bool one_person = !asks_principal && (!record || !principal.get_object().contains("name") ||
                                              is_person(*record));
  if (const json::value* organiser = completed.if_contains("organiser");
      organiser && organiser->is_object() && one_person) {
    for (const char* name : {"name", "certificate_type", "certificate_number"}) {
      copy(organiser->get_object(), completed["principal"].get_object(), name);
    }
  }
  for (json::value& site : completed["sites"].get_array()) {
    json::object& object = site.get_object();
    const json::value* same = object.if_contains("manager_same");
    if (same && same->is_bool() && same->get_bool()) object["manager"] = completed["principal"];
  }
  return completed;
}

bool is_open(const Form& form, const std::vector<std::string>& corrections,
             const std::vector<Problem>& problems, std::string_view path) {
  for (const std::string& correction : corrections) {
    if (correction.empty() || is_at_or_below(path, correction) ||
        is_at_or_below(correction, path)) {
      return true;
    }
    const Field* field = form.field(correction);
    if (!field) continue;
    const std::string item = correction.substr(0, correction.size() - field->path.size());
    for (const std::string& opened : field->opens) {
      if (is_at_or_below(path, absolute_path(opened, item))) return true;
    }
  }
  return std::ranges::any_of(
      problems, [&](const Problem& one) { return one.hard && is_at_or_below(one.field, path); });
}

std::vector<std::string> open_paths(const Form& form, const json::object& content,
                                    const std::string& today,
                                    const std::vector<std::string>& corrections,
                                    const std::vector<Problem>& problems) {
  std::vector<std::string> open;
  for (std::string& path : visible_fields(form, content, today)) {
    if (is_open(form, corrections, problems, path)) open.push_back(std::move(path));
  }
  for (Stage stage : {Stage::submit, Stage::verification}) {
    for (const NeededMaterial& material : required_materials(form, content, today, stage)) {
      std::string path = material_path(material);
      if (is_open(form, corrections, problems, path)) open.push_back(std::move(path));
    }
  }
  return open;
}

}  // namespace beian
