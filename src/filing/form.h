// A form (data/forms) as the program sees it: pages of fields and the materials to bring. The file
// is the contract with the pages; docs/forms.md explains it to whoever edits it.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "filing/condition.h"
#include "filing/dictionary.h"
#include "filing/vocabulary.h"

namespace beian {

enum class FieldKind {
  text,
  long_text,
  person_name,
  choice,   // one id of a dictionary
  choices,  // several
  yes_no,
  date,
  date_or_long,  // a date, or "long" for 长期
  certificate_number,
  mobile,
  phone,
  email,
  province,
  city,
  county,
  domain,
  url,
  ips,
  list,     // objects with the fields of `fields`
  product,  // id of one of the provider's products
  service_code,
};

struct Field {
  std::string id;
  std::string path;  // begins with '.' where the page is repeated for each website
  FieldKind kind = FieldKind::text;
  Labels label;
  Labels official;  // the term of the law, shown small; may be empty
  Condition shown;
  Condition required = Condition::never();
  Condition advised = Condition::never();  // missing is worth a word, no more
  std::size_t min = 0;                     // characters of a text, entries of choices, ips and list
  std::size_t max = 0;
  std::string dictionary;
  std::string filter_key;                 // only entries whose number `filter_key` equals …
  std::string filter_path;                // … the value at this path, or
  std::optional<std::int64_t> filter_id;  // … this one
  std::string of;  // the field it belongs to: type of a number, province of a city, domain of a URL
  bool determines_kind = false;    // changing it asks again which kind of filing this is
  std::vector<std::string> opens;  // fields that a correction of this one opens too
  std::vector<Field> fields;       // of a list; their paths are plain member names
  // What a new draft or website begins with; null where it begins empty.
  std::shared_ptr<const json::value> preset;
};

struct Page {
  std::string id;
  Labels title;
  bool each_site = false;
  std::size_t min_sites = 0;
  std::size_t max_sites = 0;
  std::vector<Field> fields;  // of all groups; a group's `shown` is part of each field's
};

enum class Stage { submit, verification };

struct Attachment {
  std::int64_t kind = 0;  // Fjyt
  Condition when;
};

struct MaterialRule {
  std::string purpose;
  bool each_site = false;
  Stage stage = Stage::submit;
  Labels label;
  Condition shown;
  Condition required;
  std::size_t max_count = 1;
  std::size_t limit_kib = 100;  // the bureau's limit for one file of it
  std::vector<Attachment> attachments;
  std::string source;
};

struct Form {
  std::string id;
  std::string version;      // of the file; `name()` tells forms apart
  std::vector<Kind> kinds;  // which filings it is for
  std::vector<Page> pages;
  std::vector<MaterialRule> materials;

  // Throws std::runtime_error naming the fault: an operator edits these files.
  static Form from_json(const json::value& value);

  // The field behind an absolute path ("sites.s1.domain"), or nullptr.
  const Field* field(std::string_view absolute_path) const;
  const MaterialRule* material(std::string_view purpose, bool each_site) const;
  const Page* sites_page() const;
  // Under which pages fetch it and filings remember it: the first filing's by its version alone.
  std::string name() const;
};

// A form document that takes parts from another one, written out: a page, group, field or material
// {"take": "id", …} is the one of that id in `base` with the other members in place of its own.
// A taken page or group may say which of its parts stay: "only": ["id"] or "without": ["id"].
// Throws std::runtime_error naming the part that is not there.
json::object expand_form(const json::object& form, const json::object& base);

// A material that a filing has or needs. `site` is a key ("s1"), empty for the filing as a whole.
struct MaterialPlace {
  std::string purpose;
  std::string site;
  bool operator==(const MaterialPlace&) const = default;
};
struct NeededMaterial : MaterialPlace {
  bool required = false;
  const MaterialRule* rule = nullptr;  // lives as long as the form
};

// "materials.approval", "sites.s1.materials.approval": the field path of a material.
std::string material_path(const MaterialPlace& place);
std::optional<MaterialPlace> material_from_path(std::string_view path);

// A field that applies, where it stands: `item` is "sites.s1" or empty.
struct PlacedField {
  const Field* field = nullptr;  // lives as long as the form
  std::string path;
  std::string item;
};

// The fields that apply to this content, in the order of the pages.
std::vector<PlacedField> placed_fields(const Form& form, const json::object& content,
                                       const std::string& today);
// Absolute paths of the fields that apply to this content, in the order of the pages.
std::vector<std::string> visible_fields(const Form& form, const json::object& content,
                                        const std::string& today);
// The materials that apply, required or offered, in the order of the form, websites in theirs.
std::vector<NeededMaterial> required_materials(const Form& form, const json::object& content,
                                               const std::string& today, Stage stage);
// The Fjyt numbers under which a material goes to the bureau.
std::vector<std::int64_t> attachment_kinds(const Form& form, const json::object& content,
                                           const MaterialPlace& place);

// What a field is called, for mails and lists of corrections: "网站名称 (example.cn)" style is the
// caller's. Falls back to the path itself.
std::string field_label(const Form& form, std::string_view absolute_path, std::string_view locale);

}  // namespace beian
