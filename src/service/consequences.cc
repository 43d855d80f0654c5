#include "service/consequences.h"

#include <algorithm>

#include "base/text.h"
#include "filing/kind.h"
#include "filing/lifecycle.h"
#include "service/act.h"
#include "service/content_access.h"

namespace beian::service {
namespace {

std::string domains_of(const std::vector<store::RegisteredSite>& sites) {
  std::vector<std::string> out;
  for (const store::RegisteredSite& site : sites) out.push_back(unicode_domain(site.domain));
  return join(out, ", ");
}

// Websites that another provider serves as well, as far as the bureau told us.
std::vector<store::RegisteredSite> served_elsewhere(
    Reader& reader, const std::vector<store::RegisteredSite>& sites) {
  std::vector<store::RegisteredSite> out;
  for (const store::RegisteredSite& site : sites) {
    const auto accesses = store::accesses_of(reader, site.id);
    if (std::any_of(accesses.begin(), accesses.end(),
                    [](const auto& access) { return !access.ours && !access.cancelled; }))
      out.push_back(site);
  }
  return out;
}

std::size_t count_filed(Reader& reader, const Service& s, Id organiser) {
  const auto sites = store::sites_of(reader, s.keys, organiser);
  return static_cast<std::size_t>(std::count_if(sites.begin(), sites.end(), [](const auto& site) {
    return site.state != store::Standing::cancelled;
  }));
}

}  // namespace

std::vector<Consequence> consequences_of(Service& s, Reader& reader, Kind kind,
                                         const Chosen& chosen) {
  std::vector<Consequence> out;
  if (!is_cancel(kind)) return out;
  const auto elsewhere = served_elsewhere(reader, chosen.sites);
  const TextParams params{{"number", chosen.organiser.number},
                          {"domains", domains_of(chosen.sites)},
                          {"count", std::to_string(chosen.sites.size())},
                          {"elsewhere", domains_of(elsewhere)}};
  const auto add = [&](const char* code, bool grave) { out.push_back({code, params, grave}); };
  if (kind == Kind::cancel_organiser) {
    add("organiser_ends", true);
  } else if (kind == Kind::cancel_website) {
    add("site_ends", true);
    if (chosen.sites.size() == count_filed(reader, s, chosen.organiser.id))
      add("last_website", true);
  } else {
    add("access_ends", false);
    if (elsewhere.size() < chosen.sites.size()) add("last_access", true);
  }
  if (kind != Kind::cancel_access && !elsewhere.empty()) add("other_providers", true);
  if (policy_of(s, chosen.organiser.province).sms && kind != Kind::cancel_access)
    add("sms_follows", false);
  add("slots_freed", false);
  return out;
}

std::vector<Consequence> consequences_of(Service& s, Reader& reader, const store::Filing& filing) {
  if (!is_cancel(filing.kind) || !filing.organiser_id || is_final(filing.state)) return {};
  const auto organiser = store::find_organiser_by_id(reader, s.keys, *filing.organiser_id);
  if (!organiser) return {};
  Chosen chosen{*organiser, {}};
  for (const store::FilingSite& site : store::list_sites(reader, filing.id))
    if (const auto registered = store::find_site(reader, s.keys, site.registered_id.value_or(0)))
      chosen.sites.push_back(*registered);
  return consequences_of(s, reader, filing.kind, chosen);
}

json::array show_consequences(const Service& s, const std::vector<Consequence>& all,
                              std::string_view locale) {
  json::array out;
  for (const Consequence& one : all)
    out.push_back(json::object{
        {"code", one.code},
        {"grave", one.grave},
        {"title", s.texts.render(locale, "consequences", one.code + ".title", one.params)},
        {"text", s.texts.render(locale, "consequences", one.code + ".text", one.params)}});
  return out;
}

}  // namespace beian::service
