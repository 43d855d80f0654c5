#include "service/domain_changes.h"

#include "filing/content.h"
#include "filing/date.h"
#include "service/content_access.h"

namespace beian::service {
namespace {

const json::value& published(const Service& s) {
  static const json::value document = read_json_file(s.config.data_dir + "/domain_changes.json");
  return document;
}

bool is_yes(const json::object& content, const std::string& path) {
  const json::value* value = value_at(content, path);
  return value && value->is_bool() && value->get_bool();
}

}  // namespace

bool domain_may_change(const Service& s, const std::string& province) {
  const std::string today = day_to_string(shanghai_day(s.now()));
  for (const json::value& item : as_object(published(s)).at("bureaus").as_array()) {
    const json::object& bureau = as_object(item);
    if (get_string(bureau, "province") == province && get_string(bureau, "since") <= today)
      return true;
  }
  return false;
}

void require_domains_stay(const Service& s, const store::Filing& filing,
                          const std::vector<Change>& changes) {
  if (filing.kind != Kind::change || domain_may_change(s, filing.province)) return;
  std::vector<Problem> fixed;
  for (const Change& change : changes)
    if (change.path.starts_with("sites.") && change.path.ends_with(".domain"))
      fixed.push_back({change.path, "domain_fixed", {}, "", "", true});
  if (!fixed.empty()) throw Refusal(RefusalCode::invalid, "content_invalid", fixed);
}

std::vector<Problem> check_domain_changes(const Service& s, const store::Filing& filing,
                                          const json::object& content) {
  std::vector<Problem> out;
  const bool allowed = domain_may_change(s, filing.province);
  for (const std::string& key : site_keys(content)) {
    const std::string field = "sites." + key + ".domain";
    const std::string before = registrable_of(text_at(content, "record.sites." + key + ".domain"));
    const std::string now = registrable_of(text_at(content, field));
    const bool chosen = is_yes(content, "sites." + key + ".change.domain");
    if (before != now && !(allowed && chosen))
      out.push_back({field, "domain_fixed", {}, "", "", true});
    else if (chosen && before == now)
      out.push_back({field, "domain_same", {}, "", "", true});
  }
  return out;
}

}  // namespace beian::service
