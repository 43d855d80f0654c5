#include "sandbox/subjects.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/refusal.h"
#include "bureau/codec_v30.h"
#include "sandbox/china_time.h"
#include "sandbox/registry.h"

namespace beian::sandbox {
namespace {

using bureau::PublishedFiling;
using bureau::Website;

// Calls `take(kind, bureau id, provider's id)` for every record of the filing.
template <typename Filing, typename F>
void each_record(Filing& filing, F&& take) {
  take("subject", filing.organiser.publication.id, filing.organiser.isp_id);
  for (auto& site : filing.websites) {
    take("site", site.publication.id, site.isp_id);
    for (auto& domain : site.domains) take("domain", domain.bureau_id, domain.isp_id);
    for (auto& access : site.accesses) {
      take("access", access.bureau_id, access.isp_id);
      for (auto& ip : access.ips) take("ip", ip.bureau_id, ip.isp_id);
    }
  }
}

using Named = std::tuple<Id, std::string, Id>;  // provider, kind, bureau's id

std::map<Named, Id> names_of(Reader& reader, Id subject) {
  std::map<Named, Id> names;
  for (const auto& row : reader.query(
           "SELECT isp_id, kind, bureau_id, own_id FROM provider_ids WHERE subject_id = $1",
           {subject})) {
    names[{row.integer(0), row.text(1), row.integer(2)}] = row.integer(3);
  }
  return names;
}

// Moves the providers' ids out of the filing; those of records that are gone are forgotten.
std::map<Named, Id> take_names(Reader& reader, Subject& subject, Id isp_id) {
  auto names = names_of(reader, subject.id);
  std::set<std::pair<std::string, Id>> present;
  each_record(subject.filing, [&](const char* kind, Id bureau_id, Id& own_id) {
    present.insert({kind, bureau_id});
    if (own_id != 0) names[{isp_id, kind, bureau_id}] = own_id;
    own_id = 0;
  });
  std::erase_if(names, [&](const auto& entry) {
    return present.count({std::get<1>(entry.first), std::get<2>(entry.first)}) == 0;
  });
  return names;
}

void write_names(Tx& tx, Id subject, const std::map<Named, Id>& names) {
  tx.execute("DELETE FROM provider_ids WHERE subject_id = $1", {subject});
  for (const auto& [name, own_id] : names) {
    const auto& [provider, kind, bureau_id] = name;
    tx.execute(
        "INSERT INTO provider_ids (isp_id, kind, bureau_id, own_id, subject_id) "
        "VALUES ($1, $2, $3, $4, $5)",
        {provider, kind, bureau_id, own_id, subject});
  }
}

void number_site(Tx& tx, Subject& subject, Website& site, Id isp_id, const std::string& today) {
  const auto record = [&](const char* series) { return next_number(tx, series, k_first_record); };
  site.key.clear();
  if (site.publication.id == 0) {
    site.publication = {record("Wzid"), fmt::format("{}-{}", subject.number, ++subject.last_site),
                        today, today};
  }
  for (auto& domain : site.domains) {
    if (domain.bureau_id == 0) domain.bureau_id = record("Ymid");
  }
  for (auto& access : site.accesses) {
    if (access.bureau_id == 0) access.bureau_id = record("Jrid");
    if (access.provider == 0) access.provider = isp_id;
    for (auto& ip : access.ips) {
      if (ip.bureau_id == 0) ip.bureau_id = record("Ipid");
    }
  }
}

void number_records(Tx& tx, const Province& province, Subject& subject, Id isp_id, Millis now) {
  const std::string today = china_date(now);
  auto& organiser = subject.filing.organiser;
  if (subject.id == 0) {
    const int year = china_year(now);
    const Id serial = next_number(tx, fmt::format("number/{}/{}", province.path, year));
    subject.id = next_number(tx, "Ztid", k_first_record);
    subject.province = province.path;
    subject.home = isp_id;
    subject.number = fmt::format("{}ICP备{}{:06}号", province.prefix, year, serial);
    organiser.publication = {subject.id, subject.number, today, today};
    organiser.paper_serial = fmt::format("{}{}{:06}", province.code, year, serial);
  }
  organiser.publication.last_changed = today;
  for (auto& site : subject.filing.websites) number_site(tx, subject, site, isp_id, today);
}

void forget_accesses(Tx& tx, Id subject) {
  tx.execute(
      "DELETE FROM access_ips WHERE access_id IN (SELECT accesses.id FROM accesses "
      "JOIN sites ON sites.id = accesses.site_id WHERE sites.subject_id = $1)",
      {subject});
  tx.execute("DELETE FROM accesses WHERE site_id IN (SELECT id FROM sites WHERE subject_id = $1)",
             {subject});
  tx.execute("DELETE FROM domains WHERE site_id IN (SELECT id FROM sites WHERE subject_id = $1)",
             {subject});
}

void index_site(Tx& tx, Id subject, const Website& site) {
  tx.execute(
      "INSERT INTO sites (id, subject_id, number, name, home_url) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT (id) DO UPDATE SET name = excluded.name, home_url = excluded.home_url",
      {site.publication.id, subject, site.publication.number, site.name, site.home_url});
  for (const auto& domain : site.domains) {
    tx.execute("INSERT INTO domains (id, site_id, name) VALUES ($1, $2, $3)",
               {domain.bureau_id, site.publication.id, domain_claim(domain.name)});
  }
  for (const auto& access : site.accesses) {
    tx.execute("INSERT INTO accesses (id, site_id, isp_id) VALUES ($1, $2, $3)",
               {access.bureau_id, site.publication.id, access.provider});
    for (const auto& ip : access.ips) {
      tx.execute(
          "INSERT INTO access_ips (id, isp_id, first, last, access_id) VALUES ($1, $2, $3, $4, $5) "
          "ON CONFLICT (id) DO UPDATE SET access_id = excluded.access_id",
          {ip.bureau_id, access.provider, static_cast<std::int64_t>(ip.first),
           static_cast<std::int64_t>(ip.last), access.bureau_id});
    }
  }
}

void save_claims(Tx& tx, const Subject& subject) {
  tx.execute("DELETE FROM claims WHERE subject_id = $1", {subject.id});
  std::vector<Claim> claims{certificate_of(subject.filing.organiser)};
  for (const auto& site : subject.filing.websites) add_names(claims, site);
  for (const auto& claim : claims) {
    tx.execute(
        "INSERT INTO claims (kind, value, isp_id, order_id, subject_id) VALUES ($1, $2, $3, 0, $4)",
        {claim.kind, claim.value, subject.home, subject.id});
  }
}

// Everything beside the document itself.
void index(Tx& tx, const Subject& subject, Millis now) {
  forget_accesses(tx, subject.id);
  for (const auto& site : subject.filing.websites) index_site(tx, subject.id, site);
  for (const auto& row : tx.query(
           "SELECT id FROM sites WHERE subject_id = $1 AND cancelled_at IS NULL", {subject.id})) {
    if (subject.site(row.integer(0)) == nullptr) {
      tx.execute("UPDATE sites SET cancelled_at = $2 WHERE id = $1", {row.integer(0), now});
    }
  }
  save_claims(tx, subject);
}

void write_subject(Tx& tx, const Subject& subject, Millis now) {
  const auto& organiser = subject.filing.organiser;
  tx.execute(
      "INSERT INTO subjects (id, province, isp_id, number, name, nature, password, xml, "
      "published_at, last_site, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9) "
      "ON CONFLICT (id) DO UPDATE SET name = excluded.name, nature = excluded.nature, "
      "password = excluded.password, xml = excluded.xml, last_site = excluded.last_site, "
      "changed_at = excluded.changed_at",
      {subject.id, subject.province, subject.home, subject.number, organiser.name,
       organiser.nature ? Value(*organiser.nature) : Value(),
       subject.password.empty() ? Value() : Value(subject.password),
       Blob{to_document(subject.filing)}, now, subject.last_site});
}

std::optional<SitePlace> site_place(const std::optional<Row>& row) {
  if (!row) return std::nullopt;
  return SitePlace{row->integer(0), row->integer(1), row->text(2), !row->is_null(3)};
}

}  // namespace

const Website* Subject::site(Id wanted) const {
  const auto found = std::find_if(filing.websites.begin(), filing.websites.end(),
                                  [&](const auto& one) { return one.publication.id == wanted; });
  return found == filing.websites.end() ? nullptr : &*found;
}

Website* Subject::site(Id wanted) {
  return const_cast<Website*>(static_cast<const Subject*>(this)->site(wanted));
}

std::optional<Subject> find_subject(Reader& reader, Id id) {
  const auto row = reader.query_one(
      "SELECT id, province, isp_id, number, password, cancelled_at, last_site, xml "
      "FROM subjects WHERE id = $1",
      {id});
  if (!row) return std::nullopt;
  Subject subject;
  subject.id = row->integer(0);
  subject.province = row->text(1);
  subject.home = row->integer(2);
  subject.number = row->text(3);
  subject.password = row->opt_text(4).value_or("");
  subject.cancelled = !row->is_null(5);
  subject.last_site = row->integer(6);
  subject.filing = from_document(row->blob(7));
  return subject;
}

std::optional<Id> subject_of_number(Reader& reader, const std::string& number) {
  const auto row = reader.query_one("SELECT id FROM subjects WHERE number = $1", {number});
  if (!row) return std::nullopt;
  return row->integer(0);
}

std::optional<SitePlace> find_site(Reader& reader, Id id) {
  return site_place(reader.query_one(
      "SELECT id, subject_id, number, cancelled_at FROM sites WHERE id = $1", {id}));
}

std::optional<SitePlace> find_site(Reader& reader, const std::string& number) {
  return site_place(reader.query_one(
      "SELECT id, subject_id, number, cancelled_at FROM sites WHERE number = $1", {number}));
}

std::optional<AccessPlace> find_access(Reader& reader, Id id) {
  const auto row = reader.query_one(
      "SELECT accesses.id, accesses.site_id, sites.subject_id, accesses.isp_id FROM accesses "
      "JOIN sites ON sites.id = accesses.site_id WHERE accesses.id = $1",
      {id});
  if (!row) return std::nullopt;
  return AccessPlace{row->integer(0), row->integer(1), row->integer(2), row->integer(3)};
}

std::set<Id> providers_of(const Website& site) {
  std::set<Id> providers;
  for (const auto& access : site.accesses) providers.insert(access.provider);
  return providers;
}

std::set<Id> providers_of(const PublishedFiling& filing) {
  std::set<Id> providers;
  for (const auto& site : filing.websites) providers.merge(providers_of(site));
  return providers;
}

void save_subject(Tx& tx, const Province& province, Subject& subject, Id isp_id, Millis now) {
  number_records(tx, province, subject, isp_id, now);
  const auto names = take_names(tx, subject, isp_id);
  write_subject(tx, subject, now);
  write_names(tx, subject.id, names);
  index(tx, subject, now);
}

void cancel_subject(Tx& tx, Id id, Millis now) {
  forget_accesses(tx, id);
  tx.execute("UPDATE sites SET cancelled_at = $2 WHERE subject_id = $1 AND cancelled_at IS NULL",
             {id, now});
  tx.execute("DELETE FROM claims WHERE subject_id = $1", {id});
  tx.execute("DELETE FROM provider_ids WHERE subject_id = $1", {id});
  tx.execute("UPDATE subjects SET cancelled_at = $2, changed_at = $2 WHERE id = $1", {id, now});
}

PublishedFiling as_told_to(Reader& reader, const Subject& subject, Id isp_id) {
  PublishedFiling told = subject.filing;
  std::erase_if(told.websites,
                [&](const auto& site) { return providers_of(site).count(isp_id) == 0; });
  const auto names = names_of(reader, subject.id);
  each_record(told, [&](const char* kind, Id bureau_id, Id& own_id) {
    const auto found = names.find({isp_id, kind, bureau_id});
    own_id = found == names.end() ? 0 : found->second;
  });
  return told;
}

std::string to_document(const PublishedFiling& filing) {
  bureau::Download document;
  document.published = {filing};
  auto encoded = bureau::v30::encode(document);
  if (!encoded.problems.empty()) {
    throw Refusal(RefusalCode::invalid, "request_invalid", std::move(encoded.problems));
  }
  return std::move(encoded.xml);
}

PublishedFiling from_document(const std::string& document) {
  auto decoded = bureau::v30::decode_download(document);
  return std::move(decoded.value.published.at(0));
}

void complete_old_records(Db& db, const std::vector<Province>& provinces) {
  db.write([&](Tx& tx) {
    for (const auto& row : tx.query(
             "SELECT id, changed_at FROM subjects WHERE cancelled_at IS NULL AND id NOT IN "
             "(SELECT sites.subject_id FROM sites JOIN accesses ON accesses.site_id = sites.id)")) {
      auto subject = find_subject(tx, row.integer(0)).value();
      const auto province = std::find_if(provinces.begin(), provinces.end(), [&](const auto& one) {
        return one.path == subject.province;
      });
      if (province == provinces.end()) continue;
      save_subject(tx, *province, subject, subject.home, row.integer(1));
    }
  });
}

}  // namespace beian::sandbox
