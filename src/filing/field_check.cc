#include "filing/field_check.h"

#include <algorithm>

#include "base/text.h"
#include "filing/data.h"
#include "filing/identity.h"
#include "filing/problem.h"

namespace beian {
namespace {

struct Place {
  const CheckContext& context;
  const Field& field;
  const std::string& path;
  const std::string& item;
  std::vector<Problem>& problems;

  void add(std::string code, std::map<std::string, std::string> params = {},
           bool hard = true) const {
    problems.push_back(problem_at(path, std::move(code), std::move(params), hard));
  }
  void add(std::optional<Problem> problem) const {
    if (!problem) return;
    problem->field = path;
    problems.push_back(std::move(*problem));
  }
  // The text at a related path, or "".
  std::string related(const std::string& of) const {
    const json::value* value = value_at(context.content, absolute_path(of, item));
    return value && value->is_string() ? std::string(value->get_string()) : "";
  }
};

bool is_person_name(const std::vector<char32_t>& points) {
  constexpr std::u32string_view k_allowed = U" .'-()·•";
  return points.size() >= 2 && std::ranges::all_of(points, [&](char32_t c) {
           const bool letter = (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || c >= 0xC0;
           return letter || k_allowed.find(c) != std::u32string_view::npos;
         });
}

void check_characters(const Place& place, const std::vector<char32_t>& points) {
  std::vector<char32_t> bad;
  for (char32_t point : points) {
    const bool line_end = point == U'\n' && place.field.kind == FieldKind::long_text;
    if (!line_end && is_forbidden_character(point) && bad.size() < 10) bad.push_back(point);
  }
  if (!bad.empty()) place.add("text_characters", {{"characters", from_code_points(bad)}});
}

void check_length(const Place& place, std::size_t length) {
  const Field& field = place.field;
  if (field.max > 0 && length > field.max) {
    place.add("text_too_long",
              {{"max", std::to_string(field.max)}, {"length", std::to_string(length)}});
  } else if (length < field.min) {
    place.add("text_too_short",
              {{"min", std::to_string(field.min)}, {"length", std::to_string(length)}});
  }
}

void check_choice(const Place& place, std::int64_t id) {
  const Field& field = place.field;
  const DictionaryEntry* entry = place.context.catalogue.dictionaries.find(field.dictionary, id);
  if (!entry) return place.add("choice_unknown");
  if (!entry->active) return place.add("choice_inactive");
  if (field.filter_key.empty()) return;
  std::optional<std::int64_t> wanted = field.filter_id;
  if (!wanted) {
    const json::value* value =
        value_at(place.context.content, absolute_path(field.filter_path, place.item));
    if (!value || !value->is_int64()) return;  // told at that field
    wanted = value->get_int64();
  }
  if (entry->number(field.filter_key) != wanted) place.add("choice_mismatch");
}

void check_count(const Place& place, std::size_t count) {
  if (place.field.max > 0 && count > place.field.max) {
    place.add("too_many", {{"max", std::to_string(place.field.max)}});
  }
}

void check_division_part(const Place& place, const std::string& code) {
  const Divisions& divisions = place.context.catalogue.divisions;
  const bool province = place.field.kind == FieldKind::province;
  if (!divisions.name(code) || (province && !divisions.is_province(code))) {
    return place.add("division_unknown");
  }
  if (!province && !divisions.is_child(place.related(place.field.of), code)) {
    place.add("division_mismatch");
  }
}

void check_date(const Place& place, const std::string& text) {
  if (place.field.kind == FieldKind::date_or_long && text == "long") return;
  if (!parse_day(text)) place.add("date_invalid");
}

void check_number(const Place& place, const std::string& text) {
  const json::value* type =
      value_at(place.context.content, absolute_path(place.field.of, place.item));
  if (!type || !type->is_int64()) return;  // told at the type
  place.add(check_certificate_number(place.context.catalogue.dictionaries,
                                     place.context.catalogue.divisions, type->get_int64(), text,
                                     place.context.today));
}

void check_text(const Place& place, const std::string& text) {
  const std::vector<char32_t> points = to_code_points(text);
  check_characters(place, points);
  check_length(place, points.size());
  switch (place.field.kind) {
    case FieldKind::person_name:
      if (!is_person_name(points)) place.add("person_name_shape");
      break;
    case FieldKind::certificate_number:
      check_number(place, text);
      break;
    case FieldKind::mobile:
      place.add(check_mobile(text));
      break;
    case FieldKind::phone:
      place.add(check_phone(place.context.catalogue.area_codes, text));
      break;
    case FieldKind::email:
      place.add(check_email(text));
      break;
    case FieldKind::date:
    case FieldKind::date_or_long:
      check_date(place, text);
      break;
    case FieldKind::province:
    case FieldKind::city:
    case FieldKind::county:
      check_division_part(place, text);
      break;
    case FieldKind::domain:
      for (Problem& one : check_domain(place.context.catalogue.suffixes, text)) {
        place.add(std::optional<Problem>(std::move(one)));
      }
      break;
    case FieldKind::url:
      place.add(check_home_url(text, place.related(place.field.of)));
      break;
    default:
      break;
  }
}

void check_ids(const Place& place, const json::value& value) {
  const json::array* list = value.if_array();
  if (!list) return place.add("value_type");
  check_count(place, list->size());
  for (const json::value& id : *list) {
    if (!id.is_int64()) return place.add("value_type");
    check_choice(place, id.get_int64());
  }
}

void check_ips(const Place& place, const json::value& value) {
  const json::array* list = value.if_array();
  if (!list) return place.add("value_type");
  check_count(place, list->size());
  for (const json::value& ip : *list) {
    if (!ip.is_string()) return place.add("value_type");
    place.add(check_ip(ip.get_string()));
  }
}

void check_value(const Place& place, const json::value& value);

// The parts of each entry; they have no conditions of their own beyond being required.
void check_entries(const Place& place, const json::value& value) {
  const json::array* list = value.if_array();
  if (!list) return place.add("value_type");
  check_count(place, list->size());
  for (std::size_t i = 0; i < list->size(); ++i) {
    const json::object* entry = (*list)[i].if_object();
    if (!entry) return place.add("value_type");
    for (const Field& part : place.field.fields) {
      const std::string path = place.path + "." + std::to_string(i) + "." + part.path;
      const Place inner{place.context, part, path, place.item, place.problems};
      const json::value* member = entry->if_contains(part.path);
      if (!is_absent(member)) {
        check_value(inner, *member);
      } else if (part.required.holds(
                     Facts(place.context.content, place.context.today_text, place.item))) {
        inner.add("required");
      }
    }
  }
}

void check_value(const Place& place, const json::value& value) {
  switch (place.field.kind) {
    case FieldKind::choice:
      return value.is_int64() ? check_choice(place, value.get_int64()) : place.add("value_type");
    case FieldKind::choices:
      return check_ids(place, value);
    case FieldKind::yes_no:
      if (!value.is_bool()) place.add("value_type");
      return;
    case FieldKind::ips:
      return check_ips(place, value);
    case FieldKind::list:
      return check_entries(place, value);
    default:
      if (!value.is_string()) return place.add("value_type");
      return check_text(place, std::string(value.get_string()));
  }
}

// A city without counties has none to choose.
bool nothing_to_choose(const Place& place) {
  if (place.field.kind != FieldKind::county) return false;
  const std::string city = place.related(place.field.of);
  return !city.empty() && !place.context.catalogue.divisions.has_children(city);
}

}  // namespace

void check_field(const CheckContext& context, const PlacedField& placed,
                 std::vector<Problem>& problems) {
  const Field& field = *placed.field;
  const Place place{context, field, placed.path, placed.item, problems};
  const json::value* value = value_at(context.content, place.path);
  if (!is_absent(value)) return check_value(place, *value);
  if (nothing_to_choose(place)) return;
  const Facts facts{context.content, context.today_text, placed.item};
  if (field.required.holds(facts)) {
    place.add("required");
  } else if (field.advised.holds(facts)) {
    place.add("advised", {}, false);
  }
}

bool is_forbidden_character(char32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
  const bool private_use = (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
  const bool variation = c == 0xFE0E || c == 0xFE0F;
  // ★ ☆ ♀ ♂ are in GBK and in use; the rest of these blocks are pictures.
  const bool pictures =
      (c >= 0x2600 && c <= 0x27BF && c != 0x2605 && c != 0x2606 && c != 0x2640 && c != 0x2642) ||
      (c >= 0x2B00 && c <= 0x2BFF) || (c >= 0x1F000 && c <= 0x1FBFF);
  return control || private_use || variation || pictures || c == 0xFFFD || (c & 0xFFFE) == 0xFFFE;
}

}  // namespace beian
