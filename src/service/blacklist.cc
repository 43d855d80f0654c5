#include "service/blacklist.h"

#include "filing/content.h"
#include "filing/date.h"
#include "filing/identity.h"
#include "service/content_access.h"
#include "store/blacklist.h"
#include "store/bureau_tasks.h"
#include "store/owners.h"

namespace beian::service {
namespace {

// The number in one spelling, as the registry looks it up (store/registry.h).
std::string certificate_value(std::int64_t type, const std::string& number) {
  return std::to_string(type) + ":" + canonical_number(number);
}

Problem problem_of(const Service& s, const store::BlacklistEntry& entry, const std::string& field,
                   const std::string& code, const std::string& value) {
  const BureauInfo* bureau = s.reference.bureaus.find(entry.province);
  Problem problem{field, code, {{"value", value}}, "", "", true};
  problem.source = (bureau ? label_in(bureau->name, "zh-CN") : entry.province) + " HMDLB " +
                   day_to_string(shanghai_day(entry.listed_at));
  return problem;
}

void put(Service& s, Tx& tx, store::BlacklistEntry entry, std::int64_t change) {
  if (change == static_cast<std::int64_t>(bureau::ListChange::remove))
    store::remove_blacklist(tx, s.keys, entry);
  else
    store::put_blacklist(tx, s.keys, entry);
}

void warn_of_served(Service& s, Tx& tx, const store::BlacklistEntry& entry) {
  const auto owner = store::owner_of_domain(tx, entry.value);
  if (!owner) return;
  store::BureauTask task;
  task.key = "blacklisted_site/" + entry.province + "/" + entry.value;
  task.province = entry.province;
  task.kind = "blacklisted_site";
  task.subject = unicode_domain(entry.value);
  task.content = entry.label;
  task.account_id = owner->account_id;
  if (owner->filing_id != 0) task.filing_id = owner->filing_id;
  task.file_name = entry.file_name;
  task.received_at = s.now();
  store::put_task(tx, s.keys, task);
}

}  // namespace

std::vector<Problem> blacklist_problems(Service& s, Reader& reader, const Suspect& suspect) {
  std::vector<Problem> out;
  if (!suspect.certificate_number.empty()) {
    const auto found = store::find_blacklist(
        reader, s.keys, "certificate",
        certificate_value(suspect.certificate_type, suspect.certificate_number));
    if (!found.empty())
      out.push_back(
          problem_of(s, found.front(), suspect.certificate_field, "blacklisted_organiser", ""));
  }
  for (const auto& [domain, field] : suspect.domains) {
    if (domain.empty()) continue;
    const auto found = store::find_blacklist(reader, s.keys, "domain", domain);
    if (!found.empty())
      out.push_back(
          problem_of(s, found.front(), field, "blacklisted_domain", unicode_domain(domain)));
  }
  return out;
}

std::vector<Problem> blacklist_problems(Service& s, Reader& reader, const json::object& content) {
  Suspect suspect{number_at(content, "organiser.certificate_type"),
                  text_at(content, "organiser.certificate_number"),
                  "organiser.certificate_number",
                  {}};
  for (const std::string& key : site_keys(content)) {
    const std::string field = "sites." + key + ".domain";
    suspect.domains.emplace_back(registrable_of(text_at(content, field)), field);
  }
  return blacklist_problems(s, reader, suspect);
}

int apply_blacklist(Service& s, Tx& tx, const std::string& province, const std::string& file_name,
                    const bureau::Download& download) {
  int changed = 0;
  const auto entry = [&](std::string kind, std::string value, const std::string& name,
                         const std::string& remark) {
    return store::BlacklistEntry{
        std::move(kind), std::move(value),
        province,        json::serialize(json::object{{"name", name}, {"remark", remark}}),
        s.now(),         file_name};
  };
  for (const bureau::BlacklistedOrganiser& o : download.blacklisted_organisers) {
    put(s, tx,
        entry("certificate", certificate_value(o.certificate_type, o.certificate_number), o.name,
              o.remark),
        o.list_change);
    ++changed;
  }
  for (const bureau::BlacklistedWebsite& w : download.blacklisted_websites)
    for (const std::string& name : w.domains) {
      const std::string domain = registrable_of(name);
      if (domain.empty()) continue;
      const auto listed = entry("domain", domain, w.name, w.remark);
      put(s, tx, listed, w.list_change);
      if (w.list_change != static_cast<std::int64_t>(bureau::ListChange::remove))
        warn_of_served(s, tx, listed);
      ++changed;
    }
  return changed;
}

}  // namespace beian::service
