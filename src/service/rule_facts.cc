#include "service/rule_facts.h"

#include <algorithm>
#include <set>

#include "filing/content.h"
#include "filing/derived.h"
#include "service/content_access.h"
#include "service/domain_facts.h"
#include "store/registry.h"
#include "store/rules.h"

namespace beian::service {
namespace {

bool persons_serve_others(Service& s, Reader& reader, const store::Filing& filing,
                          const json::object& content) {
  std::vector<std::string> values{text_at(content, "principal.mobile"),
                                  text_at(content, "principal.certificate_number")};
  for (const std::string& key : site_keys(content))
    values.push_back(text_at(content, "sites." + key + ".manager.mobile"));
  return std::ranges::any_of(values, [&](const std::string& value) {
    return !value.empty() && store::serves_another(reader, s.keys, value, filing.organiser_lookup);
  });
}

// Names of what the organiser has filed here already, bare.
std::vector<std::string> names_filed(Service& s, Reader& reader,
                                     const std::string& organiser_lookup) {
  std::vector<std::string> out;
  const auto organiser = store::find_organiser(reader, s.keys, organiser_lookup);
  if (!organiser) return out;
  for (const store::RegisteredSite& site : store::sites_of(reader, s.keys, organiser->id))
    if (site.state != store::Standing::cancelled && !site.record.empty())
      out.push_back(bare_name(text_at(parse_content(site.record), "name")));
  return out;
}

}  // namespace

bool is_told(std::string_view path) {
  // Of a filing: what it counts, what follows from its answers (filing/derived.h), the registry.
  // Of a website, with a dot: the same, and what was found out about its domain.
  static const std::set<std::string_view> k_told{"$kind",
                                                 "$sites_filed",
                                                 "$sites_new",
                                                 "$sites_total",
                                                 "$principal_is_representative",
                                                 "$representative_same",
                                                 "$name_changes",
                                                 "$name_as_filed",
                                                 "$individual_to_enterprise",
                                                 "$subject_replaced",
                                                 "$certificate_as_filed",
                                                 "$principal_as_filed",
                                                 "$subject_as_filed",
                                                 "$domain_of_representative",
                                                 "$domain_of_officer",
                                                 "$domain_of_parent",
                                                 "$several_numbers",
                                                 "$persons_elsewhere",
                                                 "$.domain_holder",
                                                 "$.domain_until",
                                                 "$.domain_days",
                                                 "$.domain_private",
                                                 "$.name_as_filed",
                                                 "$.name_used_before",
                                                 "$.registrar_domestic",
                                                 "$.resolves_as_filed",
                                                 "$.website_open"};
  return k_told.contains(path);
}

json::object counted_facts(std::string_view kind, const json::object& content, std::int64_t filed) {
  const json::value* sites = content.if_contains("sites");
  const std::int64_t here =
      sites && sites->is_array() ? static_cast<std::int64_t>(sites->get_array().size()) : 0;
  const bool adds = kind == "first_filing" || kind == "new_website";
  return {{"kind", kind},
          {"sites_filed", filed},
          {"sites_new", adds ? here : 0},
          {"sites_total", filed + (adds ? here : 0)}};
}

json::object outside_facts(Service& s, Reader& reader, const store::Filing& filing,
                           const json::object& content) {
  const bool named = !filing.organiser_lookup.empty();
  json::object out =
      counted_facts(to_string(filing.kind), content,
                    named ? store::count_filed_sites(reader, filing.organiser_lookup) : 0);
  if (named && store::count_numbers(reader, filing.organiser_lookup) > 1)
    out["several_numbers"] = true;
  if (named && persons_serve_others(s, reader, filing, content)) out["persons_elsewhere"] = true;
  std::vector<std::string> names;
  if (named && filing.kind == Kind::new_website)
    names = names_filed(s, reader, filing.organiser_lookup);
  json::array sites;
  for (const std::string& key : site_keys(content)) {
    const std::string item = "sites." + key;
    const std::string domain = registrable_of(text_at(content, item + ".domain"));
    json::object site = known_of_domain(s, reader, domain, texts_at(content, item + ".access.ips"));
    site["key"] = key;
    if (std::ranges::find(names, bare_name(text_at(content, item + ".name"))) != names.end())
      site["name_used_before"] = true;
    sites.push_back(std::move(site));
  }
  out["sites"] = std::move(sites);
  return out;
}

}  // namespace beian::service
