#include "filing/form.h"

#include <array>
#include <utility>

#include "filing/content.h"
#include "filing/data.h"

namespace beian {
namespace {

constexpr std::array<std::pair<std::string_view, FieldKind>, 21> k_kinds{{
    {"text", FieldKind::text},
    {"long_text", FieldKind::long_text},
    {"person_name", FieldKind::person_name},
    {"choice", FieldKind::choice},
    {"choices", FieldKind::choices},
    {"yes_no", FieldKind::yes_no},
    {"date", FieldKind::date},
    {"date_or_long", FieldKind::date_or_long},
    {"certificate_number", FieldKind::certificate_number},
    {"mobile", FieldKind::mobile},
    {"phone", FieldKind::phone},
    {"email", FieldKind::email},
    {"province", FieldKind::province},
    {"city", FieldKind::city},
    {"county", FieldKind::county},
    {"domain", FieldKind::domain},
    {"url", FieldKind::url},
    {"ips", FieldKind::ips},
    {"list", FieldKind::list},
    {"product", FieldKind::product},
    {"service_code", FieldKind::service_code},
}};

FieldKind kind_from_text(const std::string& text, const std::string& where) {
  for (const auto& [name, kind] : k_kinds) {
    if (name == text) return kind;
  }
  data::fault(where, "unknown kind \"" + text + "\"");
}

Condition condition_or(const json::object& object, std::string_view key, Condition otherwise,
                       const std::string& where) {
  const json::value* found = object.if_contains(key);
  if (!found) return otherwise;
  try {
    return Condition::from_json(*found);
  } catch (const std::runtime_error& error) {
    data::fault(where + ", " + std::string(key), error.what());
  }
}

std::size_t size_or_zero(const json::object& object, std::string_view key,
                         const std::string& where) {
  const std::int64_t number = data::integer_or(object, key, 0, where);
  if (number < 0) data::fault(where, std::string(key) + " is negative");
  return static_cast<std::size_t>(number);
}

void read_filter(Field& field, const json::object& object, const std::string& where) {
  const json::value* filter = object.if_contains("filter");
  if (!filter) return;
  const json::object& members = data::object(*filter, where);
  if (members.size() != 1) data::fault(where, "a filter has exactly one member");
  field.filter_key = members.begin()->key();
  const json::value& value = members.begin()->value();
  if (value.is_int64()) {
    field.filter_id = value.get_int64();
  } else {
    field.filter_path = data::text(value, where);
  }
}

Field field_from_json(const json::value& value, const std::string& form_id) {
  const json::object& object = data::object(value, form_id);
  Field field;
  field.id = data::text_of(object, "id", form_id);
  const std::string where = form_id + ", field " + field.id;
  field.path = data::text_of(object, "path", where);
  field.kind = kind_from_text(data::text_of(object, "kind", where), where);
  field.label = labels_from_json(data::member(object, "label", where));
  if (const json::value* official = object.if_contains("official")) {
    field.official = labels_from_json(*official);
  }
  field.shown = condition_or(object, "shown", {}, where);
  field.required = condition_or(object, "required", Condition::never(), where);
  field.advised = condition_or(object, "advised", Condition::never(), where);
  field.min = size_or_zero(object, "min", where);
  field.max = size_or_zero(object, "max", where);
  field.dictionary = data::text_or(object, "dictionary", "", where);
  field.of = data::text_or(object, "of", "", where);
  field.determines_kind = data::flag_or(object, "determines_kind", false, where);
  field.opens = data::texts_or_none(object, "opens", where);
  if (const json::value* preset = object.if_contains("default")) {
    field.preset = std::make_shared<const json::value>(*preset);
  }
  read_filter(field, object, where);
  const bool chooses = field.kind == FieldKind::choice || field.kind == FieldKind::choices;
  if (chooses != !field.dictionary.empty()) data::fault(where, "choices need a dictionary");
  if (field.kind == FieldKind::list) {
    for (const json::value& part : data::array(data::member(object, "fields", where), where)) {
      field.fields.push_back(field_from_json(part, form_id));
    }
  }
  return field;
}

Page page_from_json(const json::value& value, const std::string& form_id) {
  const json::object& object = data::object(value, form_id);
  Page page;
  page.id = data::text_of(object, "id", form_id);
  const std::string where = form_id + ", page " + page.id;
  page.title = labels_from_json(data::member(object, "title", where));
  page.each_site = object.contains("each");
  page.min_sites = size_or_zero(object, "min", where);
  page.max_sites = size_or_zero(object, "max", where);
  for (const json::value& group : data::array(data::member(object, "groups", where), where)) {
    const json::object& members = data::object(group, where);
    const Condition shown = condition_or(members, "shown", {}, where);
    for (const json::value& one : data::array(data::member(members, "fields", where), where)) {
      Field field = field_from_json(one, form_id);
      if (members.contains("shown")) field.shown = Condition::both(shown, field.shown);
      if (field.path.starts_with('.') != page.each_site) {
        data::fault(where, "paths begin with '.' on the page of the websites, and only there: " +
                               field.path);
      }
      page.fields.push_back(std::move(field));
    }
  }
  return page;
}

MaterialRule material_from_json(const json::value& value, const std::string& form_id) {
  const json::object& object = data::object(value, form_id);
  MaterialRule rule;
  rule.purpose = data::text_of(object, "purpose", form_id);
  const std::string where = form_id + ", material " + rule.purpose;
  rule.each_site = data::text_of(object, "scope", where) == "site";
  rule.stage =
      data::text_of(object, "stage", where) == "verification" ? Stage::verification : Stage::submit;
  rule.label = labels_from_json(data::member(object, "label", where));
  rule.shown = condition_or(object, "shown", {}, where);
  rule.required = condition_or(object, "required", Condition::never(), where);
  rule.max_count = static_cast<std::size_t>(data::integer_or(object, "max_count", 1, where));
  rule.limit_kib = static_cast<std::size_t>(data::integer_or(object, "limit_kib", 100, where));
  rule.source = data::text_or(object, "source", "", where);
  for (const json::value& one : data::array(data::member(object, "attachments", where), where)) {
    const json::object& members = data::object(one, where);
    rule.attachments.push_back({data::integer(data::member(members, "kind", where), where),
                                condition_or(members, "when", {}, where)});
  }
  return rule;
}

// "sites.s1.domain" -> {"sites.s1", ".domain"}; {"", path} for all others.
std::pair<std::string, std::string> split_site(std::string_view path) {
  if (!path.starts_with("sites.")) return {"", std::string(path)};
  const std::size_t end = path.find('.', 6);
  if (end == std::string_view::npos) return {std::string(path), ""};
  return {std::string(path.substr(0, end)), std::string(path.substr(end))};
}

const Field* find_field(const Form& form, std::string_view relative) {
  for (const Page& page : form.pages) {
    for (const Field& field : page.fields) {
      if (field.path == relative) return &field;
    }
  }
  return nullptr;
}

// The part of `parts` with this id (a material: this purpose and scope).
const json::object& part_named(const json::array& parts, const json::object& wanted,
                               const std::string& where) {
  const std::string id = data::text_of(wanted, "take", where);
  const json::value* scope = wanted.if_contains("scope");
  for (const json::value& part : parts) {
    const json::object& object = data::object(part, where);
    const bool is_material = object.contains("purpose");
    if (data::text_of(object, is_material ? "purpose" : "id", where) != id) continue;
    if (is_material && scope && *scope != object.at("scope")) continue;
    return object;
  }
  data::fault(where, "there is no \"" + id + "\" to take");
}

bool listed(const json::object& by, std::string_view key, const std::string& id,
            const std::string& where) {
  const std::vector<std::string> ids = data::texts_or_none(by, key, where);
  return std::ranges::find(ids, id) != ids.end();
}

// Pages have groups, groups have fields.
constexpr std::string_view k_parts[] = {"groups", "fields"};

json::array expand_parts(const json::array& parts, const json::array& base, std::size_t depth,
                         const std::string& where);

json::object expand_part(const json::object& part, const json::array& base, std::size_t depth,
                         const std::string& where) {
  const bool takes = part.contains("take");
  const std::string_view below = depth < std::size(k_parts) ? k_parts[depth] : "";
  json::object whole = takes ? part_named(base, part, where) : json::object();
  const json::value* taken = below.empty() ? nullptr : whole.if_contains(below);
  json::array inner = taken ? data::array(*taken, where) : json::array();
  for (const auto& [key, value] : part) {
    if (key != "take" && key != "only" && key != "without" && key != below) whole[key] = value;
  }
  if (below.empty()) return whole;
  json::array kept;
  for (const json::value& one : inner) {
    const std::string id = data::text_of(data::object(one, where), "id", where);
    const bool stays = part.contains("only") ? listed(part, "only", id, where)
                                             : !listed(part, "without", id, where);
    if (stays) kept.push_back(one);
  }
  // Parts of its own stand in place of the taken ones; they may take from those.
  if (const json::value* own = part.if_contains(below)) {
    kept = expand_parts(data::array(*own, where), inner, depth + 1, where);
  }
  whole[below] = std::move(kept);
  return whole;
}

json::array expand_parts(const json::array& parts, const json::array& base, std::size_t depth,
                         const std::string& where) {
  json::array whole;
  for (const json::value& part : parts) {
    whole.push_back(expand_part(data::object(part, where), base, depth, where));
  }
  return whole;
}

std::vector<Kind> kinds_from_json(const json::object& form, const std::string& where) {
  std::vector<Kind> kinds;
  for (const std::string& name : data::texts_or_none(form, "kinds", where)) {
    const auto kind = kind_from_string(name);
    if (!kind) data::fault(where, "unknown kind of filing \"" + name + "\"");
    kinds.push_back(*kind);
  }
  if (const auto kind = kind_from_string(data::text_or(form, "kind", "", where))) {
    kinds.push_back(*kind);
  }
  if (kinds.empty()) data::fault(where, "says no kind of filing");
  return kinds;
}

}  // namespace

json::object expand_form(const json::object& form, const json::object& base) {
  const std::string where = "form " + data::text_of(form, "id", "form");
  json::object whole = form;
  const auto expand = [&](const char* key, std::size_t depth) {
    whole[key] = expand_parts(data::array(data::member(form, key, where), where),
                              data::array(data::member(base, key, where), where), depth, where);
  };
  expand("pages", 0);
  expand("materials", std::size(k_parts));
  return whole;
}

std::string Form::name() const { return id == "first_filing" ? version : id + "." + version; }

Form Form::from_json(const json::value& value) {
  const json::object& object = data::object(value, "form");
  Form form;
  form.id = data::text_of(object, "id", "form");
  const std::string where = "form " + form.id;
  form.version = data::text_of(object, "version", where);
  form.kinds = kinds_from_json(object, where);
  for (const json::value& page : data::array(data::member(object, "pages", where), where)) {
    form.pages.push_back(page_from_json(page, where));
  }
  for (const json::value& one : data::array(data::member(object, "materials", where), where)) {
    form.materials.push_back(material_from_json(one, where));
  }
  return form;
}

const Field* Form::field(std::string_view absolute_path) const {
  const auto [item, relative] = split_site(absolute_path);
  // ".domain" alone is no place: only websites have such fields.
  const bool complete = !relative.empty() && relative.starts_with('.') == !item.empty();
  return complete ? find_field(*this, relative) : nullptr;
}

const MaterialRule* Form::material(std::string_view purpose, bool each_site) const {
  for (const MaterialRule& rule : materials) {
    if (rule.purpose == purpose && rule.each_site == each_site) return &rule;
  }
  return nullptr;
}

const Page* Form::sites_page() const {
  for (const Page& page : pages) {
    if (page.each_site) return &page;
  }
  return nullptr;
}

std::string material_path(const MaterialPlace& place) {
  return (place.site.empty() ? "materials." : "sites." + place.site + ".materials.") +
         place.purpose;
}

std::optional<MaterialPlace> material_from_path(std::string_view path) {
  constexpr std::string_view k_part = "materials.";
  const auto [item, relative] = split_site(path);
  const std::string_view rest =
      item.empty() ? relative : std::string_view(relative).substr(relative.empty() ? 0 : 1);
  if (!rest.starts_with(k_part) || rest.size() == k_part.size()) return std::nullopt;
  return MaterialPlace{std::string(rest.substr(k_part.size())), item.empty() ? "" : item.substr(6)};
}

std::vector<PlacedField> placed_fields(const Form& form, const json::object& content,
                                       const std::string& today) {
  std::vector<PlacedField> placed;
  std::size_t fields = 0;
  for (const Page& page : form.pages) fields += page.fields.size();
  placed.reserve(fields);
  const auto add = [&](const Page& page, const std::string& item) {
    const Facts facts{content, today, item};
    for (const Field& field : page.fields) {
      if (field.shown.holds(facts)) {
        placed.push_back({&field, absolute_path(field.path, item), item});
      }
    }
  };
  for (const Page& page : form.pages) {
    if (!page.each_site) {
      add(page, "");
      continue;
    }
    for (const std::string& key : site_keys(content)) add(page, "sites." + key);
  }
  return placed;
}

std::vector<std::string> visible_fields(const Form& form, const json::object& content,
                                        const std::string& today) {
  std::vector<std::string> paths;
  for (PlacedField& placed : placed_fields(form, content, today)) {
    paths.push_back(std::move(placed.path));
  }
  return paths;
}

std::vector<NeededMaterial> required_materials(const Form& form, const json::object& content,
                                               const std::string& today, Stage stage) {
  std::vector<NeededMaterial> needed;
  const auto add = [&](const MaterialRule& rule, const std::string& site) {
    const std::string item = site.empty() ? "" : "sites." + site;
    const Facts facts{content, today, item};
    if (!rule.shown.holds(facts)) return;
    needed.push_back({{rule.purpose, site}, rule.required.holds(facts), &rule});
  };
  for (const MaterialRule& rule : form.materials) {
    if (rule.stage != stage) continue;
    if (!rule.each_site) {
      add(rule, "");
      continue;
    }
    for (const std::string& key : site_keys(content)) add(rule, key);
  }
  return needed;
}

std::vector<std::int64_t> attachment_kinds(const Form& form, const json::object& content,
                                           const MaterialPlace& place) {
  std::vector<std::int64_t> kinds;
  const MaterialRule* rule = form.material(place.purpose, !place.site.empty());
  if (!rule) return kinds;
  const std::string item = place.site.empty() ? "" : "sites." + place.site;
  for (const Attachment& attachment : rule->attachments) {
    if (attachment.when.holds(Facts(content, "", item))) kinds.push_back(attachment.kind);
  }
  return kinds;
}

std::string field_label(const Form& form, std::string_view path, std::string_view locale) {
  if (const auto place = material_from_path(path)) {
    const MaterialRule* rule = form.material(place->purpose, !place->site.empty());
    if (rule) return label_in(rule->label, locale);
  }
  // The part of a list ("sites.s1.approvals.0.number") is called by its own name.
  std::string_view parent = path;
  for (;;) {
    if (const Field* field = form.field(parent)) {
      const std::string_view member = path.substr(path.rfind('.') + 1);
      for (const Field& part : field->fields) {
        if (parent != path && part.path == member) return label_in(part.label, locale);
      }
      return label_in(field->official.empty() ? field->label : field->official, locale);
    }
    const std::size_t dot = parent.rfind('.');
    if (dot == std::string_view::npos) return std::string(path);
    parent = parent.substr(0, dot);
  }
}

}  // namespace beian
