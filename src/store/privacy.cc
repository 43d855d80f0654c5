#include "store/privacy.h"

#include "store/accounts.h"
#include "store/counters.h"
#include "store/picture_prints.h"
#include "store/sealed.h"
#include "store/search.h"

namespace beian::store {

void insert_consent(Tx& tx, Id account, const std::string& purpose, const std::string& version,
                    Millis now) {
  tx.execute(
      "INSERT INTO consents (id, account_id, purpose, version, given_at) "
      "VALUES ($1, $2, $3, $4, $5)",
      {new_id(), account, purpose, version, now});
}

std::vector<Consent> list_consents(Reader& reader, Id account) {
  std::vector<Consent> out;
  for (const Row& row : reader.query("SELECT purpose, version, given_at FROM consents WHERE "
                                     "account_id = $1 ORDER BY given_at",
                                     {account}))
    out.push_back({row.text(0), row.text(1), row.integer(2)});
  return out;
}

std::vector<Id> filings_to_erase(Reader& reader, Millis before, bool unsubmitted, int limit) {
  std::vector<Id> out;
  for (const Row& row : reader.query(
           std::string("SELECT id FROM filings WHERE erased_at IS NULL AND state IN ('withdrawn', "
                       "'expired') AND state_since < $1 ") +
               (unsubmitted ? "AND round = 0 " : "") + "ORDER BY state_since LIMIT $2",
           {before, std::int64_t{limit}}))
    out.push_back(row.integer(0));
  return out;
}

std::vector<Id> ended_filings_of(Reader& reader, Id account) {
  std::vector<Id> out;
  for (const Row& row :
       reader.query("SELECT id FROM filings WHERE account_id = $1 AND erased_at IS NULL AND state "
                    "IN ('withdrawn', 'expired')",
                    {account}))
    out.push_back(row.integer(0));
  return out;
}

void erase_filing(Tx& tx, const Keyring& keys, Id id, Millis now) {
  tx.execute(
      "UPDATE filings SET content_sealed = $2, title_sealed = $3, password_sealed = NULL, "
      "organiser_lookup = $4, erased_at = $5 WHERE id = $1",
      {id, seal(keys, "{}", "filings.content", id), seal(keys, "", "filings.title", id), Blob{},
       now});
  remove_search_terms(tx, id);
  tx.execute("DELETE FROM snapshots WHERE filing_id = $1", {id});
  tx.execute("UPDATE events SET detail_sealed = NULL WHERE filing_id = $1", {id});
  tx.execute("UPDATE corrections SET text_sealed = NULL WHERE filing_id = $1", {id});
  tx.execute("UPDATE calls SET note_sealed = NULL, person = '' WHERE filing_id = $1", {id});
  tx.execute(
      "DELETE FROM backdrop_parcels WHERE backdrop_id IN (SELECT id FROM backdrops WHERE filing_id "
      "= $1)",
      {id});
  tx.execute("UPDATE case_notes SET text_sealed = NULL WHERE filing_id = $1", {id});
  tx.execute("DELETE FROM filing_marks WHERE filing_id = $1", {id});
  tx.execute("DELETE FROM filing_marks_wanted WHERE filing_id = $1", {id});
  tx.execute("DELETE FROM appointments WHERE filing_id = $1", {id});
  tx.execute("DELETE FROM backdrops WHERE filing_id = $1", {id});
  refresh_to_post(tx, id);
  tx.execute("DELETE FROM tickets WHERE filing_id = $1", {id});
  tx.execute("DELETE FROM letters WHERE filing_id = $1", {id});
  tx.execute("DELETE FROM rule_decisions WHERE filing_id = $1", {id});
  tx.execute(
      "DELETE FROM inspections WHERE material_id IN (SELECT id FROM materials WHERE filing_id = "
      "$1)",
      {id});
  tx.execute(
      "DELETE FROM picture_marks WHERE material_id IN (SELECT id FROM materials WHERE filing_id = "
      "$1)",
      {id});
  forget_prints(tx, id);
  tx.execute("DELETE FROM messages WHERE filing_id = $1 AND state NOT IN ('queued', 'sending')",
             {id});
  tx.execute("UPDATE filing_sites SET domain = '' WHERE filing_id = $1 AND active = 0", {id});
  tx.execute("UPDATE materials SET removed_at = $2 WHERE filing_id = $1 AND removed_at IS NULL",
             {id, now});
}

std::vector<Id> cancelled_to_erase(Reader& reader, Millis before, int limit) {
  std::vector<Id> out;
  for (const Row& row : reader.query(
           "SELECT f.id FROM filings f WHERE f.state = 'approved' AND f.erased_at IS NULL AND "
           "f.state_since < $1 AND f.organiser_number IS NOT NULL AND EXISTS (SELECT 1 FROM "
           "registered_organisers o WHERE o.number = f.organiser_number) AND NOT EXISTS (SELECT 1 "
           "FROM registered_organisers o WHERE o.number = f.organiser_number AND (o.state <> "
           "'cancelled' OR o.changed_at >= $1)) ORDER BY f.state_since LIMIT $2",
           {before, std::int64_t{limit}}))
    out.push_back(row.integer(0));
  return out;
}

std::int64_t erase_cancelled_records(Tx& tx, const Keyring& keys, Millis before, int limit) {
  const auto rows = tx.query(
      "SELECT id FROM registered_organisers WHERE state = 'cancelled' AND changed_at < $1 AND "
      "record_sealed IS NOT NULL ORDER BY id LIMIT $2",
      {before, std::int64_t{limit}});
  for (const Row& row : rows) {
    const Id id = row.integer(0);
    tx.execute(
        "UPDATE registered_organisers SET record_sealed = NULL, name_sealed = $2 WHERE id = $1",
        {id, seal(keys, "", "registered_organisers.name", id)});
    tx.execute(
        "UPDATE registered_sites SET record_sealed = NULL WHERE organiser_id = $1 AND state = "
        "'cancelled'",
        {id});
  }
  return static_cast<std::int64_t>(rows.size());
}

std::int64_t remove_looks(Tx& tx, Millis before, int limit) {
  return tx.execute(
      "DELETE FROM looks WHERE id IN (SELECT id FROM looks WHERE at < $1 ORDER BY at LIMIT $2)",
      {before, std::int64_t{limit}});
}

std::int64_t remove_consents(Tx& tx, Millis before, int limit) {
  return tx.execute(
      "DELETE FROM consents WHERE id IN (SELECT c.id FROM consents c JOIN accounts a ON a.id = "
      "c.account_id WHERE a.state = 'erased' AND a.erased_at < $1 ORDER BY c.id LIMIT $2)",
      {before, std::int64_t{limit}});
}

void count_erased(Tx& tx, const std::string& rule, std::int64_t count, Millis now) {
  tx.execute(
      "INSERT INTO retention_totals (rule, erased, last_at, last_count) VALUES ($1, $2, $3, $2) "
      "ON CONFLICT (rule) DO UPDATE SET erased = retention_totals.erased + excluded.erased, "
      "last_at = excluded.last_at, last_count = excluded.last_count",
      {rule, count, now});
}

std::vector<RetentionTotal> retention_totals(Reader& reader) {
  std::vector<RetentionTotal> out;
  for (const Row& row :
       reader.query("SELECT rule, erased, last_at, last_count FROM retention_totals"))
    out.push_back({row.text(0), row.integer(1), row.integer(2), row.integer(3)});
  return out;
}

std::int64_t remove_messages(Tx& tx, Millis before, int limit) {
  return tx.execute(
      "DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE created_at < $1 AND "
      "state NOT IN ('queued', 'sending') ORDER BY id LIMIT $2)",
      {before, std::int64_t{limit}});
}

std::int64_t remove_enquiries(Tx& tx, Millis before, int limit) {
  return tx.execute(
      "DELETE FROM enquiries WHERE id IN (SELECT id FROM enquiries WHERE done_at < $1 LIMIT $2)",
      {before, std::int64_t{limit}});
}

std::int64_t remove_unactivated(Tx& tx, Millis before, int limit) {
  const auto rows = tx.query(
      "SELECT id FROM accounts WHERE state = 'pending' AND created_at < $1 ORDER BY id LIMIT $2",
      {before, std::int64_t{limit}});
  for (const Row& row : rows) {
    const Id id = row.integer(0);
    tx.execute("DELETE FROM account_tokens WHERE account_id = $1", {id});
    tx.execute("DELETE FROM consents WHERE account_id = $1", {id});
    tx.execute("DELETE FROM messages WHERE account_id = $1 AND state NOT IN ('queued', 'sending')",
               {id});
    tx.execute("DELETE FROM accounts WHERE id = $1", {id});
  }
  return static_cast<std::int64_t>(rows.size());
}

void erase_account(Tx& tx, const Keyring& keys, Id id, Millis now) {
  const std::string nobody = "erased-" + id_to_string(id) + "@erased.invalid";
  tx.execute(
      "UPDATE products SET owner_sealed = NULL WHERE owner_lookup = (SELECT email_lookup FROM "
      "accounts WHERE id = $1)",
      {id});
  tx.execute(
      "UPDATE accounts SET email_lookup = $2, email_sealed = $3, password_hash = '!', "
      "display_name = '', state = 'erased', erased_at = $4 WHERE id = $1",
      {id, Blob{email_lookup(keys, nobody)}, seal(keys, nobody, "accounts.email", id), now});
  end_all_sessions(tx, id);
  tx.execute("DELETE FROM account_tokens WHERE account_id = $1", {id});
  tx.execute("DELETE FROM second_factors WHERE account_id = $1", {id});
  tx.execute("DELETE FROM recovery_codes WHERE account_id = $1", {id});
  tx.execute("DELETE FROM agency_members WHERE account_id = $1 OR agency_id = $1", {id});
  tx.execute("UPDATE agencies SET state = 'ended', name = '', note_sealed = NULL WHERE id = $1",
             {id});
  tx.execute("DELETE FROM messages WHERE account_id = $1 AND state NOT IN ('queued', 'sending')",
             {id});
}

}  // namespace beian::store
