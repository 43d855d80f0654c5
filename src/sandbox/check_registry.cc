#include "sandbox/checks.h"
#include "sandbox/registry.h"

namespace beian::sandbox {
namespace {

bool listed(Reader& reader, const std::string& kind, const std::string& value) {
  return reader.query_one("SELECT 1 FROM blacklist WHERE kind = $1 AND value = $2", {kind, value})
      .has_value();
}

// Another provider's access uses one of these addresses.
bool used_elsewhere(Reader& reader, Id isp_id, const bureau::IpRange& range) {
  return reader
      .query_one(
          "SELECT 1 FROM access_ips WHERE first <= $2 AND last >= $1 AND isp_id <> $3 LIMIT 1",
          {static_cast<std::int64_t>(range.first), static_cast<std::int64_t>(range.last), isp_id})
      .has_value();
}

bool in_library(Reader& reader, Id isp_id, const bureau::IpRange& range) {
  return reader
      .query_one(
          "SELECT 1 FROM ip_library WHERE isp_id = $3 AND first <= $1 AND last >= $2 LIMIT 1",
          {static_cast<std::int64_t>(range.first), static_cast<std::int64_t>(range.last), isp_id})
      .has_value();
}

std::int64_t conflict_code(const Claim& claim, bool filed) {
  if (claim.kind == "certificate") return 1003;
  if (claim.kind == "domain") return filed ? 1005 : 1039;
  if (claim.kind == "home_url") return 1021;
  if (claim.kind == "site_name") return 1020;
  if (claim.kind == "site") return 1037;
  return claim.kind == "access" ? 1038 : 1040;
}

}  // namespace

std::vector<bureau::ResultCode> check_registry(Reader& reader, const Dictionaries& dictionaries,
                                               const Settings& settings, Id isp_id,
                                               const bureau::NewFiling& filing) {
  std::vector<bureau::ResultCode> found;
  const auto fail = [&](std::int64_t code, const std::string& about = "") {
    add(found, result_code(dictionaries, code, about));
  };
  for (const auto& claim : claims_of(isp_id, filing)) {
    if (claim.kind == "site_name" && !settings.check_site_names) continue;
    const auto filed = held(reader, claim);
    if (!filed) continue;
    const bool sayable =
        claim.kind == "domain" || claim.kind == "home_url" || claim.kind == "site_name";
    fail(conflict_code(claim, *filed), sayable ? claim.value : "");
  }
  const auto& certificate = filing.organiser.certificate;
  if (listed(reader, "certificate", certificate_claim(certificate.type, certificate.number))) {
    fail(1065);
  }
  for (const auto& site : filing.websites) {
    for (const auto& domain : site.domains) {
      if (listed(reader, "domain", domain_claim(domain.name))) {
        fail(1064, site.name + " " + domain.name);
      }
    }
    for (const auto& access : site.accesses) {
      for (const auto& ip : access.ips) {
        if (used_elsewhere(reader, isp_id, ip)) fail(1024);
        if (settings.check_ip_library && !in_library(reader, isp_id, ip)) fail(1063);
      }
    }
  }
  return found;
}

}  // namespace beian::sandbox
