#include "service/registry_views.h"

#include "base/text.h"
#include "documents/certificate_sheet.h"
#include "filing/date.h"
#include "filing/vocabulary.h"
#include "service/act.h"
#include "service/content_access.h"
#include "service/proof.h"
#include "service/registered.h"
#include "service/views.h"
#include "store/registry.h"

namespace beian::service {
namespace {

constexpr int k_most_filings = 100;  // of one organiser's history

json::object show_site(Service& s, Reader& reader, const store::RegisteredSite& site) {
  const json::object record = record_of(s, reader, site);
  json::array domains, accesses;
  for (const store::RegisteredDomain& domain : store::domains_of(reader, site.id))
    if (domain.state != store::Standing::cancelled || site.state == store::Standing::cancelled)
      domains.push_back(json::value(unicode_domain(domain.domain)));
  for (const store::RegisteredAccess& access : store::accesses_of(reader, site.id)) {
    json::array ips;
    for (const store::RegisteredIp& ip : access.ips)
      ips.push_back(json::value(ipv4_text(ip.first)));
    accesses.push_back(json::object{{"id", id_to_string(access.id)},
                                    {"ours", access.ours},
                                    {"state", access.cancelled ? "cancelled" : "active"},
                                    {"ips", std::move(ips)}});
  }
  return {{"id", id_to_string(site.id)},     {"number", site.number},
          {"name", text_at(record, "name")}, {"domains", std::move(domains)},
          {"state", to_string(site.state)},  {"approved_at", site.approved_at},
          {"changed_at", site.changed_at},   {"accesses", std::move(accesses)}};
}

json::object show_organiser(Service& s, Reader& reader, const store::Organiser& o,
                            std::string_view locale) {
  json::array sites, filings;
  bool served = false, filed = false;
  for (const store::RegisteredSite& site : store::sites_of(reader, s.keys, o.id)) {
    served = served || site.state == store::Standing::served;
    filed = filed || site.state != store::Standing::cancelled;
    sites.push_back(show_site(s, reader, site));
  }
  json::value in_flight = nullptr;
  for (const store::Filing& filing :
       store::filings_of_organiser(reader, s.keys, o.id, o.account_id, k_most_filings))
    filings.push_back(show_summary(s, reader, filing, locale));
  if (const auto open = store::active_filing_of_organiser(reader, o.certificate_lookup, 0)) {
    const auto fresh = store::freshness(reader, *open);
    if (fresh && fresh->account_id == o.account_id) in_flight = id_to_string(*open);
  }
  json::array can;
  if (!o.cancelled) {
    if (served) can.push_back(json::value(to_string(Kind::change)));
    if (filed) can.push_back(json::value(to_string(Kind::cancel_website)));
    if (served) can.push_back(json::value(to_string(Kind::cancel_access)));
    can.push_back(json::value(to_string(Kind::cancel_organiser)));
  }
  const json::object record = record_of(s, reader, o);
  const json::value* organiser = record.if_contains("organiser");
  json::object who;
  // What a new website's questions ask, so that they need not be answered again.
  for (const char* name : {"nature", "certificate_type", "certificate_number", "province"})
    if (const json::value* value = organiser ? organiser->as_object().if_contains(name) : nullptr)
      who[name] = *value;
  return {{"id", id_to_string(o.id)},
          {"number", o.number},
          {"name", o.name},
          {"province", o.province},
          {"state", o.cancelled ? "cancelled" : "filed"},
          {"approved_at", o.approved_at},
          {"changed_at", o.changed_at},
          {"asks_password", policy_of(s, o.province).filing_password},
          {"who", std::move(who)},
          {"sites", std::move(sites)},
          {"filings", std::move(filings)},
          {"in_flight", std::move(in_flight)},
          {"can", std::move(can)}};
}

}  // namespace

std::string site_sheet(Service& s, Id account, Id id, std::string_view locale) {
  struct Found {
    store::Organiser organiser;
    store::RegisteredSite site;
    std::string name;
    std::vector<std::string> domains;
  };
  const Found found = s.db.read([&](Reader& reader) {
    const auto site = store::find_site(reader, s.keys, id);
    const auto organiser =
        site ? store::find_organiser_by_id(reader, s.keys, site->organiser_id) : std::nullopt;
    if (!organiser || organiser->account_id != account || site->state == store::Standing::cancelled)
      throw Refusal(RefusalCode::not_found, "not_found");
    Found out{*organiser, *site, text_at(record_of(s, reader, *site), "name"), {}};
    for (const store::RegisteredDomain& domain : store::domains_of(reader, id))
      if (domain.state != store::Standing::cancelled)
        out.domains.push_back(unicode_domain(domain.domain));
    return out;
  });
  const auto word = [&](const char* key, const TextParams& params = {}) {
    return s.texts.render(locale, "sheet", key, params);
  };
  const std::string today = day_to_string(shanghai_day(s.now()));
  documents::CertificateSheet sheet;
  sheet.title = word("title");
  sheet.number_label = word("number");
  sheet.number = found.site.number;
  sheet.rows = {{word("site"), found.name},
                {word("domains"), join(found.domains, ", ")},
                {word("organiser"), found.organiser.name},
                {word("organiser_number"), found.organiser.number},
                {word("approved"), day_to_string(shanghai_day(found.site.approved_at))}};
  sheet.note = word("note");
  sheet.link = "https://beian.miit.gov.cn/";
  sheet.link_label = word("link");
  sheet.footer =
      word("footer", {{"provider", s.settings.now()->text("provider.name")}, {"date", today}});
  return documents::certificate_sheet(sheet);
}

json::object show_registry(Service& s, Reader& reader, Id account, std::string_view locale) {
  json::array out;
  for (const store::Organiser& organiser : store::organisers_of(reader, s.keys, account))
    out.push_back(show_organiser(s, reader, organiser, locale));
  return {{"organisers", std::move(out)}};
}

}  // namespace beian::service
