#include "store/domain_facts.h"

#include "base/text.h"
#include "filing/condition.h"
#include "filing/identity.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_result = "domain_checks.result", k_person = "person_marks";
constexpr std::string_view k_columns = "id, domain, what, state, result_sealed, asked_at, done_at";

DomainCheck check_of(const Row& row, const Keyring& keys) {
  DomainCheck out;
  out.id = row.integer(0);
  out.domain = row.text(1);
  out.what = row.text(2) == "website" ? DomainQuestion::website : DomainQuestion::registration;
  out.state = row.text(3);
  if (const auto sealed = row.opt_blob(4)) out.result = unseal(keys, *sealed, k_result, out.id);
  out.asked_at = row.integer(5);
  out.done_at = row.opt_integer(6);
  return out;
}

std::string text_at(const json::object& record, std::string_view path) {
  const json::value* value = value_at(record, path);
  return value && value->is_string() ? std::string(value->get_string()) : "";
}

}  // namespace

std::string_view to_string(DomainQuestion what) {
  return what == DomainQuestion::website ? "website" : "registration";
}

Id ask_domain(Tx& tx, const std::string& domain, DomainQuestion what, Millis now,
              Millis fresh_since) {
  const auto recent = tx.query_one(
      "SELECT id FROM domain_checks WHERE domain = $1 AND what = $2 AND (state = 'waiting' OR "
      "asked_at >= $3) LIMIT 1",
      {domain, std::string(to_string(what)), fresh_since});
  if (recent) return 0;
  const Id id = new_id();
  tx.execute(
      "INSERT INTO domain_checks (id, domain, what, state, asked_at) VALUES ($1, $2, $3, "
      "'waiting', $4)",
      {id, domain, std::string(to_string(what)), now});
  return id;
}

bool answer_domain(Tx& tx, const Keyring& keys, Id id, const std::string& state,
                   const std::string& result, Millis now, int keep) {
  if (tx.execute("UPDATE domain_checks SET state = $2, result_sealed = $3, done_at = $4 WHERE id = "
                 "$1 AND state = 'waiting'",
                 {id, state, seal_optional(keys, result, k_result, id), now}) == 0)
    return false;
  tx.execute(
      "DELETE FROM domain_checks WHERE domain = (SELECT domain FROM domain_checks WHERE id = $1) "
      "AND what = (SELECT what FROM domain_checks WHERE id = $1) AND id NOT IN (SELECT c.id FROM "
      "domain_checks c WHERE c.domain = (SELECT domain FROM domain_checks WHERE id = $1) AND "
      "c.what = (SELECT what FROM domain_checks WHERE id = $1) ORDER BY c.id DESC LIMIT $2)",
      {id, std::int64_t{keep}});
  return true;
}

std::optional<DomainCheck> find_domain_check(Reader& reader, const Keyring& keys, Id id) {
  const auto row = reader.query_one(
      "SELECT " + std::string(k_columns) + " FROM domain_checks WHERE id = $1", {id});
  if (!row) return std::nullopt;
  return check_of(*row, keys);
}

std::vector<DomainCheck> domain_checks(Reader& reader, const Keyring& keys,
                                       const std::string& domain, DomainQuestion what, int limit) {
  std::vector<DomainCheck> out;
  for (const Row& row :
       reader.query("SELECT " + std::string(k_columns) +
                        " FROM domain_checks WHERE domain = $1 AND what = $2 ORDER BY id DESC "
                        "LIMIT $3",
                    {domain, std::string(to_string(what)), std::int64_t{limit}}))
    out.push_back(check_of(row, keys));
  return out;
}

std::vector<Id> open_filings_of(Reader& reader, const std::string& domain) {
  std::vector<Id> out;
  for (const Row& row : reader.query(
           "SELECT f.id FROM filing_sites s JOIN filings f ON f.id = s.filing_id WHERE s.domain = "
           "$1 AND f.state NOT IN ('approved', 'withdrawn', 'expired') ORDER BY f.id LIMIT 20",
           {domain}))
    out.push_back(row.integer(0));
  return out;
}

std::vector<std::string> domains_to_look_at(Reader& reader, Millis before, int limit) {
  std::vector<std::string> out;
  for (const Row& row : reader.query(
           "SELECT d.domain FROM registered_domains d WHERE d.state = 'served' AND NOT EXISTS "
           "(SELECT 1 FROM domain_checks c WHERE c.domain = d.domain AND c.what = 'website' AND "
           "c.asked_at >= $1) ORDER BY d.domain LIMIT $2",
           {before, std::int64_t{limit}}))
    out.push_back(row.text(0));
  return out;
}

void mark_persons(Tx& tx, const Keyring& keys, Id organiser, const std::string& place,
                  const json::object& record) {
  tx.execute("DELETE FROM person_marks WHERE organiser_id = $1 AND place = $2", {organiser, place});
  const std::string person = place == "principal" ? "principal" : "manager";
  const auto mark = [&](const std::string& value) {
    if (value.empty()) return;
    tx.execute(
        "INSERT INTO person_marks (lookup, organiser_id, place) VALUES ($1, $2, $3) ON CONFLICT "
        "(lookup, organiser_id, place) DO NOTHING",
        {Blob{keys.lookup(canonical_number(value), k_person)}, organiser, place});
  };
  mark(text_at(record, person + ".mobile"));
  // A manager may have a filing of his own, and manage websites of several.
  if (place == "principal") mark(text_at(record, "principal.certificate_number"));
}

bool serves_another(Reader& reader, const Keyring& keys, std::string_view value,
                    const std::string& certificate_lookup) {
  const std::string canonical = canonical_number(value);
  if (canonical.empty()) return false;
  return reader
      .query_one(
          "SELECT 1 FROM person_marks m JOIN registered_organisers o ON o.id = m.organiser_id "
          "WHERE m.lookup = $1 AND o.state = 'filed' AND o.certificate_lookup <> $2 LIMIT 1",
          {Blob{keys.lookup(canonical, k_person)}, Blob{certificate_lookup}})
      .has_value();
}

}  // namespace beian::store
