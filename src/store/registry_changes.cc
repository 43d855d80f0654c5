// What is registered changes: by what the bureau tells, or by a filing that was approved. The
// gate's names follow in the same transaction.
#include "base/json.h"
#include "store/domain_facts.h"
#include "store/gate.h"
#include "store/registry.h"
#include "store/registry_columns.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

Value standing(Standing s) { return std::string(to_string(s)); }

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

}  // namespace beian::store
