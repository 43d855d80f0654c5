#include "filing/derived.h"

#include <boost/json.hpp>
#include <optional>
#include <vector>

#include "base/text.h"
#include "filing/condition.h"
#include "filing/content.h"

namespace beian {
namespace {

constexpr std::int64_t k_enterprise = 4, k_individual = 5;  // dictionary natures

std::string text_of(const json::object& content, std::string_view path) {
  const json::value* value = value_at(content, path);
  return value && value->is_string() ? std::string(value->get_string()) : "";
}

std::int64_t number_of(const json::object& content, std::string_view path) {
  const json::value* value = value_at(content, path);
  return value && value->is_int64() ? value->get_int64() : 0;
}

bool has_han(std::string_view text) {
  if (!is_utf8(text)) return false;
  for (char32_t c : to_code_points(text))
    if (c > 0x2E7F) return true;
  return false;
}

// Are the two texts the same? Nothing where one of them is not there.
std::optional<bool> agree(const std::string& a, const std::string& b) {
  const std::string x = bare_name(a), y = bare_name(b);
  if (x.empty() || y.empty()) return std::nullopt;
  return x == y;
}

class Derived {
 public:
  Derived(const json::object& content, json::object& known)
      : content_(content), known_(known), record_(record_of(content)) {}

  void tell() {
    tell("principal_is_representative", agree(at("principal.name"), representative()));
    if (record_) tell_of_record(*record_);
    tell_of_sites();
  }

 private:
  std::string at(std::string_view path) const { return text_of(content_, path); }
  std::string representative() const { return at("organiser.representative"); }

  void tell(std::string_view name, std::optional<bool> is) {
    if (is) known_[name] = *is;
  }

  std::optional<bool> as_filed(const json::object& record, std::string_view path) const {
    return agree(at(path), text_of(record, path));
  }

  void tell_of_record(const json::object& record) {
    const auto name = as_filed(record, "organiser.name");
    const auto number = as_filed(record, "organiser.certificate_number");
    const auto type_now = number_of(content_, "organiser.certificate_type");
    const auto type_then = number_of(record, "organiser.certificate_type");
    std::optional<bool> certificate = number;
    if (number && type_now && type_then) certificate = *number && type_now == type_then;
    tell("name_as_filed", name);
    if (name) tell("name_changes", !*name);
    tell("certificate_as_filed", certificate);
    std::optional<bool> principal = as_filed(record, "principal.name");
    if (const auto its = as_filed(record, "principal.certificate_number"); principal && its)
      principal = *principal && *its;
    tell("principal_as_filed", principal);
    tell("representative_same",
         agree(representative(), text_of(record, "organiser.representative")));
    if (name && certificate && principal)
      tell("subject_as_filed", *name && *certificate && *principal);
    const auto nature_now = number_of(content_, "organiser.nature");
    const auto nature_then = number_of(record, "organiser.nature");
    if (!nature_now || !nature_then) return;
    tell("individual_to_enterprise", nature_then == k_individual && nature_now == k_enterprise);
    // An organisation may be renamed; a person of another name is another person.
    if (number && name)
      tell("subject_replaced", !*number || (nature_then == k_individual && !*name));
  }

  // Whose the name is; empty where that cannot be told.
  std::string holder(const std::string& name) const {
    const std::string bare = bare_name(name), organiser = at("organiser.name");
    if (bare.empty() || bare_name(organiser).empty()) return "";
    const auto is = [&](const std::string& other) { return bare == bare_name(other); };
    if (is(organiser)) return "organiser";
    if (!has_han(name) && has_han(organiser)) return "";  // pinyin, or the English name
    const bool individual = number_of(content_, "organiser.nature") == k_individual;
    if (individual) return "other";
    if (is(representative())) return "representative";
    if (is(at("principal.name"))) return representative().empty() ? "" : "principal";
    for (const std::string& key : site_keys(content_))
      if (is(at("sites." + key + ".manager.name"))) return "manager";
    if (is(at("organiser.investor"))) return "parent";
    return representative().empty() ? "" : "other";
  }

  json::object known_of(const std::string& key) const {
    const json::value* site = value_at(known_, "sites." + key);
    return site && site->is_object() ? site->get_object() : json::object{{"key", key}};
  }

  void tell_of_sites() {
    json::array sites;
    bool all = true;
    std::vector<std::string> holders;
    for (const std::string& key : site_keys(content_)) {
      json::object site = known_of(key);
      const std::string item = "sites." + key;
      const auto first = [&](const char* registered, const char* typed) {
        const std::string known = text_of(site, registered);
        return known.empty() ? at(item + typed) : known;
      };
      const std::string whose = holder(first("registered_holder", ".domain_holder"));
      if (whose.empty())
        all = false;
      else
        site["domain_holder"] = whose;
      holders.push_back(whose);
      if (const std::string until = first("registered_until", ".domain_until"); !until.empty())
        site["domain_until"] = until;
      if (record_)
        if (const auto same = as_filed(*record_, item + ".name")) site["name_as_filed"] = *same;
      sites.push_back(std::move(site));
    }
    const auto held_by = [&](std::string_view name, std::vector<std::string_view> roles) {
      for (const std::string& whose : holders)
        for (std::string_view role : roles)
          if (whose == role) return tell(name, true);
      if (all && !holders.empty()) tell(name, false);
    };
    held_by("domain_of_representative", {"representative"});
    held_by("domain_of_officer", {"principal", "manager"});
    held_by("domain_of_parent", {"parent"});
    known_["sites"] = std::move(sites);
  }

  const json::object& content_;
  json::object& known_;
  const json::object* record_;
};

}  // namespace

std::string bare_name(std::string_view text) {
  if (!is_utf8(text)) return {};
  std::vector<char32_t> out;
  for (char32_t c : to_code_points(clean_line(text))) {
    if (c >= U'a' && c <= U'z') c -= U'a' - U'A';
    const bool plain = (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z');
    const bool script = c > 0x2E7F && (c < 0x3000 || c > 0x303F) && c < 0xFF00;
    if (plain || script || c > 0xFFFF) out.push_back(c);
  }
  return from_code_points(out);
}

json::object derive_facts(const json::object& content, json::object known) {
  Derived(content, known).tell();
  return known;
}

}  // namespace beian
