#include "store/registry.h"

#include "base/json.h"
#include "filing/identity.h"
#include "store/registry_columns.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_organiser =
    "id, certificate_lookup, number, bureau_id, province, account_id, name_sealed, approved_at, "
    "record_sealed, state, changed_at";
constexpr std::string_view k_site =
    "id, organiser_id, domain, number, bureau_id, filing_id, site_key, record_sealed, state, "
    "approved_at, changed_at";

Standing standing_from(std::string_view text) {
  if (text == "served") return Standing::served;
  return text == "filed" ? Standing::filed : Standing::cancelled;
}

std::string opened(const Keyring& keys, const std::optional<std::string>& sealed,
                   std::string_view column, Id id) {
  return sealed ? unseal(keys, *sealed, column, id) : std::string();
}

Organiser read_organiser(const Row& row, const Keyring& keys) {
  Organiser o;
  o.id = row.integer(0);
  o.certificate_lookup = row.blob(1);
  o.number = row.text(2);
  o.bureau_id = row.integer(3);
  o.province = row.text(4);
  o.account_id = row.integer(5);
  o.name = unseal(keys, row.blob(6), k_organiser_name, o.id);
  o.approved_at = row.integer(7);
  o.record = opened(keys, row.opt_blob(8), k_organiser_record, o.id);
  o.cancelled = row.text(9) == "cancelled";
  o.changed_at = row.integer(10);
  return o;
}

RegisteredSite read_site(const Row& row, const Keyring& keys) {
  RegisteredSite s;
  s.id = row.integer(0);
  s.organiser_id = row.integer(1);
  s.domain = row.text(2);
  s.number = row.text(3);
  s.bureau_id = row.integer(4);
  s.filing_id = row.integer(5);
  s.site_key = row.text(6);
  s.record = opened(keys, row.opt_blob(7), k_site_record, s.id);
  s.state = standing_from(row.text(8));
  s.approved_at = row.integer(9);
  s.changed_at = row.integer(10);
  return s;
}

RegisteredDomain read_domain(const Row& row) {
  return {row.text(0),   row.integer(1), row.integer(2), row.integer(3), standing_from(row.text(4)),
          row.integer(5)};
}

RegisteredAccess read_access(const Row& row) {
  RegisteredAccess a;
  a.id = row.integer(0);
  a.site_id = row.integer(1);
  a.bureau_id = row.integer(2);
  a.isp_id = row.integer(3);
  a.ours = row.integer(4) != 0;
  const json::value ips = parse_json(row.text(5));
  for (const json::value& one : ips.as_array()) {
    const json::array& ip = one.as_array();
    a.ips.push_back({ip.at(0).to_number<Id>(), ip.at(1).to_number<Id>(),
                     ip.at(2).to_number<std::uint32_t>(), ip.at(3).to_number<std::uint32_t>()});
  }
  a.cancelled = row.text(6) == "cancelled";
  a.changed_at = row.integer(7);
  return a;
}

// Filed rows first, the latest change first.
std::optional<Organiser> organiser_where(Reader& reader, const Keyring& keys,
                                         std::string_view where, const Value& value) {
  auto row = reader.query_one("SELECT " + std::string(k_organiser) +
                                  " FROM registered_organisers WHERE " + std::string(where) +
                                  " ORDER BY CASE WHEN state = 'filed' THEN 0 ELSE 1 END, "
                                  "changed_at DESC, id DESC LIMIT 1",
                              {value});
  if (!row) return std::nullopt;
  return read_organiser(*row, keys);
}

std::optional<RegisteredSite> site_where(Reader& reader, const Keyring& keys,
                                         std::string_view where, const Value& value) {
  auto row = reader.query_one("SELECT " + std::string(k_site) + " FROM registered_sites WHERE " +
                                  std::string(where) +
                                  " ORDER BY CASE WHEN state = 'cancelled' THEN 1 ELSE 0 END, "
                                  "changed_at DESC, id DESC LIMIT 1",
                              {value});
  if (!row) return std::nullopt;
  return read_site(*row, keys);
}

}  // namespace

std::string_view to_string(Standing standing) {
  if (standing == Standing::served) return "served";
  return standing == Standing::filed ? "filed" : "cancelled";
}

std::string certificate_lookup(const Keyring& keys, std::int64_t type, std::string_view number) {
  return keys.lookup(std::to_string(type) + ":" + canonical_number(number), "certificate");
}

std::optional<Organiser> find_organiser(Reader& reader, const Keyring& keys,
                                        const std::string& lookup) {
  return organiser_where(reader, keys, "certificate_lookup = $1", Blob{lookup});
}

std::optional<Organiser> find_organiser_by_id(Reader& reader, const Keyring& keys, Id id) {
  return organiser_where(reader, keys, "id = $1", id);
}

std::optional<Organiser> find_organiser_by_bureau_id(Reader& reader, const Keyring& keys, Id id) {
  return organiser_where(reader, keys, "bureau_id = $1", id);
}

std::optional<Organiser> find_organiser_by_number(Reader& reader, const Keyring& keys,
                                                  const std::string& number) {
  return organiser_where(reader, keys, "number = $1", number);
}

std::vector<Organiser> organisers_of(Reader& reader, const Keyring& keys, Id account) {
  std::vector<Organiser> out;
  for (const Row& row : reader.query("SELECT " + std::string(k_organiser) +
                                         " FROM registered_organisers WHERE account_id = $1 "
                                         "ORDER BY state DESC, approved_at, id",
                                     {account}))
    out.push_back(read_organiser(row, keys));
  return out;
}

std::vector<Organiser> filed_organisers(Reader& reader, const Keyring& keys, Id after, int limit) {
  std::vector<Organiser> out;
  for (const Row& row :
       reader.query("SELECT " + std::string(k_organiser) +
                        " FROM registered_organisers WHERE id > $1 AND state = 'filed' "
                        "ORDER BY id LIMIT $2",
                    {after, std::int64_t{limit}}))
    out.push_back(read_organiser(row, keys));
  return out;
}

std::vector<RegisteredSite> sites_of(Reader& reader, const Keyring& keys, Id organiser) {
  std::vector<RegisteredSite> out;
  for (const Row& row :
       reader.query("SELECT " + std::string(k_site) +
                        " FROM registered_sites WHERE organiser_id = $1 ORDER BY approved_at, id",
                    {organiser}))
    out.push_back(read_site(row, keys));
  return out;
}

std::optional<RegisteredSite> find_site(Reader& reader, const Keyring& keys, Id id) {
  return site_where(reader, keys, "id = $1", id);
}

std::optional<RegisteredSite> find_site_by_bureau_id(Reader& reader, const Keyring& keys, Id id) {
  return site_where(reader, keys, "bureau_id = $1", id);
}

std::optional<RegisteredSite> find_site_by_number(Reader& reader, const Keyring& keys,
                                                  const std::string& number) {
  return site_where(reader, keys, "number = $1", number);
}

std::optional<RegisteredSite> find_registered_site(Reader& reader, const Keyring& keys,
                                                   const std::string& domain) {
  return site_where(reader, keys,
                    "id = (SELECT site_id FROM registered_domains WHERE domain = $1 AND state <> "
                    "'cancelled')",
                    domain);
}

std::vector<RegisteredDomain> domains_of(Reader& reader, Id site) {
  std::vector<RegisteredDomain> out;
  for (const Row& row :
       reader.query("SELECT domain, site_id, organiser_id, bureau_id, state, changed_at FROM "
                    "registered_domains WHERE site_id = $1 ORDER BY bureau_id, domain",
                    {site}))
    out.push_back(read_domain(row));
  return out;
}

std::vector<RegisteredAccess> accesses_of(Reader& reader, Id site) {
  std::vector<RegisteredAccess> out;
  for (const Row& row :
       reader.query("SELECT id, site_id, bureau_id, isp_id, ours, ips, state, changed_at FROM "
                    "registered_accesses WHERE site_id = $1 ORDER BY id",
                    {site}))
    out.push_back(read_access(row));
  return out;
}

std::optional<RegisteredAccess> find_access_by_bureau_id(Reader& reader, Id id) {
  auto row = reader.query_one(
      "SELECT id, site_id, bureau_id, isp_id, ours, ips, state, changed_at FROM "
      "registered_accesses WHERE bureau_id = $1",
      {id});
  if (!row) return std::nullopt;
  return read_access(*row);
}

std::vector<RegisteredDomain> filed_domains(Reader& reader, Millis since, const std::string& after,
                                            int limit) {
  std::vector<RegisteredDomain> out;
  for (const Row& row :
       reader.query("SELECT domain, site_id, organiser_id, bureau_id, state, changed_at FROM "
                    "registered_domains WHERE changed_at > $1 OR (changed_at = $1 AND domain > $2) "
                    "ORDER BY changed_at, domain LIMIT $3",
                    {since, after, std::int64_t{limit}}))
    out.push_back(read_domain(row));
  return out;
}

std::vector<std::string> all_registered_domains(Reader& reader) {
  std::vector<std::string> out;
  for (const Row& row : reader.query(
           "SELECT domain FROM registered_domains WHERE state <> 'cancelled' ORDER BY domain"))
    out.push_back(row.text(0));
  return out;
}

}  // namespace beian::store
