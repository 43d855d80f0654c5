// The websites of a filing.
#include "store/filings.h"
#include "store/sealed.h"

namespace beian::store {

std::vector<FilingSite> list_sites(Reader& reader, Id filing) {
  std::vector<FilingSite> out;
  for (const Row& row : reader.query(
           "SELECT site_key, ord, domain, isp_site_id, isp_domain_id, isp_access_id, isp_ip_base, "
           "number, registered_site_id, outcome FROM filing_sites WHERE filing_id = $1 ORDER BY "
           "ord",
           {filing}))
    out.push_back({row.text(0), row.integer(1), row.text(2), row.integer(3), row.integer(4),
                   row.integer(5), row.integer(6), row.opt_text(7), row.opt_integer(8),
                   row.opt_text(9)});
  return out;
}

void put_site(Tx& tx, Id filing, const FilingSite& s) {
  tx.execute(
      "INSERT INTO filing_sites (filing_id, site_key, ord, domain, active, isp_site_id, "
      "isp_domain_id, isp_access_id, isp_ip_base, number, registered_site_id) "
      "VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8, $9, $10) "
      "ON CONFLICT (filing_id, site_key) DO UPDATE SET ord = excluded.ord, domain = "
      "excluded.domain",
      {filing, s.key, s.ord, s.domain, s.isp_site_id, s.isp_domain_id, s.isp_access_id,
       s.isp_ip_base, or_null(s.number), or_null(s.registered_id)});
}

void remove_site(Tx& tx, Id filing, const std::string& key) {
  tx.execute("DELETE FROM filing_sites WHERE filing_id = $1 AND site_key = $2", {filing, key});
}

void activate_sites(Tx& tx, Id filing, bool active) {
  tx.execute("UPDATE filing_sites SET active = $2 WHERE filing_id = $1",
             {filing, std::int64_t{active ? 1 : 0}});
}

namespace {

// Pages keep a filing until its revision moves; this is no work of the applicant's, so it counts as
// no touch of a draft.
void show_anew(Tx& tx, Id filing) {
  tx.execute("UPDATE filings SET revision = revision + 1 WHERE id = $1", {filing});
}

}  // namespace

void set_site_outcome(Tx& tx, Id filing, const std::string& key,
                      const std::optional<std::string>& outcome) {
  tx.execute("UPDATE filing_sites SET outcome = $3 WHERE filing_id = $1 AND site_key = $2",
             {filing, key, or_null(outcome)});
  show_anew(tx, filing);
}

void set_site_number(Tx& tx, Id filing, const std::string& key, const std::string& number) {
  tx.execute("UPDATE filing_sites SET number = $3 WHERE filing_id = $1 AND site_key = $2",
             {filing, key, number});
  show_anew(tx, filing);
}

}  // namespace beian::store
