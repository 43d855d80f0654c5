#include "service/registered.h"

#include <algorithm>

#include "base/text.h"
#include "filing/content.h"
#include "filing/date.h"
#include "service/content_access.h"
#include "store/products.h"

namespace beian::service {
namespace {

constexpr std::uint32_t k_most_addresses = 64;  // of one range, as a form holds them

void put_text(json::object& to, const char* name, const std::string& text) {
  if (!text.empty()) to[name] = text;
}
void put_id(json::object& to, const char* name, std::int64_t id) {
  if (id != 0) to[name] = id;
}
void put_ids(json::object& to, const char* name, const std::vector<std::int64_t>& ids) {
  if (!ids.empty()) to[name] = json::array(ids.begin(), ids.end());
}

json::object person(const bureau::Person& p) {
  json::object out;
  put_text(out, "name", p.name);
  put_text(out, "office_phone", p.office_phone);
  put_text(out, "mobile", p.mobile);
  put_text(out, "email", p.email);
  put_id(out, "certificate_type", p.certificate_type.value_or(0));
  put_text(out, "certificate_number", p.certificate_number);
  return out;
}

json::array ips_text(const std::vector<bureau::IpRange>& ranges) {
  json::array out;
  for (const bureau::IpRange& range : ranges)
    for (std::uint32_t i = 0; i <= range.last - range.first && i < k_most_addresses; ++i)
      if (out.size() < k_most_addresses) out.push_back(json::string(ipv4_text(range.first + i)));
  return out;
}

bool is_ours(const bureau::Access& access, Id isp_id) {
  return access.provider != 0 ? access.provider == isp_id : access.isp_id != 0;
}

// Members of `from` over those of `to`, objects member by member.
void lay_over(json::object& to, const json::object& from) {
  for (const auto& [name, value] : from) {
    json::value& place = to[name];
    if (value.is_object() && place.is_object())
      lay_over(place.get_object(), value.get_object());
    else
      place = value;
  }
}

// Somebody else with another certificate: nothing of the one before holds for him.
void lay_person_over(json::object& to, const char* name, const json::object& from) {
  const json::value* now = from.if_contains(name);
  json::value* before = to.if_contains(name);
  if (!now || !before || !now->is_object() || !before->is_object()) return;
  const json::value* number = now->get_object().if_contains("certificate_number");
  const json::value* old = before->get_object().if_contains("certificate_number");
  if (number && old && *number != *old) *before = json::object();
}

json::object parsed(const std::string& record) {
  return record.empty() ? json::object() : parse_content(record);
}

// The last submission of a filing of ours, complete; empty where there is none.
json::object submitted(Service& s, const store::Filing& filing) {
  return completed_content(s.reference.form_of(filing.kind), parse_content(filing.content),
                           day_to_string(shanghai_day(s.now())));
}

json::object own_part(const json::object& content, std::initializer_list<const char*> names) {
  json::object out;
  for (const char* name : names)
    if (const json::value* value = content.if_contains(name)) out[name] = *value;
  return out;
}

json::object site_in(const json::object& content, const std::string& key) {
  const json::value* site = value_at(content, "sites." + key);
  if (!site || !site->is_object()) return {};
  json::object out = site->get_object();
  for (const char* name : {"key", "change", "id", "number"}) out.erase(name);
  return out;
}

// A filing of ours with its complete answers.
struct Ours {
  const store::Filing* filing;
  json::object content;
  std::vector<store::FilingSite> sites;
};

struct Keeping {
  Service& s;
  Tx& tx;
  Id isp_id;
  Id organiser;
  std::vector<Ours> filings;
};

struct OurSite {
  const Ours* of = nullptr;
  const store::FilingSite* site = nullptr;
};

// Which website of which filing the bureau speaks of.
OurSite site_of(const std::vector<Ours>& filings, const bureau::Website& website) {
  for (const Ours& ours : filings)
    for (const store::FilingSite& site : ours.sites) {
      const bool by_access =
          std::any_of(website.accesses.begin(), website.accesses.end(),
                      [&](const auto& access) { return access.isp_id == site.isp_access_id; });
      if (website.isp_id == site.isp_site_id || by_access) return {&ours, &site};
    }
  return {};
}

// The slot that carries the website is this filing's from now on.
void move_slot(Tx& tx, const std::optional<store::RegisteredSite>& known,
               store::RegisteredSite& row, const store::Filing& filing, const std::string& key) {
  row.filing_id = filing.id;
  row.site_key = key;
  const bool same = known && known->filing_id == filing.id && known->site_key == key;
  if (known && known->filing_id != 0 && !same)
    store::release_slot(tx, known->filing_id, known->site_key);
}

void keep_accesses(Keeping& k, Id site, const bureau::Website& website) {
  for (const bureau::Access& access : website.accesses) {
    store::RegisteredAccess row;
    row.id = new_id();
    row.site_id = site;
    row.bureau_id = access.bureau_id;
    row.isp_id = access.isp_id;
    row.ours = is_ours(access, k.isp_id);
    for (const bureau::IpRange& ip : access.ips)
      row.ips.push_back({ip.isp_id, ip.bureau_id, ip.first, ip.last});
    row.changed_at = k.s.now();
    store::put_registered_access(k.tx, row);
  }
}

void keep_site(Keeping& k, const bureau::Website& website, const bureau::Person& principal) {
  const auto known = website.publication.id != 0
                         ? store::find_site_by_bureau_id(k.tx, k.s.keys, website.publication.id)
                         : store::find_site_by_number(k.tx, k.s.keys, website.publication.number);
  const OurSite ours = site_of(k.filings, website);
  json::object record = known ? record_of(k.s, k.tx, *known) : json::object();
  // An older filing of ours has been laid in before, and a change may have come since.
  const bool fresh = ours.site && (!known || !ours.of->filing->approved_at);
  if (fresh) lay_over(record, site_in(ours.of->content, ours.site->key));
  const json::object published = published_site(website, principal);
  lay_person_over(record, "manager", published);
  lay_over(record, published);
  const bool served =
      std::any_of(website.accesses.begin(), website.accesses.end(),
                  [&](const auto& a) { return is_ours(a, k.isp_id); }) ||
      (website.accesses.empty() && known && known->state == store::Standing::served);
  store::RegisteredSite row;
  row.id = new_id();
  row.organiser_id = k.organiser;
  std::vector<std::string> domains;
  for (const bureau::Domain& domain : website.domains) {
    const std::string registrable = registrable_of(domain.name);
    domains.push_back(registrable.empty() ? to_lower_ascii(domain.name) : registrable);
  }
  row.domain = domains.empty() ? (known ? known->domain : std::string()) : domains.front();
  row.number = website.publication.number;
  row.bureau_id = website.publication.id;
  if (fresh) move_slot(k.tx, known, row, *ours.of->filing, ours.site->key);
  row.record = json::serialize(record);
  row.state = served ? store::Standing::served : store::Standing::filed;
  row.approved_at = row.changed_at = k.s.now();
  const Id id = store::put_registered_site(k.tx, k.s.keys, row);
  for (std::size_t i = 0; i < domains.size(); ++i)
    store::put_registered_domain(
        k.tx, {domains[i], id, k.organiser, website.domains[i].bureau_id, row.state, k.s.now()});
  if (!domains.empty()) store::keep_registered_domains(k.tx, id, domains, k.s.now());
  keep_accesses(k, id, website);
}

}  // namespace

json::object published_organiser(const bureau::Organiser& o) {
  json::object organiser;
  put_id(organiser, "nature", o.nature.value_or(0));
  put_id(organiser, "certificate_type", o.certificate.type);
  put_text(organiser, "certificate_number", o.certificate.number);
  put_text(organiser, "certificate_address", o.certificate.residence);
  put_text(organiser, "name", o.name);
  put_text(organiser, "investor", o.investor);
  const auto division = [&](const char* name, std::int64_t id) {
    if (id != 0) organiser[name] = std::to_string(id);
  };
  division("province", o.address.province);
  division("city", o.address.city.value_or(0));
  division("county", o.address.county.value_or(0));
  put_text(organiser, "address", o.address.detail);
  put_text(organiser, "remark", o.remark);
  return {{"organiser", std::move(organiser)}, {"principal", person(o.principal)}};
}

json::object published_site(const bureau::Website& w, const bureau::Person& principal) {
  json::object site;
  put_text(site, "name", w.name);
  if (!w.domains.empty()) site["domain"] = unicode_domain(w.domains.front().name);
  put_text(site, "home_url", w.home_url);
  put_text(site, "remark", w.remark);
  put_ids(site, "services", w.services);
  put_ids(site, "languages", w.languages);
  if (!w.approvals.empty()) {
    json::array approvals;
    for (const bureau::Approval& a : w.approvals)
      approvals.push_back(json::object{{"kind", a.kind}, {"number", a.number}});
    site["approvals"] = std::move(approvals);
  }
  if (!w.manager.name.empty()) {
    site["manager"] = person(w.manager);
    site["manager_same"] = w.manager.name == principal.name &&
                           w.manager.certificate_number == principal.certificate_number;
  }
  // What a form asks of an access is ours alone.
  for (const bureau::Access& access : w.accesses) {
    if (access.isp_id == 0) continue;
    json::object own;
    if (!access.methods.empty()) own["method"] = access.methods.front();
    put_ids(own, "locations", access.locations);
    if (!access.ips.empty()) own["ips"] = ips_text(access.ips);
    site["access"] = std::move(own);
  }
  return site;
}

json::object record_of(Service& s, Reader& reader, const store::Organiser& organiser) {
  if (!organiser.record.empty()) return parsed(organiser.record);
  for (const store::RegisteredSite& site : store::sites_of(reader, s.keys, organiser.id))
    if (const auto filing = store::find_filing(reader, s.keys, site.filing_id))
      return own_part(submitted(s, *filing), {"organiser", "principal"});
  return {};
}

json::object record_of(Service& s, Reader& reader, const store::RegisteredSite& site) {
  if (!site.record.empty()) return parsed(site.record);
  const auto filing = store::find_filing(reader, s.keys, site.filing_id);
  return filing ? site_in(submitted(s, *filing), site.site_key) : json::object();
}

Id keep_published(Service& s, Tx& tx, const std::string& province, Id isp_id,
                  const bureau::PublishedFiling& published,
                  const std::vector<store::Filing>& filings) {
  Keeping k{s, tx, isp_id, 0, {}};
  for (const store::Filing& filing : filings)
    k.filings.push_back({&filing, submitted(s, filing), store::list_sites(tx, filing.id)});
  const bureau::Organiser& o = published.organiser;
  const auto known = o.publication.id != 0
                         ? store::find_organiser_by_bureau_id(tx, s.keys, o.publication.id)
                         : store::find_organiser_by_number(tx, s.keys, o.publication.number);
  json::object record = known ? record_of(s, tx, *known) : json::object();
  // Only what no record says yet: later filings do not ask for it again.
  if (!known && !k.filings.empty())
    lay_over(record, own_part(k.filings.front().content, {"organiser", "principal"}));
  const json::object said = published_organiser(o);
  lay_person_over(record, "principal", said);
  lay_over(record, said);

  store::Organiser row;
  row.id = new_id();
  row.certificate_lookup =
      store::certificate_lookup(s.keys, number_at(record, "organiser.certificate_type"),
                                text_at(record, "organiser.certificate_number"));
  row.number = o.publication.number;
  row.bureau_id = o.publication.id;
  row.province = o.address.province != 0 ? std::to_string(o.address.province) : province;
  row.account_id = filings.empty() ? 0 : filings.front().account_id;
  row.name = text_at(record, "organiser.name");
  row.record = json::serialize(record);
  row.approved_at = row.changed_at = s.now();
  k.organiser = store::put_organiser(tx, s.keys, row);
  for (const bureau::Website& website : published.websites)
    if (!website.publication.number.empty()) keep_site(k, website, o.principal);
  return k.organiser;
}

namespace {

// Whether the change gave this website another domain than the registered one.
bool gives_domain(const store::Filing& filing, const std::string& key) {
  const json::object content = parse_content(filing.content);
  const json::value* chosen = value_at(content, "sites." + key + ".change.domain");
  const std::string now = registrable_of(text_at(content, "sites." + key + ".domain"));
  return chosen && chosen->is_bool() && chosen->get_bool() && !now.empty() &&
         now != registrable_of(text_at(content, "record.sites." + key + ".domain"));
}

// The website has another domain from now on in the place of `former`, and keeps its others; the
// bureau's id of it comes with its next publication.
void give_domain(Service& s, Tx& tx, const store::RegisteredSite& site, const std::string& former) {
  std::vector<std::string> stay{site.domain};
  for (const store::RegisteredDomain& one : store::domains_of(tx, site.id))
    if (one.state != store::Standing::cancelled && one.domain != former) stay.push_back(one.domain);
  store::put_registered_domain(tx,
                               {site.domain, site.id, site.organiser_id, 0, site.state, s.now()});
  store::keep_registered_domains(tx, site.id, stay, s.now());
}

}  // namespace

void keep_change(Service& s, Tx& tx, const store::Filing& filing) {
  const json::object content = submitted(s, filing);
  auto organiser = store::find_organiser_by_id(tx, s.keys, filing.organiser_id.value_or(0));
  if (!organiser) return;
  organiser->record = json::serialize(own_part(content, {"organiser", "principal"}));
  organiser->name = text_at(content, "organiser.name");
  organiser->changed_at = s.now();
  store::put_organiser(tx, s.keys, *organiser);
  for (const store::FilingSite& site : store::list_sites(tx, filing.id)) {
    const auto known = store::find_site(tx, s.keys, site.registered_id.value_or(0));
    if (!known) continue;
    store::RegisteredSite row = *known;
    row.record = json::serialize(site_in(content, site.key));
    row.changed_at = s.now();
    // A change that left the product as it was leaves the slot where it is.
    if (store::slot_product(tx, filing.id, site.key)) move_slot(tx, known, row, filing, site.key);
    const bool moves = gives_domain(filing, site.key);
    if (moves) row.domain = site.domain;
    store::put_registered_site(tx, s.keys, row);
    if (moves) give_domain(s, tx, row, known->domain);
  }
}

void end_access(Service& s, Tx& tx, const store::RegisteredSite& site) {
  store::set_site_standing(tx, site.id, store::Standing::filed, s.now());
  store::release_slot(tx, site.filing_id, site.site_key);
}

void end_site(Service& s, Tx& tx, const store::RegisteredSite& site) {
  store::set_site_standing(tx, site.id, store::Standing::cancelled, s.now());
  store::release_slot(tx, site.filing_id, site.site_key);
}

void end_organiser(Service& s, Tx& tx, const store::Organiser& organiser) {
  for (const store::RegisteredSite& site : store::sites_of(tx, s.keys, organiser.id))
    if (site.state != store::Standing::cancelled) end_site(s, tx, site);
  store::cancel_organiser(tx, organiser.id, s.now());
}

bool end_record(Service& s, Tx& tx, bureau::RecordKind scope, Id bureau_id) {
  if (scope == bureau::RecordKind::organiser) {
    const auto organiser = store::find_organiser_by_bureau_id(tx, s.keys, bureau_id);
    if (organiser) end_organiser(s, tx, *organiser);
    return organiser.has_value();
  }
  if (scope == bureau::RecordKind::website) {
    const auto site = store::find_site_by_bureau_id(tx, s.keys, bureau_id);
    if (site) end_site(s, tx, *site);
    return site.has_value();
  }
  const auto access = store::find_access_by_bureau_id(tx, bureau_id);
  const auto site = access ? store::find_site(tx, s.keys, access->site_id) : std::nullopt;
  if (!site) return false;
  if (access->ours) {
    end_access(s, tx, *site);
  } else {
    store::RegisteredAccess gone = *access;
    gone.cancelled = true;
    gone.changed_at = s.now();
    store::put_registered_access(tx, gone);
  }
  return true;
}

}  // namespace beian::service
