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

std::int64_t conflict_code(const Claim& claim, const Holder& holder, const Target& target) {
  if (claim.kind == "certificate") return 1003;
  if (claim.kind == "domain") {
    const bool own = target.subject && holder.subject == target.subject->id;
    return holder.filed && !own ? 1005 : 1039;
  }
  if (claim.kind == "home_url") return 1021;
  if (claim.kind == "site_name") return 1020;
  if (claim.kind == "site") return 1037;
  return claim.kind == "access" ? 1038 : 1040;
}

class RegistryCheck {
 public:
  RegistryCheck(Reader& reader, const Situation& situation) : reader_(reader), s_(situation) {}

  void claims(const Record& record, const Target& target) {
    for (const auto& claim : claims_of(s_.isp_id, record, target)) {
      if (claim.kind == "site_name" && !s_.settings.check_site_names) continue;
      const auto holder = held(reader_, s_.isp_id, claim);
      if (!holder) continue;
      const bool sayable =
          claim.kind == "domain" || claim.kind == "home_url" || claim.kind == "site_name";
      fail(conflict_code(claim, *holder, target), sayable ? claim.value : "");
    }
  }

  void organiser(const bureau::Organiser& organiser) {
    if (listed(reader_, "certificate", certificate_of(organiser).value)) fail(1065);
  }

  void website(const bureau::Website& site) {
    for (const auto& domain : site.domains) {
      if (listed(reader_, "domain", domain_claim(domain.name))) {
        fail(1064, site.name + " " + domain.name);
      }
    }
    for (const auto& one : site.accesses) access(one);
  }

  void access(const bureau::Access& access) {
    for (const auto& ip : access.ips) {
      if (used_elsewhere(reader_, s_.isp_id, ip)) fail(1024);
      if (s_.settings.check_ip_library && !in_ip_library(reader_, s_.isp_id, ip)) fail(1063);
    }
  }

  std::vector<bureau::ResultCode> done() { return std::move(found_); }

 private:
  void fail(std::int64_t code, const std::string& about = "") {
    add(found_, result_code(s_.dictionaries, code, about));
  }

  Reader& reader_;
  const Situation& s_;
  std::vector<bureau::ResultCode> found_;
};

}  // namespace

bool in_ip_library(Reader& reader, Id isp_id, const bureau::IpRange& range) {
  const Params within{static_cast<std::int64_t>(range.first), static_cast<std::int64_t>(range.last),
                      isp_id};
  return reader
             .query_one(
                 "SELECT 1 FROM ip_library WHERE isp_id = $3 AND first <= $1 AND last >= $2 LIMIT "
                 "1",
                 within)
             .has_value() ||
         // Used by a customer or by the provider itself; not what it passed on or keeps in reserve.
         reader
             .query_one(
                 "SELECT 1 FROM ip_records WHERE isp_id = $3 AND first <= $1 AND last >= $2 "
                 "AND (kind = 'own' OR (kind = 'allocation' AND manner IN (1, 3))) LIMIT 1",
                 within)
             .has_value();
}

std::vector<bureau::ResultCode> check_registry(Reader& reader, const Situation& situation,
                                               const Record& record, const Target& target) {
  RegistryCheck check(reader, situation);
  check.claims(record, target);
  const auto websites = [&](const auto& sites) {
    for (const auto& site : sites) check.website(site);
  };
  switch (record.operation) {
    case Operation::new_filing:
      check.organiser(record.filing().organiser);
      websites(record.filing().websites);
      break;
    case Operation::new_website:
      if (target.subject) check.organiser(target.subject->filing.organiser);
      websites(record.websites().websites);
      break;
    case Operation::new_access:
      check.access(record.access().access);
      break;
    case Operation::change:
      check.organiser(record.change().organiser);
      websites(record.change().websites);
      break;
    default:
      break;
  }
  return check.done();
}

}  // namespace beian::sandbox
