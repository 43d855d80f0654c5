#include "service/hand_over.h"

#include <algorithm>

#include "base/text.h"
#include "bureau/auth.h"
#include "filing/content.h"
#include "filing/date.h"
#include "service/content_access.h"
#include "service/materials.h"
#include "service/registered.h"
#include "store/materials.h"
#include "store/registry.h"

namespace beian::service {
namespace {

// The interface wants at least 11 characters of a phone (Fzr_dhhm): a landline comes with its dash.
bureau::Person person_at(const json::object& content, const std::string& base) {
  bureau::Person p;
  p.name = text_at(content, base + ".name");
  p.office_phone = text_at(content, base + ".office_phone");
  p.mobile = text_at(content, base + ".mobile");
  p.email = text_at(content, base + ".email");
  if (const auto type = number_at(content, base + ".certificate_type"); type != 0)
    p.certificate_type = type;
  p.certificate_number = text_at(content, base + ".certificate_number");
  return p;
}

std::int64_t division_at(const json::object& content, const std::string& path) {
  return id_from_string(text_at(content, path)).value_or(0);
}

bureau::Organiser organiser_of(const store::Filing& filing, const json::object& content) {
  bureau::Organiser o;
  o.isp_id = filing.id;
  o.name = text_at(content, "organiser.name");
  o.nature = number_at(content, "organiser.nature");
  o.investor = text_at(content, "organiser.investor");
  o.address.province = division_at(content, "organiser.province");
  o.address.city = division_at(content, "organiser.city");
  if (const auto county = division_at(content, "organiser.county"); county != 0)
    o.address.county = county;
  o.address.detail = text_at(content, "organiser.address");
  o.certificate = {number_at(content, "organiser.certificate_type"),
                   text_at(content, "organiser.certificate_number"),
                   text_at(content, "organiser.certificate_address")};
  o.principal = person_at(content, "principal");
  o.remark = text_at(content, "organiser.remark");
  return o;
}

// IPv4 as the interface writes it: one number, the first octet highest (specification 3.1).
std::uint32_t ipv4_number(const std::string& ip) {
  std::uint32_t out = 0;
  for (const std::string& part : split(ip, '.'))
    out = (out << 8) | static_cast<std::uint32_t>(id_from_string(part).value_or(0) & 0xff);
  return out;
}

// Which addresses the site answers at: as typed, else all of its product's.
std::vector<bureau::IpRange> ips_of(const json::object& content, const std::string& base,
                                    Id ip_base) {
  std::vector<bureau::IpRange> out;
  for (const std::string& ip : texts_at(content, base + ".ips")) {
    if (ip.find(':') != std::string::npos) continue;  // V3.0 carries 32-bit addresses only
    const std::uint32_t number = ipv4_number(ip);
    out.push_back({ip_base + static_cast<Id>(out.size()), 0, number, number});
  }
  return out;
}

bureau::Website website_of(const json::object& content, const store::FilingSite& site) {
  const std::string base = "sites." + site.key;
  bureau::Website w;
  w.key = site.key;
  w.isp_id = site.isp_site_id;
  w.name = text_at(content, base + ".name");
  w.services = numbers_at(content, base + ".services");
  w.languages = numbers_at(content, base + ".languages");
  w.domains = {{site.isp_domain_id, 0, text_at(content, base + ".domain")}};
  bureau::Access access;
  access.isp_id = site.isp_access_id;
  access.locations = numbers_at(content, base + ".access.locations");
  access.methods = numbers_at(content, base + ".access.method");
  access.ips = ips_of(content, base + ".access", site.isp_ip_base);
  w.accesses = {access};
  w.manager = person_at(content, base + ".manager");
  w.home_url = text_at(content, base + ".home_url");
  w.remark = text_at(content, base + ".remark");
  return w;
}

void add_approvals(bureau::Website& website, const json::object& content,
                   const std::vector<std::string>& scans) {
  const json::value* list = value_at(content, "sites." + website.key + ".approvals");
  if (!list || !list->is_array()) return;
  for (const json::value& item : list->get_array()) {
    const json::object& object = as_object(item);
    website.approvals.push_back(
        {opt_int(object, "kind").value_or(0), opt_string(object, "number").value_or(""), scans});
  }
}

}  // namespace

namespace {

// A filing with everything that goes to the bureau of it.
struct Composing {
  Service& s;
  const store::Filing& filing;
  const Form& form;
  json::object raw, content;  // as answered, and complete
  std::vector<store::FilingSite> sites;
  std::vector<store::Material> materials;
  std::optional<store::Organiser> organiser;  // registered

  // What the bureau passed before is not sent again.
  bool goes(const store::FilingSite& site) const { return site.outcome != "passed"; }
  const store::FilingSite* site(const std::string& key) const {
    for (const store::FilingSite& one : sites)
      if (one.key == key) return &one;
    return nullptr;
  }
  std::string password_hash() const { return text_at(raw, "proof.password_hash"); }
  Id organiser_id() const { return organiser ? organiser->bureau_id : 0; }
  std::string organiser_number() const { return filing.organiser_number.value_or(""); }
};

std::vector<std::string> scans_of(const Composing& c, const std::string& key) {
  std::vector<std::string> scans;
  for (const store::Material& m : c.materials)
    if (m.purpose == "approval" && m.site_key == key)
      scans.push_back(read_blob_of(c.s, m, Size::fitted));
  return scans;
}

bureau::Website composed_site(const Composing& c, const store::FilingSite& site) {
  bureau::Website website = website_of(c.content, site);
  add_approvals(website, c.content, scans_of(c, site.key));
  return website;
}

// Ssdxbs: a first filing names our records, everything later those of the bureau. An organiser
// whose id only the bureau knows goes by its number.
void address(const Composing& c, const store::FilingSite* site, bureau::Attachment& a) {
  a.owner = static_cast<std::int64_t>(site ? bureau::AttachmentOwner::website
                                           : bureau::AttachmentOwner::organiser);
  if (c.filing.kind == Kind::first_filing && !c.organiser) {
    a.owner_id = site ? site->isp_site_id : c.filing.id;
  } else if (!site) {
    a.owner_id = c.organiser_id();
    if (a.owner_id == 0) a.owner_number = c.organiser_number();
  } else if (c.filing.kind == Kind::new_website || c.filing.kind == Kind::first_filing) {
    a.owner_id = site->isp_site_id;
  } else {
    a.owner_number = site->number.value_or("");
  }
}

std::vector<bureau::Attachment> attachments_of(const Composing& c) {
  std::vector<bureau::Attachment> out;
  for (const store::Material& m : c.materials) {
    const store::FilingSite* of = c.site(m.site_key);
    if (of && !c.goes(*of)) continue;
    for (std::int64_t kind : attachment_kinds(c.form, c.content, {m.purpose, m.site_key})) {
      // What proves the organiser is the organiser's, whichever website it came with (code 1061).
      const auto purpose = static_cast<bureau::AttachmentPurpose>(kind);
      const bool of_organiser = purpose == bureau::AttachmentPurpose::organiser_certificate ||
                                purpose == bureau::AttachmentPurpose::principal_certificate;
      const bool first = c.filing.kind == Kind::first_filing && !c.organiser;
      const store::FilingSite* site = of_organiser && !first ? nullptr : of;
      bureau::Attachment a;
      a.format = static_cast<std::int64_t>(bureau::AttachmentFormat::jpeg);
      a.purpose = kind;
      address(c, site, a);
      a.bytes = read_blob_of(c.s, m, Size::fitted);
      out.push_back(std::move(a));
    }
  }
  return out;
}

bureau::NewFiling new_filing(const Composing& c) {
  bureau::NewFiling out;
  out.organiser = organiser_of(c.filing, c.content);
  for (const store::FilingSite& site : c.sites) out.websites.push_back(composed_site(c, site));
  out.attachments = attachments_of(c);
  return out;
}

bureau::NewWebsites new_websites(const Composing& c) {
  bureau::NewWebsites out;
  out.organiser_number = c.organiser_number();
  out.organiser_id = c.organiser_id();
  for (const store::FilingSite& site : c.sites)
    if (c.goes(site)) out.websites.push_back(composed_site(c, site));
  out.attachments = attachments_of(c);
  out.password_hash = c.password_hash();
  return out;
}

std::vector<bureau::NewAccess> new_accesses(const Composing& c) {
  std::vector<bureau::NewAccess> out;
  for (const store::FilingSite& site : c.sites) {
    if (!c.goes(site)) continue;
    bureau::NewAccess access;
    access.website_number = site.number.value_or("");
    access.access = website_of(c.content, site).accesses.front();
    access.attachments = attachments_of(c);
    // The schema of 2013 demands the element, also since there are no passwords any more.
    access.password_hash = c.password_hash();
    if (access.password_hash.empty()) access.password_hash = bureau::filing_password_hash("");
    out.push_back(std::move(access));
  }
  return out;
}

// The website's domains as they are registered; one that the filing names anew stands in the place
// of that by which the website was known.
std::vector<bureau::Domain> domains_with(const std::vector<store::RegisteredDomain>& registered,
                                         const std::string& known_by, const bureau::Domain& named) {
  const std::string name = registrable_of(named.name);
  const bool known = std::ranges::any_of(registered, [&](const store::RegisteredDomain& one) {
    return one.state != store::Standing::cancelled && one.domain == name;
  });
  std::vector<bureau::Domain> out;
  if (!known) out.push_back(named);
  for (const store::RegisteredDomain& one : registered)
    if (one.state != store::Standing::cancelled && (known || one.domain != known_by)) {
      // Given by a change that is not published yet: the bureau's id of it is not known.
      const bool unpublished = one.bureau_id == 0 && one.domain == name;
      out.push_back(unpublished
                        ? named
                        : bureau::Domain{one.bureau_id, one.bureau_id, unicode_domain(one.domain)});
    }
  return out;
}

// The registered website with the bureau's ids, and what the filing changes of it. `key` empty: as
// it is registered.
std::optional<bureau::Website> changed_site(const Composing& c, Reader& reader,
                                            const store::RegisteredSite& registered,
                                            const store::FilingSite* site) {
  json::object content = c.content;
  store::FilingSite place;
  if (site) {
    place = *site;
  } else {
    place.key = "registered";
    place.isp_site_id = registered.id;
    place.isp_ip_base = registered.id;
    json::object record = record_of(c.s, reader, registered);
    record["key"] = place.key;
    content["sites"].as_array().push_back(std::move(record));
  }
  bureau::Website website = website_of(content, place);
  add_approvals(website, content, site ? scans_of(c, site->key) : std::vector<std::string>{});
  website.publication = {registered.bureau_id, registered.number, "", ""};
  const bureau::Domain named = website.domains.front();
  website.domains =
      domains_with(store::domains_of(reader, registered.id), registered.domain, named);
  const bureau::Access asked = website.accesses.front();
  website.accesses.clear();
  for (const store::RegisteredAccess& access : store::accesses_of(reader, registered.id)) {
    if (access.cancelled || !access.ours || access.bureau_id == 0) continue;
    bureau::Access one = asked;
    one.isp_id = access.isp_id;
    one.bureau_id = access.bureau_id;
    for (bureau::IpRange& ip : one.ips)
      for (const store::RegisteredIp& old : access.ips)
        if (old.first == ip.first && old.last == ip.last)
          ip = {old.isp_id, old.bureau_id, ip.first, ip.last};
    website.accesses.push_back(std::move(one));
  }
  if (website.accesses.empty()) return std::nullopt;  // served by others alone: not ours to change
  return website;
}

bureau::Change change_of(const Composing& c) {
  bureau::Change out;
  out.organiser = organiser_of(c.filing, c.content);
  out.organiser.isp_id = 0;
  out.organiser.publication = {c.organiser_id(), c.organiser_number(), "", ""};
  c.s.db.read([&](Reader& reader) {
    for (const store::FilingSite& site : c.sites) {
      const auto registered = store::find_site(reader, c.s.keys, site.registered_id.value_or(0));
      if (!registered) continue;
      if (auto website = changed_site(c, reader, *registered, &site))
        out.websites.push_back(std::move(*website));
    }
    // The interface wants one website at least (Wz_xx 1..n), also where only the organiser changes.
    if (!out.websites.empty() || !c.organiser) return;
    for (const store::RegisteredSite& one : store::sites_of(reader, c.s.keys, c.organiser->id)) {
      if (one.state != store::Standing::served) continue;
      if (auto website = changed_site(c, reader, one, nullptr)) {
        out.websites.push_back(std::move(*website));
        return;
      }
    }
  });
  out.attachments = attachments_of(c);
  out.password_hash = c.password_hash();
  return out;
}

std::vector<bureau::Cancellation> cancellations_of(const Composing& c) {
  std::vector<bureau::Cancellation> out;
  bureau::Cancellation order;
  order.reason = number_at(c.content, "cancel.reason");
  order.reason_text = text_at(c.content, "cancel.remark");
  order.password_hash = c.password_hash();
  if (c.filing.kind == Kind::cancel_organiser) {
    order.scope = static_cast<std::int64_t>(bureau::RecordKind::organiser);
    order.record = c.organiser_id();
    return {order};
  }
  c.s.db.read([&](Reader& reader) {
    for (const store::FilingSite& site : c.sites) {
      const auto registered = store::find_site(reader, c.s.keys, site.registered_id.value_or(0));
      if (!c.goes(site) || !registered) continue;
      if (c.filing.kind == Kind::cancel_website) {
        order.scope = static_cast<std::int64_t>(bureau::RecordKind::website);
        order.record = registered->bureau_id;
        out.push_back(order);
        continue;
      }
      order.scope = static_cast<std::int64_t>(bureau::RecordKind::access);
      for (const store::RegisteredAccess& access : store::accesses_of(reader, registered->id)) {
        if (!access.ours || access.cancelled) continue;
        order.record = access.bureau_id;
        out.push_back(order);
      }
    }
  });
  return out;
}

}  // namespace

bureau::Upload compose_upload(Service& s, const store::Filing& filing, Id isp_id) {
  const Form& form = s.reference.form_of(filing.kind);
  Composing c{s, filing, form, parse_content(filing.content), {}, {}, {}, std::nullopt};
  c.content = completed_content(form, c.raw, day_to_string(shanghai_day(s.now())));
  s.db.read([&](Reader& reader) {
    c.sites = store::list_sites(reader, filing.id);
    c.materials = store::list_materials(reader, filing.id);
    if (filing.organiser_id)
      c.organiser = store::find_organiser_by_id(reader, s.keys, *filing.organiser_id);
  });
  bureau::Upload upload;
  upload.unit = isp_id;
  switch (filing.kind) {
    case Kind::first_filing:
      // The organiser has its number: the bureau passed some of the websites before.
      if (c.organiser)
        upload.new_websites = {new_websites(c)};
      else
        upload.new_filings = {new_filing(c)};
      break;
    case Kind::new_website:
      upload.new_websites = {new_websites(c)};
      break;
    case Kind::new_access:
      upload.new_accesses = new_accesses(c);
      break;
    case Kind::change:
      upload.changes = {change_of(c)};
      break;
    default:
      upload.cancellations = cancellations_of(c);
  }
  return upload;
}

}  // namespace beian::service
