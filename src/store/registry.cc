#include "store/registry.h"

#include "filing/identity.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "id, certificate_lookup, number, bureau_id, province, account_id, name_sealed, approved_at";

Organiser read_organiser(const Row& row, const Keyring& keys) {
  return {row.integer(0),
          row.blob(1),
          row.text(2),
          row.integer(3),
          row.text(4),
          row.integer(5),
          unseal(keys, row.blob(6), "registered_organisers.name", row.integer(0)),
          row.integer(7)};
}

}  // namespace

std::string certificate_lookup(const Keyring& keys, std::int64_t type, std::string_view number) {
  return keys.lookup(std::to_string(type) + ":" + canonical_number(number), "certificate");
}

Id put_organiser(Tx& tx, const Keyring& keys, const Organiser& o) {
  // The name is sealed for the row's id, which an older row keeps.
  auto known = tx.query_one("SELECT id FROM registered_organisers WHERE certificate_lookup = $1",
                            {Blob{o.certificate_lookup}});
  const Id id = known ? known->integer(0) : o.id;
  tx.execute(
      "INSERT INTO registered_organisers (id, certificate_lookup, number, bureau_id, province, "
      "account_id, name_sealed, approved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
      "ON CONFLICT (certificate_lookup) DO UPDATE SET number = excluded.number, "
      "bureau_id = excluded.bureau_id, province = excluded.province, name_sealed = "
      "excluded.name_sealed",
      {id, Blob{o.certificate_lookup}, o.number, o.bureau_id, o.province, o.account_id,
       seal(keys, o.name, "registered_organisers.name", id), o.approved_at});
  return id;
}

void put_registered_site(Tx& tx, const RegisteredSite& s) {
  tx.execute(
      "INSERT INTO registered_sites (id, organiser_id, domain, number, bureau_id, "
      "bureau_domain_id, "
      "bureau_access_id, filing_id, site_key, approved_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
      "ON CONFLICT (domain) DO UPDATE SET organiser_id = excluded.organiser_id, "
      "number = excluded.number, bureau_id = excluded.bureau_id, "
      "bureau_domain_id = excluded.bureau_domain_id, bureau_access_id = excluded.bureau_access_id",
      {s.id, s.organiser_id, s.domain, s.number, s.bureau_id, s.bureau_domain_id,
       s.bureau_access_id, s.filing_id, s.site_key, s.approved_at});
}

std::optional<Organiser> find_organiser(Reader& reader, const Keyring& keys,
                                        const std::string& lookup) {
  auto row = reader.query_one("SELECT " + std::string(k_columns) +
                                  " FROM registered_organisers WHERE certificate_lookup = $1",
                              {Blob{lookup}});
  if (!row) return std::nullopt;
  return read_organiser(*row, keys);
}

std::optional<Organiser> find_organiser_by_id(Reader& reader, const Keyring& keys, Id id) {
  auto row = reader.query_one(
      "SELECT " + std::string(k_columns) + " FROM registered_organisers WHERE id = $1", {id});
  if (!row) return std::nullopt;
  return read_organiser(*row, keys);
}

std::optional<RegisteredSite> find_registered_site(Reader& reader, const std::string& domain) {
  auto row = reader.query_one(
      "SELECT id, organiser_id, domain, number, bureau_id, bureau_domain_id, bureau_access_id, "
      "filing_id, site_key, approved_at FROM registered_sites WHERE domain = $1",
      {domain});
  if (!row) return std::nullopt;
  return RegisteredSite{row->integer(0), row->integer(1), row->text(2),    row->text(3),
                        row->integer(4), row->integer(5), row->integer(6), row->integer(7),
                        row->text(8),    row->integer(9)};
}

std::vector<std::string> all_registered_domains(Reader& reader) {
  std::vector<std::string> out;
  for (const Row& row : reader.query("SELECT domain FROM registered_sites ORDER BY domain"))
    out.push_back(row.text(0));
  return out;
}

}  // namespace beian::store
