#include "sandbox/assignments.h"

#include "base/json.h"
#include "base/refusal.h"
#include "base/text.h"
#include "bureau/wire_limits.h"
#include "sandbox/china_time.h"
#include "sandbox/console_json.h"
#include "sandbox/contact.h"
#include "sandbox/domain_filing.h"
#include "sandbox/inside.h"
#include "sandbox/ip_filing.h"
#include "sandbox/tasks.h"

namespace beian::sandbox {
namespace {

using bureau::Download;
using bureau::RecordKind;

[[noreturn]] void refuse(const std::string& field) {
  throw Refusal(RefusalCode::invalid, "request_invalid",
                {Problem{field, "sandbox_setting_invalid", {}, "", "", true}});
}

Subject require_subject(Reader& reader, Id id) {
  auto subject = find_subject(reader, id);
  if (!subject) throw Refusal(RefusalCode::not_found, "sandbox_order_unknown");
  if (subject->cancelled) throw Refusal(RefusalCode::conflict, "sandbox_subject_cancelled");
  return std::move(*subject);
}

const bureau::Website& require_site(const Subject& subject, Id id) {
  const auto* site = subject.site(id);
  if (site == nullptr) refuse("site_id");
  return *site;
}

void require_account(Reader& reader, const Line& line) {
  if (!find_account(reader, line.province, line.isp_id)) refuse("isp_id");
}

// Keeps the task and sends its file.
void give(Tx& tx, const Setup& setup, Task task, const json::object& detail,
          const Download& download, Millis now) {
  task.detail = json::serialize(detail);
  task.created_at = now;
  insert_task(tx, task);
  queue_file(tx, province_at(setup, task.province), task.isp_id, download, now);
}

Task task_of(const std::string& kind, const Line& line, Id subject = 0, std::string key = "") {
  Task task;
  task.kind = kind;
  task.province = line.province;
  task.isp_id = line.isp_id;
  task.subject = subject;
  task.key = std::move(key);
  return task;
}

// To every provider of the province, or of the country when it is empty: one task, many files.
void give_all(Tx& tx, const Setup& setup, const std::string& kind, const std::string& province,
              const json::object& detail, const Download& download, Millis now) {
  auto task = task_of(kind, {province, 0});
  task.detail = json::serialize(detail);
  task.created_at = now;
  insert_task(tx, task);
  for (const auto& line : listeners(tx, province)) {
    queue_file(tx, province_at(setup, line.province), line.isp_id, download, now);
  }
}

// The providers of the filing (of one website when `site` is not 0) that fetch files.
std::vector<Line> played_providers(Reader& reader, const Subject& subject, Id site) {
  const auto providers =
      site == 0 ? providers_of(subject.filing) : providers_of(require_site(subject, site));
  std::vector<Line> lines;
  for (const auto id : providers) {
    const auto account = find_account(reader, subject.province, id);
    if (account && account->role != k_role_absent) lines.push_back({subject.province, id});
  }
  if (lines.empty()) throw Refusal(RefusalCode::conflict, "sandbox_nobody_to_tell");
  return lines;
}

json::object about(const Subject& subject, Id site) {
  json::object detail{{"number", subject.number}, {"name", subject.filing.organiser.name}};
  if (site != 0) {
    const auto& of = require_site(subject, site);
    detail["number"] = of.publication.number;
    detail["site_name"] = of.name;
    detail["site_id"] = std::to_string(site);
  }
  return detail;
}

bureau::Inspection inspection_of(const Finding& finding, const Subject& subject, Id provider,
                                 const std::string& today) {
  bureau::Inspection inspection;
  const auto& organiser = subject.filing.organiser;
  if (finding.kind == "organiser") {
    inspection.organisers = {{subject.id, organiser.name, organiser.certificate.type,
                              organiser.certificate.number, finding.reason, ""}};
    return inspection;
  }
  const auto& site = require_site(subject, finding.site);
  const auto& [id, number, first_filed, last_changed] = site.publication;
  if (finding.kind == "hollow") {
    inspection.hollow_websites = {{id, number, true, today, site.home_url, finding.reason}};
  } else if (finding.kind == "dead") {
    inspection.liveness = {{id, number, std::nullopt, today, site.home_url, finding.reason}};
  } else if (finding.kind == "filed_but_absent" || finding.kind == "present_but_unfiled") {
    bureau::AccessFinding one;
    one.website_id = id;
    one.website_number = number;
    one.provider = provider;
    one.inspected = today;
    one.remark = finding.reason;
    const bool absent = finding.kind == "filed_but_absent";
    one.finding = static_cast<std::int64_t>(absent ? bureau::AccessMismatch::filed_but_absent
                                                   : bureau::AccessMismatch::present_but_unfiled);
    if (!absent) {
      one.domain = site.domains.at(0).name;
      one.resolved_ip = finding.resolved_ip;
    }
    for (const auto& access : site.accesses) {
      if (absent && access.provider == provider) one.access_id = access.bureau_id;
    }
    inspection.accesses = {std::move(one)};
  } else {
    refuse("finding");
  }
  return inspection;
}

void require_sighting(Reader& reader, const Sighting& sighting) {
  require_account(reader, sighting.line);
  if (!is_domain(sighting.domain) || sighting.domain.size() > 128) refuse("domain");
  if (sighting.ip == 0) refuse("ip");
}

json::object sighting_json(const Sighting& sighting) {
  return {{"domain", sighting.domain},
          {"ip", dotted(sighting.ip)},
          {"times", sighting.times},
          {"remark", sighting.remark}};
}

std::pair<std::int64_t, std::string> certificate_in(const std::string& value) {
  const auto colon = value.find(':');
  if (colon == std::string::npos || colon == 0 || colon > 3) refuse("value");
  for (std::size_t i = 0; i < colon; ++i) {
    if (value[i] < '0' || value[i] > '9') refuse("value");
  }
  const auto type = std::stoll(value.substr(0, colon));
  if (type < 1 || colon + 1 == value.size()) refuse("value");
  return {type, value.substr(colon + 1)};
}

Download listing_of(const Listing& listing) {
  Download download;
  const auto change = static_cast<std::int64_t>(listing.remove ? bureau::ListChange::remove
                                                               : bureau::ListChange::add);
  if (listing.kind == "domain") {
    const auto name = listing.name.empty() ? listing.value : listing.name;
    download.blacklisted_websites = {{name, {listing.value}, "", change, ""}};
  } else {
    const auto [type, number] = certificate_in(listing.value);
    const auto name = listing.name.empty() ? number : listing.name;
    download.blacklisted_organisers = {{name, std::nullopt, type, number, change, ""}};
  }
  return download;
}

std::vector<Download> in_files(std::vector<bureau::PublishedFiling> filings) {
  std::vector<Download> files;
  for (auto& filing : filings) {
    if (files.empty() || files.back().synchronisation.filings.size() >= bureau::k_max_records) {
      files.emplace_back();
    }
    files.back().synchronisation.filings.push_back(std::move(filing));
  }
  return files;
}

}  // namespace

void give_verification(Tx& tx, const Setup& setup, Id id, const std::string& remark, Millis now) {
  const auto subject = require_subject(tx, id);
  for (const auto& line : played_providers(tx, subject, 0)) {
    auto told = as_told_to(tx, subject, line.isp_id);
    for (auto& site : told.websites) {
      for (auto& access : site.accesses) access.filed_by_provider = true;
    }
    Download download;
    download.verification_tasks = {{told.organiser, told.websites, remark}};
    auto detail = about(subject, 0);
    detail["remark"] = remark;
    give(tx, setup, task_of("verification", line, id, std::to_string(id)), detail, download, now);
  }
}

void give_notice(Tx& tx, const Setup& setup, Id id, Id site, const std::string& text, Millis now) {
  if (text.empty() || count_characters(text) > 255) refuse("text");
  const auto subject = require_subject(tx, id);
  for (const auto& line : played_providers(tx, subject, site)) {
    auto detail = about(subject, site);
    Download download;
    const auto scope = site == 0 ? RecordKind::organiser : RecordKind::website;
    download.notices = {{static_cast<std::int64_t>(scope),
                         std::string(detail.at("number").as_string()), site == 0 ? id : site, text,
                         ""}};
    detail["text"] = text;
    give(tx, setup, task_of("notice", line, id), detail, download, now);
  }
}

void give_finding(Tx& tx, const Setup& setup, const Finding& finding, Millis now) {
  if (count_characters(finding.reason) > 512) refuse("reason");
  const auto subject = require_subject(tx, finding.subject);
  const Id site = finding.kind == "organiser" ? 0 : finding.site;
  for (const auto& line : played_providers(tx, subject, site)) {
    Download download;
    download.inspection = inspection_of(finding, subject, line.isp_id, china_date(now));
    auto detail = about(subject, site);
    detail["finding"] = finding.kind;
    detail["reason"] = finding.reason;
    if (finding.resolved_ip != 0) detail["ip"] = dotted(finding.resolved_ip);
    give(tx, setup, task_of("finding", line, subject.id), detail, download, now);
  }
}

void give_unfiled(Tx& tx, const Setup& setup, const Sighting& sighting, Millis now) {
  require_sighting(tx, sighting);
  const auto& line = sighting.line;
  auto task = task_of("unfiled", line, 0, unfiled_key(sighting.domain, sighting.ip));
  task.id = next_number(tx, "task", k_first_record);
  Download download;
  bureau::UnfiledWebsite one;
  one.id = task.id;
  one.domain = sighting.domain;
  one.ip = sighting.ip;
  one.last_detected = one.first_detected = china_date(now);
  one.times_detected = sighting.times;
  one.province = province_at(setup, line.province).code;
  one.provider = line.isp_id;
  one.carrier = setup.units.empty() ? line.isp_id : setup.units[0].id;
  one.remark = sighting.remark;
  download.unfiled_websites = {std::move(one)};
  give(tx, setup, std::move(task), sighting_json(sighting), download, now);
}

void give_illegal_access(Tx& tx, const Setup& setup, const Sighting& sighting, Millis now) {
  require_sighting(tx, sighting);
  const auto& line = sighting.line;
  auto task = task_of("illegal_access", line);
  task.id = next_number(tx, "task", k_first_record);
  Download download;
  download.illegal_accesses = {{task.id, sighting.domain, sighting.ip, line.isp_id,
                                province_at(setup, line.province).code, china_date(now),
                                sighting.remark}};
  give(tx, setup, std::move(task), sighting_json(sighting), download, now);
}

void give_ip_finding(Tx& tx, const Setup& setup, const IpFinding& finding, Millis now) {
  require_account(tx, finding.line);
  if (finding.first == 0 || finding.first > finding.last) refuse("first");
  const auto record = tx.query_one(
      "SELECT id, first, last FROM ip_records WHERE isp_id = $1 AND first <= $3 AND last >= $2 "
      "ORDER BY kind, id LIMIT 1",
      {finding.line.isp_id, static_cast<std::int64_t>(finding.first),
       static_cast<std::int64_t>(finding.last)});
  const Id id = record ? record->integer(0) : 0;
  const auto first = record ? static_cast<std::uint32_t>(record->integer(1)) : finding.first;
  const auto last = record ? static_cast<std::uint32_t>(record->integer(2)) : finding.last;
  const Id other = setup.units.empty() ? k_first_record : setup.units[0].id;
  constexpr std::int64_t k_allocation = 2, k_source = 1;
  Download download;
  if (finding.kind == "overrun") {
    download.ip.overruns = {
        {id, first, last, k_allocation, finding.first, finding.last, finding.remark}};
  } else if (finding.kind == "conflict") {
    download.ip.conflicts = {
        {id, first, last, other, finding.first, finding.last, k_source, finding.remark}};
  } else if (finding.kind == "unreported") {
    download.ip.unreported = {{finding.first, finding.last, other, k_source, finding.remark}};
  } else {
    refuse("finding");
  }
  const json::object detail{{"finding", finding.kind},
                            {"first", dotted(finding.first)},
                            {"last", dotted(finding.last)},
                            {"remark", finding.remark}};
  give(tx, setup, task_of("ip_finding", finding.line), detail, download, now);
}

void change_blacklist(Tx& tx, const Setup& setup, const Listing& given, Millis now) {
  auto listing = given;
  if (listing.kind == "domain") {
    listing.value = domain_claim(listing.value);
    if (!is_domain(listing.value)) refuse("value");
  } else if (listing.kind == "certificate") {
    const auto [type, number] = certificate_in(listing.value);
    listing.value = certificate_claim(type, number);
  } else {
    refuse("kind");
  }
  const auto changed = tx.execute(
      listing.remove ? "DELETE FROM blacklist WHERE kind = $1 AND value = $2"
                     : "INSERT INTO blacklist (kind, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
      {listing.kind, listing.value});
  if (changed == 0) return;
  const auto download = listing_of(listing);
  const json::object detail{{"kind", listing.kind},
                            {"value", listing.value},
                            {"name", listing.name},
                            {"remove", listing.remove}};
  give_all(tx, setup, "blacklist", listing.province, detail, download, now);
}

void give_codes(Tx& tx, const Setup& setup, const CodeChange& change, const std::string& province,
                Millis now) {
  change_code(tx, change);
  Download download;
  download.codes = code_lists(tx, setup, change.list);
  const json::object detail{
      {"list", change.list}, {"id", change.id}, {"name", change.name}, {"valid", change.valid}};
  give_all(tx, setup, "dictionary", province, detail, download, now);
}

std::size_t synchronise(Tx& tx, const Setup& setup, const Line& line, const std::string& what,
                        Millis now) {
  require_account(tx, line);
  std::vector<Download> files;
  std::size_t records = 0;
  if (what == "filings") {
    std::vector<bureau::PublishedFiling> filings;
    for (const auto& row :
         tx.query("SELECT DISTINCT sites.subject_id FROM accesses "
                  "JOIN sites ON sites.id = accesses.site_id "
                  "JOIN subjects ON subjects.id = sites.subject_id "
                  "WHERE accesses.isp_id = $1 AND subjects.province = $2 ORDER BY 1",
                  {line.isp_id, line.province})) {
      filings.push_back(as_told_to(tx, find_subject(tx, row.integer(0)).value(), line.isp_id));
    }
    records = filings.size();
    files = in_files(std::move(filings));
  } else if (what == "ips") {
    Download one;
    one.synchronisation.ips = filed_ips(tx, line.isp_id);
    const auto& ips = one.synchronisation.ips;
    records = ips.sources.size() + ips.allocations.size() + ips.broadcasts.size() + ips.own.size();
    if (records > 0) files = {std::move(one)};
  } else if (what == "domains") {
    Download one;
    one.synchronisation.domains = filed_domains(tx, line.isp_id);
    records = one.synchronisation.domains.size();
    if (records > 0) files = {std::move(one)};
  } else if (what == "codes") {
    Download one;
    one.synchronisation.codes = code_lists(tx, setup, "");
    records = 1;
    files = {std::move(one)};
  } else {
    refuse("what");
  }
  auto task = task_of("synchronisation", line);
  task.detail = json::serialize(
      json::object{{"what", what}, {"records", static_cast<std::int64_t>(records)}});
  task.created_at = now;
  insert_task(tx, task);
  for (const auto& file : files) {
    queue_file(tx, province_at(setup, line.province), line.isp_id, file, now);
  }
  return records;
}

}  // namespace beian::sandbox
