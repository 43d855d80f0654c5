#include "sandbox/console_json.h"

#include "base/text.h"

namespace beian::sandbox {
namespace {

json::string id_text(Id id) { return json::string(std::to_string(id)); }

template <typename Map>
json::array named(const std::vector<std::int64_t>& ids, const Map& names) {
  json::array list;
  for (const auto id : ids) {
    const auto found = names.find(id);
    list.push_back(json::object{{"id", id}, {"name", found == names.end() ? "?" : found->second}});
  }
  return list;
}

std::string certificate_name(const Dictionaries& dictionaries, std::int64_t type) {
  const auto found = dictionaries.certificates.find(type);
  return found == dictionaries.certificates.end() ? "?" : found->second.name;
}

json::object person_json(const Dictionaries& dictionaries, const bureau::Person& person) {
  json::object object{{"name", person.name},
                      {"mobile", person.mobile},
                      {"office_phone", person.office_phone},
                      {"email", person.email},
                      {"certificate_number", person.certificate_number}};
  if (person.certificate_type) {
    object["certificate_type"] = *person.certificate_type;
    object["certificate_type_name"] = certificate_name(dictionaries, *person.certificate_type);
  }
  return object;
}

json::object access_json(const Dictionaries& dictionaries, const bureau::Access& access) {
  json::array ips;
  for (const auto& range : access.ips) {
    ips.push_back(json::object{{"first", dotted(range.first)}, {"last", dotted(range.last)}});
  }
  return {{"id", id_text(access.bureau_id)},
          {"isp_id", id_text(access.isp_id)},
          {"provider", id_text(access.provider)},
          {"methods", named(access.methods, dictionaries.methods)},
          {"locations", named(access.locations, dictionaries.locations)},
          {"ips", std::move(ips)}};
}

json::object website_json(const Dictionaries& dictionaries, const bureau::Website& site) {
  json::array domains, accesses, approvals;
  for (const auto& domain : site.domains) domains.push_back(json::value(domain.name));
  for (const auto& access : site.accesses) accesses.push_back(access_json(dictionaries, access));
  for (const auto& approval : site.approvals) {
    const auto found = dictionaries.approvals.find(approval.kind);
    approvals.push_back(
        json::object{{"kind", approval.kind},
                     {"name", found == dictionaries.approvals.end() ? "?" : found->second},
                     {"number", approval.number},
                     {"scans", static_cast<std::int64_t>(approval.scans.size())}});
  }
  json::object object{{"isp_id", id_text(site.isp_id)},
                      {"name", site.name},
                      {"domains", std::move(domains)},
                      {"home_url", site.home_url},
                      {"services", named(site.services, dictionaries.services)},
                      {"languages", named(site.languages, dictionaries.languages)},
                      {"approvals", std::move(approvals)},
                      {"accesses", std::move(accesses)},
                      {"manager", person_json(dictionaries, site.manager)},
                      {"remark", site.remark}};
  if (site.publication.id != 0) {
    object["id"] = id_text(site.publication.id);
    object["number"] = site.publication.number;
  }
  return object;
}

json::object organiser_json(const Dictionaries& dictionaries, const bureau::Organiser& organiser) {
  json::object object{
      {"isp_id", id_text(organiser.isp_id)},
      {"name", organiser.name},
      {"investor", organiser.investor},
      {"certificate_type", organiser.certificate.type},
      {"certificate_type_name", certificate_name(dictionaries, organiser.certificate.type)},
      {"certificate_number", organiser.certificate.number},
      {"certificate_address", organiser.certificate.residence},
      {"province", std::to_string(organiser.address.province)},
      {"city", organiser.address.city ? std::to_string(*organiser.address.city) : ""},
      {"county", organiser.address.county ? std::to_string(*organiser.address.county) : ""},
      {"address", organiser.address.detail},
      {"principal", person_json(dictionaries, organiser.principal)},
      {"remark", organiser.remark}};
  if (organiser.nature) {
    const auto found = dictionaries.natures.find(*organiser.nature);
    object["nature"] = *organiser.nature;
    object["nature_name"] = found == dictionaries.natures.end() ? "?" : found->second.name;
  }
  if (organiser.publication.id != 0) {
    object["id"] = id_text(organiser.publication.id);
    object["number"] = organiser.publication.number;
    object["first_filed"] = organiser.publication.first_filed;
    object["last_changed"] = organiser.publication.last_changed;
  }
  return object;
}

const char* content_type(std::string_view bytes) {
  if (bytes.starts_with("\xff\xd8\xff")) return "image/jpeg";
  if (bytes.starts_with("\x89PNG")) return "image/png";
  return "application/octet-stream";
}

}  // namespace

std::string dotted(std::uint32_t ip) {
  return std::to_string(ip >> 24) + "." + std::to_string(ip >> 16 & 255) + "." +
         std::to_string(ip >> 8 & 255) + "." + std::to_string(ip & 255);
}

json::object order_json(const Order& order) {
  json::array domains, codes;
  for (auto& name : split(order.domains, ' ')) domains.push_back(json::value(name));
  for (auto& code : split(order.codes, ' ')) {
    if (!code.empty()) codes.push_back(json::value(std::stoll(code)));
  }
  json::object object{{"id", id_text(order.id)},
                      {"province", order.province},
                      {"isp_id", id_text(order.isp_id)},
                      {"isp_record", id_text(order.isp_record)},
                      {"kind", name_of(order.operation)},
                      {"state", order.state},
                      {"organiser_name", order.organiser_name},
                      {"domains", std::move(domains)},
                      {"received_at", order.received_at},
                      {"decided_at", nullptr},
                      {"codes", std::move(codes)},
                      {"opinion", order.opinion},
                      {"reviewer", order.reviewer},
                      {"subject_id", nullptr}};
  if (order.decided_at) object["decided_at"] = *order.decided_at;
  object["site_results"] =
      order.site_results.empty() ? json::value(json::array{}) : parse_json(order.site_results);
  if (order.subject != 0) object["subject_id"] = id_text(order.subject);
  return object;
}

json::array attachments_json(const std::vector<bureau::Attachment>& attachments) {
  json::array list;
  for (const auto& attachment : attachments) {
    list.push_back(json::object{{"purpose", attachment.purpose},
                                {"format", attachment.format},
                                {"owner", attachment.owner == 1 ? "organiser" : "website"},
                                {"owner_id", id_text(attachment.owner_id)},
                                {"owner_number", attachment.owner_number},
                                {"bytes", static_cast<std::int64_t>(attachment.bytes.size())},
                                {"remark", attachment.remark}});
  }
  return list;
}

json::object published_json(const Dictionaries& dictionaries,
                            const bureau::PublishedFiling& filing) {
  json::array websites;
  for (const auto& site : filing.websites) websites.push_back(website_json(dictionaries, site));
  return {{"organiser", organiser_json(dictionaries, filing.organiser)},
          {"websites", std::move(websites)}};
}

std::optional<Picture> picture_at(const Record& record, std::size_t index) {
  const auto picture = [](const std::string& bytes) { return Picture{bytes, content_type(bytes)}; };
  for (const auto& attachment : record.attachments()) {
    if (index-- == 0) return picture(attachment.bytes);
  }
  bureau::PublishedFiling filing;
  if (record.operation == Operation::new_filing) filing.websites = record.filing().websites;
  if (record.operation == Operation::new_website) filing.websites = record.websites().websites;
  if (record.operation == Operation::change) filing.websites = record.change().websites;
  for (const auto& site : filing.websites) {
    for (const auto& approval : site.approvals) {
      for (const auto& scan : approval.scans) {
        if (index-- == 0) return picture(scan);
      }
    }
  }
  return std::nullopt;
}

}  // namespace beian::sandbox
