#include "sandbox/registry.h"

#include <fmt/format.h>

#include "base/refusal.h"
#include "base/text.h"
#include "bureau/auth.h"
#include "bureau/codec_v30.h"
#include "sandbox/china_time.h"
#include "sandbox/settings.h"

namespace beian::sandbox {
namespace {

std::string own_id(Id isp_id, Id record) { return fmt::format("{}/{}", isp_id, record); }

bool is_own_id(const Claim& claim) {
  return claim.kind == "site" || claim.kind == "access" || claim.kind == "ip";
}

}  // namespace

Id next_number(Tx& tx, const std::string& series, Id first) {
  return tx
      .query_one(
          "INSERT INTO counters (name, value) VALUES ($1, $2) "
          "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value",
          {series, first})
      .value()
      .integer(0);
}

std::optional<Account> find_account(Reader& reader, const std::string& province, Id isp_id) {
  const auto row = reader.query_one(
      "SELECT province, isp_id, name, user_name, password, cipher_key, cipher_iv, last_sequence, "
      "role FROM providers WHERE province = $1 AND isp_id = $2",
      {province, isp_id});
  if (!row) return std::nullopt;
  return Account{row->text(0),    row->integer(1), row->text(2),
                 row->text(3),    row->text(4),    bureau::Cipher{row->text(5), row->text(6)},
                 row->integer(7), row->text(8)};
}

bool has_account_elsewhere(Reader& reader, const std::string& province, Id isp_id) {
  return reader
      .query_one("SELECT 1 FROM providers WHERE province <> $1 AND isp_id = $2 LIMIT 1",
                 {province, isp_id})
      .has_value();
}

Account ensure_account(Tx& tx, const std::string& province, Id isp_id, const std::string& name,
                       const std::string& role, Millis now) {
  tx.execute(
      "INSERT INTO providers (province, isp_id, name, user_name, password, cipher_key, cipher_iv, "
      "last_sequence, created_at, role) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9) "
      "ON CONFLICT (province, isp_id) DO NOTHING",
      {province, isp_id, name, "isp" + bureau::random_value().substr(0, 8), bureau::random_value(),
       bureau::random_value().substr(0, 16), bureau::random_value().substr(0, 16), now, role});
  return find_account(tx, province, isp_id).value();
}

std::vector<Line> listeners(Reader& reader, const std::string& province) {
  std::vector<Line> lines;
  for (const auto& row : reader.query("SELECT province, isp_id FROM providers WHERE role <> $1 "
                                      "AND ($2 = '' OR province = $2) ORDER BY province, isp_id",
                                      {k_role_absent, province})) {
    lines.push_back({row.text(0), row.integer(1)});
  }
  return lines;
}

std::string certificate_claim(std::int64_t type, const std::string& number) {
  std::string upper = number;
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return fmt::format("{}:{}", type, upper);
}

std::string domain_claim(const std::string& name) { return to_lower_ascii(name); }

Claim certificate_of(const bureau::Organiser& organiser) {
  return {"certificate",
          certificate_claim(organiser.certificate.type, organiser.certificate.number)};
}

void add_names(std::vector<Claim>& claims, const bureau::Website& site) {
  claims.push_back({"site_name", site.name});
  if (!site.home_url.empty()) claims.push_back({"home_url", to_lower_ascii(site.home_url)});
  for (const auto& domain : site.domains) claims.push_back({"domain", domain_claim(domain.name)});
}

void add_own_ids(std::vector<Claim>& claims, Id isp_id, const bureau::Access& access) {
  if (access.isp_id != 0) claims.push_back({"access", own_id(isp_id, access.isp_id)});
  for (const auto& ip : access.ips) {
    if (ip.isp_id != 0) claims.push_back({"ip", own_id(isp_id, ip.isp_id)});
  }
}

void add_own_ids(std::vector<Claim>& claims, Id isp_id, const bureau::Website& site) {
  claims.push_back({"site", own_id(isp_id, site.isp_id)});
  for (const auto& access : site.accesses) add_own_ids(claims, isp_id, access);
}

std::optional<Holder> held(Reader& reader, Id isp_id, const Claim& claim) {
  if (is_own_id(claim)) {
    const auto named = reader.query_one(
        "SELECT subject_id FROM provider_ids WHERE isp_id = $1 AND kind = $2 AND own_id = $3 "
        "LIMIT 1",
        {isp_id, claim.kind, std::stoll(claim.value.substr(claim.value.find('/') + 1))});
    if (named) return Holder{true, named->integer(0)};
  }
  const auto row = reader.query_one(
      "SELECT COALESCE(subject_id, 0) FROM claims WHERE kind = $1 AND value = $2 "
      "ORDER BY COALESCE(subject_id, 0) DESC LIMIT 1",
      {claim.kind, claim.value});
  if (!row) return std::nullopt;
  return Holder{row->integer(0) != 0, row->integer(0)};
}

void take(Tx& tx, const std::vector<Claim>& claims, Id isp_id, Id order) {
  for (const auto& claim : claims) {
    tx.execute("INSERT INTO claims (kind, value, isp_id, order_id) VALUES ($1, $2, $3, $4)",
               {claim.kind, claim.value, isp_id, order});
  }
}

void release(Tx& tx, Id order) {
  tx.execute("DELETE FROM claims WHERE order_id = $1 AND subject_id IS NULL", {order});
}

void queue_file(Tx& tx, const Province& province, Id isp_id, const bureau::Download& download,
                Millis now) {
  const auto account = find_account(tx, province.path, isp_id);
  if (!account || account->role == k_role_absent) return;
  auto encoded = bureau::v30::encode(download);
  if (!encoded.problems.empty())
    throw Refusal(RefusalCode::invalid, "request_invalid", std::move(encoded.problems));
  const Settings settings = read_settings(tx);
  const std::string stamp = china_stamp(now + settings.clock_offset_minutes * 60'000);
  for (int copies = settings.doubles_files ? 2 : 1; copies > 0; --copies) {
    const Id number = next_number(tx, "file");
    tx.execute(
        "INSERT INTO files (id, province, isp_id, name, xml, created_at, served) "
        "VALUES ($1, $2, $3, $4, $5, $6, 0)",
        {number, province.path, isp_id, fmt::format("{}_{}_{}.xml", stamp, province.path, number),
         Blob{encoded.xml}, now});
  }
}

}  // namespace beian::sandbox
