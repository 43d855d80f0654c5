#include "service/hand_over.h"

#include <algorithm>

#include "base/text.h"
#include "filing/content.h"
#include "service/content_access.h"
#include "service/materials.h"
#include "store/materials.h"

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

bureau::Upload compose_upload(Service& s, const store::Filing& filing, Id isp_id) {
  struct Rows {
    std::vector<store::FilingSite> sites;
    std::vector<store::Material> materials;
  };
  const Rows rows = s.db.read([&](Reader& reader) {
    return Rows{store::list_sites(reader, filing.id), store::list_materials(reader, filing.id)};
  });
  const json::object raw = parse_content(filing.content);
  const json::object content =
      completed_content(s.reference.form, raw, day_to_string(shanghai_day(s.now())));
  bureau::NewFiling out;
  out.organiser = organiser_of(filing, content);
  for (const store::FilingSite& site : rows.sites) {
    bureau::Website website = website_of(content, site);
    std::vector<std::string> scans;
    for (const store::Material& m : rows.materials)
      if (m.purpose == "approval" && m.site_key == site.key)
        scans.push_back(read_blob_of(s, m, Size::fitted));
    add_approvals(website, content, scans);
    out.websites.push_back(std::move(website));
  }
  for (const store::Material& m : rows.materials) {
    const auto site =
        std::find_if(rows.sites.begin(), rows.sites.end(),
                     [&](const auto& candidate) { return candidate.key == m.site_key; });
    for (std::int64_t kind : attachment_kinds(s.reference.form, content, {m.purpose, m.site_key})) {
      bureau::Attachment a;
      a.format = static_cast<std::int64_t>(bureau::AttachmentFormat::jpeg);
      a.purpose = kind;
      a.owner =
          static_cast<std::int64_t>(site == rows.sites.end() ? bureau::AttachmentOwner::organiser
                                                             : bureau::AttachmentOwner::website);
      a.owner_id = site == rows.sites.end() ? filing.id : site->isp_site_id;
      a.bytes = read_blob_of(s, m, Size::fitted);
      out.attachments.push_back(std::move(a));
    }
  }
  bureau::Upload upload;
  upload.new_filings.push_back(std::move(out));
  upload.unit = isp_id;
  return upload;
}

}  // namespace beian::service
