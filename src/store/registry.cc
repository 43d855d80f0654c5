#include "store/registry.h"

#include "base/json.h"
#include "filing/identity.h"
#include "store/domain_facts.h"
#include "store/gate.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_organiser =
    "id, certificate_lookup, number, bureau_id, province, account_id, name_sealed, approved_at, "
    "record_sealed, state, changed_at";
constexpr std::string_view k_site =
    "id, organiser_id, domain, number, bureau_id, filing_id, site_key, record_sealed, state, "
    "approved_at, changed_at";
constexpr std::string_view k_organiser_name = "registered_organisers.name",
                           k_organiser_record = "registered_organisers.record",
                           k_site_record = "registered_sites.record";

Standing standing_from(std::string_view text) {
  if (text == "served") return Standing::served;
  return text == "filed" ? Standing::filed : Standing::cancelled;
}

Value standing(Standing s) { return std::string(to_string(s)); }

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

std::string ips_text(const std::vector<RegisteredIp>& ips) {
  json::array out;
  for (const RegisteredIp& ip : ips)
    out.push_back(json::array{ip.isp_id, ip.bureau_id, ip.first, ip.last});
  return json::serialize(out);
}

// At most so many addresses of one range are told to the gate one by one.
constexpr std::uint32_t k_range = 256;

std::string ipv4_text(std::uint32_t ip) {
  return std::to_string(ip >> 24) + "." + std::to_string(ip >> 16 & 255) + "." +
         std::to_string(ip >> 8 & 255) + "." + std::to_string(ip & 255);
}

// Where our accesses of the website serve it from; the interface carries IPv4 only.
std::vector<std::string> served_from(Reader& reader, Id site) {
  std::vector<std::string> out;
  for (const RegisteredAccess& access : accesses_of(reader, site)) {
    if (access.cancelled || !access.ours) continue;
    for (const RegisteredIp& ip : access.ips)
      for (std::uint32_t n = 0; n < k_range && n <= ip.last - ip.first; ++n)
        out.push_back(ipv4_text(ip.first + n));
  }
  return out;
}

// The gate's names follow the registry in the same transaction.
void tell_gate(Tx& tx, Id site) {
  const std::vector<std::string> addresses = served_from(tx, site);
  for (const RegisteredDomain& domain : domains_of(tx, site)) {
    if (domain.state == Standing::served)
      open_gate(tx, domain.domain, addresses);
    else
      close_gate(tx, domain.domain);
  }
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

Id known_organiser(Tx& tx, const Organiser& o) {
  if (o.bureau_id != 0)
    if (auto row = tx.query_one("SELECT id FROM registered_organisers WHERE bureau_id = $1",
                                {o.bureau_id}))
      return row->integer(0);
  auto row = tx.query_one(
      "SELECT id FROM registered_organisers WHERE certificate_lookup = $1 ORDER BY changed_at "
      "DESC LIMIT 1",
      {Blob{o.certificate_lookup}});
  return row ? row->integer(0) : 0;
}

Id known_site(Tx& tx, const RegisteredSite& s) {
  if (s.bureau_id != 0)
    if (auto row =
            tx.query_one("SELECT id FROM registered_sites WHERE bureau_id = $1", {s.bureau_id}))
      return row->integer(0);
  auto row = tx.query_one(
      "SELECT id FROM registered_sites WHERE number = $1 AND organiser_id = $2 AND bureau_id = 0",
      {s.number, s.organiser_id});
  return row ? row->integer(0) : 0;
}

Id put_organiser_row(Tx& tx, const Keyring& keys, const Organiser& o) {
  // Names and records are sealed for the row's id, which a known row keeps.
  const Id known = known_organiser(tx, o);
  const Id id = known != 0 ? known : o.id;
  const Value name = seal(keys, o.name, k_organiser_name, id);
  const Value record = seal_optional(keys, o.record, k_organiser_record, id);
  const std::string state = o.cancelled ? "cancelled" : "filed";
  if (known != 0) {
    tx.execute(
        "UPDATE registered_organisers SET certificate_lookup = $2, number = $3, bureau_id = $4, "
        "province = $5, account_id = CASE WHEN $6 = 0 THEN account_id ELSE $6 END, name_sealed = "
        "$7, record_sealed = COALESCE($8, record_sealed), state = $9, changed_at = $10 WHERE id = "
        "$1",
        {id, Blob{o.certificate_lookup}, o.number, o.bureau_id, o.province, o.account_id, name,
         record, state, o.changed_at});
    return id;
  }
  tx.execute(
      "INSERT INTO registered_organisers (id, certificate_lookup, number, bureau_id, province, "
      "account_id, name_sealed, record_sealed, state, approved_at, changed_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      {id, Blob{o.certificate_lookup}, o.number, o.bureau_id, o.province, o.account_id, name,
       record, state, o.approved_at, o.changed_at});
  return id;
}

Id put_site_row(Tx& tx, const Keyring& keys, const RegisteredSite& s) {
  const Id known = known_site(tx, s);
  const Id id = known != 0 ? known : s.id;
  const Value record = seal_optional(keys, s.record, k_site_record, id);
  if (known != 0) {
    tx.execute(
        "UPDATE registered_sites SET organiser_id = $2, domain = $3, number = $4, bureau_id = $5, "
        "site_key = CASE WHEN $6 = 0 THEN site_key ELSE $7 END, "
        "filing_id = CASE WHEN $6 = 0 THEN filing_id ELSE $6 END, "
        "record_sealed = COALESCE($8, record_sealed), state = $9, changed_at = $10 WHERE id = $1",
        {id, s.organiser_id, s.domain, s.number, s.bureau_id, s.filing_id, s.site_key, record,
         standing(s.state), s.changed_at});
    return id;
  }
  tx.execute(
      "INSERT INTO registered_sites (id, organiser_id, domain, number, bureau_id, filing_id, "
      "site_key, record_sealed, state, approved_at, changed_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      {id, s.organiser_id, s.domain, s.number, s.bureau_id, s.filing_id, s.site_key, record,
       standing(s.state), s.approved_at, s.changed_at});
  return id;
}

}  // namespace

std::string_view to_string(Standing standing) {
  if (standing == Standing::served) return "served";
  return standing == Standing::filed ? "filed" : "cancelled";
}

std::string certificate_lookup(const Keyring& keys, std::int64_t type, std::string_view number) {
  return keys.lookup(std::to_string(type) + ":" + canonical_number(number), "certificate");
}

Id put_organiser(Tx& tx, const Keyring& keys, const Organiser& o) {
  const Id id = put_organiser_row(tx, keys, o);
  if (!o.record.empty()) mark_persons(tx, keys, id, "principal", as_object(parse_json(o.record)));
  return id;
}

Id put_registered_site(Tx& tx, const Keyring& keys, const RegisteredSite& s) {
  const Id id = put_site_row(tx, keys, s);
  if (!s.record.empty())
    mark_persons(tx, keys, s.organiser_id, id_to_string(id), as_object(parse_json(s.record)));
  return id;
}

void put_registered_domain(Tx& tx, const RegisteredDomain& d) {
  tx.execute(
      "INSERT INTO registered_domains (domain, site_id, organiser_id, bureau_id, state, "
      "changed_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (domain) DO UPDATE SET "
      "site_id = excluded.site_id, organiser_id = excluded.organiser_id, bureau_id = "
      "excluded.bureau_id, state = excluded.state, changed_at = excluded.changed_at",
      {d.domain, d.site_id, d.organiser_id, d.bureau_id, standing(d.state), d.changed_at});
  tell_gate(tx, d.site_id);
}

void put_registered_access(Tx& tx, const RegisteredAccess& a) {
  // A bureau names an access by its id; ours are known by our own before that.
  auto row = tx.query_one(
      "SELECT id FROM registered_accesses WHERE bureau_id = $1 AND bureau_id <> 0", {a.bureau_id});
  if (!row)
    row = tx.query_one(
        "SELECT id FROM registered_accesses WHERE site_id = $1 AND isp_id = $2 AND isp_id <> 0",
        {a.site_id, a.isp_id});
  const std::string state = a.cancelled ? "cancelled" : "active";
  if (row) {
    tx.execute(
        "UPDATE registered_accesses SET site_id = $2, bureau_id = $3, isp_id = CASE WHEN $4 = 0 "
        "THEN isp_id ELSE $4 END, ours = $5, ips = $6, state = $7, changed_at = $8 WHERE id = $1",
        {row->integer(0), a.site_id, a.bureau_id, a.isp_id, std::int64_t{a.ours ? 1 : 0},
         ips_text(a.ips), state, a.changed_at});
    tell_gate(tx, a.site_id);
    return;
  }
  tx.execute(
      "INSERT INTO registered_accesses (id, site_id, bureau_id, isp_id, ours, ips, state, "
      "changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {a.id, a.site_id, a.bureau_id, a.isp_id, std::int64_t{a.ours ? 1 : 0}, ips_text(a.ips), state,
       a.changed_at});
  tell_gate(tx, a.site_id);
}

void keep_registered_domains(Tx& tx, Id site, const std::vector<std::string>& domains, Millis now) {
  for (const RegisteredDomain& known : domains_of(tx, site)) {
    bool stays = false;
    for (const std::string& domain : domains) stays = stays || domain == known.domain;
    if (!stays && known.state != Standing::cancelled)
      tx.execute(
          "UPDATE registered_domains SET state = 'cancelled', changed_at = $2 WHERE domain = $1",
          {known.domain, now});
  }
  tell_gate(tx, site);
}

void set_site_standing(Tx& tx, Id site, Standing s, Millis now) {
  tx.execute("UPDATE registered_sites SET state = $2, changed_at = $3 WHERE id = $1",
             {site, standing(s), now});
  // A domain that another website has taken over meanwhile is not this one's any more.
  tx.execute(
      "UPDATE registered_domains SET state = $2, changed_at = $3 WHERE site_id = $1 AND state <> "
      "'cancelled'",
      {site, standing(s), now});
  if (s != Standing::served)
    tx.execute(
        "UPDATE registered_accesses SET state = 'cancelled', changed_at = $2 WHERE site_id = $1 "
        "AND state = 'active' AND (ours = 1 OR $3 = 1)",
        {site, now, std::int64_t{s == Standing::cancelled ? 1 : 0}});
  tell_gate(tx, site);
}

void cancel_organiser(Tx& tx, Id organiser, Millis now) {
  for (const Row& row :
       tx.query("SELECT id FROM registered_sites WHERE organiser_id = $1 AND state <> 'cancelled'",
                {organiser}))
    set_site_standing(tx, row.integer(0), Standing::cancelled, now);
  tx.execute("UPDATE registered_organisers SET state = 'cancelled', changed_at = $2 WHERE id = $1",
             {organiser, now});
}

void set_organiser_account(Tx& tx, Id organiser, Id account, Millis now) {
  tx.execute("UPDATE registered_organisers SET account_id = $2, changed_at = $3 WHERE id = $1",
             {organiser, account, now});
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
