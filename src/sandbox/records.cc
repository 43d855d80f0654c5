#include "sandbox/records.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "bureau/codec_v30.h"

namespace beian::sandbox {
namespace {

using bureau::PublishedFiling;
using bureau::RecordKind;
using bureau::Upload;
using bureau::Website;

Operation operation_of(const bureau::Cancellation& cancellation) {
  switch (static_cast<RecordKind>(cancellation.scope)) {
    case RecordKind::organiser:
      return Operation::cancel_organiser;
    case RecordKind::website:
      return Operation::cancel_website;
    case RecordKind::access:
      break;
  }
  return Operation::cancel_access;
}

std::string number_or(const std::string& number, Id id) {
  return number.empty() ? std::to_string(id) : number;
}

template <typename T>
Upload only(std::vector<T> Upload::*group, const T& one, Id unit) {
  Upload alone;
  (alone.*group).push_back(one);
  alone.unit = unit;
  return alone;
}

void target_organiser(Reader& reader, Target& target, Id id, std::int64_t unknown) {
  target.subject = find_subject(reader, id);
  if (!target.subject) target.fault = unknown;
  if (target.subject && target.subject->cancelled) target.fault = 1049;
}

void target_organiser(Reader& reader, Target& target, const std::string& number, Id id) {
  if (number.empty()) return target_organiser(reader, target, id, 1058);
  target_organiser(reader, target, subject_of_number(reader, number).value_or(0), 1016);
}

void target_site(Reader& reader, Target& target, const std::string& number, Id id) {
  const auto place = number.empty() ? find_site(reader, id) : find_site(reader, number);
  if (!place) {
    target.fault = number.empty() ? 1059 : 1016;
    return;
  }
  target.site = place->id;
  target_organiser(reader, target, place->subject, 1058);
  if (place->cancelled && target.fault == 0) target.fault = 1050;
}

void target_access(Reader& reader, Target& target, Id id) {
  const auto place = find_access(reader, id);
  if (!place) {
    target.fault = 1016;
    return;
  }
  target.access = place->id;
  target.access_provider = place->isp_id;
  target.site = place->site;
  target_organiser(reader, target, place->subject, 1058);
}

// A record sent later names what it proves: an organiser or a website, by id or number.
void target_material(Reader& reader, Target& target, const bureau::Attachment& attachment) {
  const auto number = attachment.owner_id == 0 ? attachment.owner_number : "";
  if (attachment.owner == static_cast<std::int64_t>(bureau::AttachmentOwner::website)) {
    return target_site(reader, target, number, attachment.owner_id);
  }
  target_organiser(reader, target, number, attachment.owner_id);
}

std::vector<Claim> claims_of_change(const bureau::Change& change, const Target& target) {
  std::vector<Claim> claims;
  const auto own = certificate_of(change.organiser);
  if (!target.subject || certificate_of(target.subject->filing.organiser).value != own.value) {
    claims.push_back(own);
  }
  for (const auto& site : change.websites) {
    const auto* before = target.subject ? target.subject->site(site.publication.id) : nullptr;
    if (before == nullptr) continue;  // refused for that
    std::vector<Claim> names, had;
    add_names(names, site);
    add_names(had, *before);
    for (auto& claim : names) {
      const bool is_new = std::none_of(had.begin(), had.end(), [&](const auto& one) {
        return one.kind == claim.kind && one.value == claim.value;
      });
      if (is_new) claims.push_back(std::move(claim));
    }
  }
  return claims;
}

// Records without the bureau's id that say the same as before keep the id they had.
void keep_ids(Website& site, const Website& before) {
  for (auto& domain : site.domains) {
    for (const auto& had : before.domains) {
      const bool same = domain_claim(had.name) == domain_claim(domain.name);
      if (domain.bureau_id == 0 && same) domain.bureau_id = had.bureau_id;
    }
  }
}

void keep_ids(bureau::Access& access, const std::vector<bureau::IpRange>& before) {
  for (auto& ip : access.ips) {
    for (const auto& had : before) {
      const bool same = had.first == ip.first && had.last == ip.last;
      if (ip.bureau_id == 0 && same) ip.bureau_id = had.bureau_id;
    }
  }
}

void replace(Website& site, const Website& by) {
  const auto before = site;
  auto accesses = site.accesses;
  site = by;
  site.publication = before.publication;
  keep_ids(site, before);
  for (auto& access : accesses) {
    const auto changed = std::find_if(by.accesses.begin(), by.accesses.end(), [&](const auto& one) {
      return one.bureau_id == access.bureau_id;
    });
    if (changed == by.accesses.end()) continue;
    access.locations = changed->locations;
    access.methods = changed->methods;
    const auto ips = std::exchange(access.ips, changed->ips);
    keep_ids(access, ips);
  }
  site.accesses = std::move(accesses);
}

void apply_change(PublishedFiling& filing, const bureau::Change& change) {
  const auto before = filing.organiser;
  filing.organiser = change.organiser;
  filing.organiser.publication = before.publication;
  filing.organiser.paper_until = before.paper_until;
  filing.organiser.paper_path = before.paper_path;
  filing.organiser.paper_serial = before.paper_serial;
  filing.organiser.reviewer = before.reviewer;
  filing.organiser.reviewed = before.reviewed;
  filing.organiser.filed_by_provider = before.filed_by_provider;
  for (auto& site : filing.websites) {
    const auto by =
        std::find_if(change.websites.begin(), change.websites.end(),
                     [&](const auto& one) { return one.publication.id == site.publication.id; });
    if (by != change.websites.end()) replace(site, *by);
  }
}

}  // namespace

const std::vector<bureau::Attachment>& Record::attachments() const {
  switch (operation) {
    case Operation::new_filing:
      return filing().attachments;
    case Operation::new_website:
      return websites().attachments;
    case Operation::new_access:
      return access().attachments;
    case Operation::change:
      return change().attachments;
    default:
      return alone.materials;
  }
}

std::vector<Record> records_of(const Upload& upload) {
  std::vector<Record> records;
  for (const auto& one : upload.new_filings) {
    records.push_back({Operation::new_filing, only(&Upload::new_filings, one, upload.unit),
                       one.organiser.isp_id, std::to_string(one.organiser.isp_id), ""});
  }
  for (const auto& one : upload.new_websites) {
    records.push_back({Operation::new_website, only(&Upload::new_websites, one, upload.unit),
                       one.websites.empty() ? 0 : one.websites[0].isp_id,
                       number_or(one.organiser_number, one.organiser_id), one.password_hash});
  }
  for (const auto& one : upload.new_accesses) {
    records.push_back({Operation::new_access, only(&Upload::new_accesses, one, upload.unit),
                       one.access.isp_id, number_or(one.website_number, one.access.isp_id),
                       one.password_hash});
  }
  for (const auto& one : upload.changes) {
    records.push_back({Operation::change, only(&Upload::changes, one, upload.unit),
                       one.organiser.publication.id, std::to_string(one.organiser.publication.id),
                       one.password_hash});
  }
  for (const auto& one : upload.cancellations) {
    records.push_back({operation_of(one), only(&Upload::cancellations, one, upload.unit),
                       one.record, std::to_string(one.record), one.password_hash});
  }
  for (const auto& one : upload.materials) {
    records.push_back({Operation::material, only(&Upload::materials, one, upload.unit),
                       one.owner_id,
                       one.owner_id == 0 ? one.owner_number : std::to_string(one.owner_id), ""});
  }
  return records;
}

std::optional<Record> record_of(const std::string& xml) {
  auto records = records_of(bureau::v30::decode_upload(xml).value);
  if (records.empty()) return std::nullopt;
  return std::move(records[0]);
}

Target find_target(Reader& reader, const Record& record) {
  Target target;
  switch (record.operation) {
    case Operation::new_filing:
      break;
    case Operation::new_website:
      target_organiser(reader, target, record.websites().organiser_number,
                       record.websites().organiser_id);
      break;
    case Operation::new_access:
      target_site(reader, target, record.access().website_number, record.access().website_id);
      break;
    case Operation::change:
      target_organiser(reader, target, record.change().organiser.publication.id, 1058);
      break;
    case Operation::cancel_organiser:
      target_organiser(reader, target, record.cancellation().record, 1058);
      break;
    case Operation::cancel_website:
      target_site(reader, target, "", record.cancellation().record);
      break;
    case Operation::cancel_access:
      target_access(reader, target, record.cancellation().record);
      break;
    case Operation::material:
      target_material(reader, target, record.material());
      break;
  }
  return target;
}

std::vector<Claim> claims_of(Id isp_id, const Record& record, const Target& target) {
  std::vector<Claim> claims;
  const auto add_sites = [&](const std::vector<Website>& sites) {
    for (const auto& site : sites) {
      add_own_ids(claims, isp_id, site);
      add_names(claims, site);
    }
  };
  if (record.operation == Operation::new_filing) {
    claims.push_back(certificate_of(record.filing().organiser));
    add_sites(record.filing().websites);
  } else if (record.operation == Operation::new_website) {
    add_sites(record.websites().websites);
  } else if (record.operation == Operation::new_access) {
    add_own_ids(claims, isp_id, record.access().access);
  } else if (record.operation == Operation::change) {
    claims = claims_of_change(record.change(), target);
  }
  return claims;
}

void apply(PublishedFiling& filing, const Record& record, const Target& target, Id isp_id) {
  const auto site = [&] {
    return std::find_if(filing.websites.begin(), filing.websites.end(),
                        [&](const auto& one) { return one.publication.id == target.site; });
  }();
  const bool has_site = site != filing.websites.end();
  const auto add_sites = [&](const std::vector<Website>& sites) {
    for (auto one : sites) {
      for (auto& access : one.accesses) access.provider = isp_id;
      filing.websites.push_back(std::move(one));
    }
  };
  switch (record.operation) {
    case Operation::new_filing:
      filing.organiser = record.filing().organiser;
      return add_sites(record.filing().websites);
    case Operation::new_website:
      return add_sites(record.websites().websites);
    case Operation::new_access:
      if (!has_site) return;
      site->accesses.push_back(record.access().access);
      site->accesses.back().provider = isp_id;
      return;
    case Operation::change:
      return apply_change(filing, record.change());
    case Operation::cancel_website:
      if (has_site) filing.websites.erase(site);
      return;
    case Operation::cancel_access:
      if (has_site) {
        std::erase_if(site->accesses,
                      [&](const auto& access) { return access.bureau_id == target.access; });
      }
      return;
    case Operation::cancel_organiser:
      filing.websites.clear();
      return;
    case Operation::material:
      return;
  }
}

std::string organiser_of(const Record& record, const Target& target) {
  if (record.operation == Operation::new_filing) return record.filing().organiser.name;
  return target.subject ? target.subject->filing.organiser.name : "";
}

std::string domains_of(const Record& record, const Target& target) {
  std::vector<std::string> names;
  const auto add = [&](const Website& site) {
    for (const auto& domain : site.domains) names.push_back(domain.name);
  };
  if (record.operation == Operation::new_filing) {
    for (const auto& site : record.filing().websites) add(site);
  } else if (record.operation == Operation::new_website) {
    for (const auto& site : record.websites().websites) add(site);
  } else if (record.operation == Operation::change) {
    for (const auto& site : record.change().websites) add(site);
  } else if (target.subject) {
    for (const auto& site : target.subject->filing.websites) {
      if (target.site == 0 || site.publication.id == target.site) add(site);
    }
  }
  return join(names, " ");
}

}  // namespace beian::sandbox
