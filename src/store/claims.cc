#include "store/claims.h"

#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "id, account_id, organiser_id, version, state, certificate_key, proof_key, note_sealed, "
    "answer_sealed, created_at, decided_at, decided_by";
constexpr std::string_view k_note = "claims.note", k_answer = "claims.answer";

std::string opened(const Keyring& keys, const std::optional<std::string>& sealed,
                   std::string_view column, Id id) {
  return sealed ? unseal(keys, *sealed, column, id) : std::string();
}

Claim read_claim(const Row& row, const Keyring& keys) {
  Claim c;
  c.id = row.integer(0);
  c.account_id = row.integer(1);
  c.organiser_id = row.integer(2);
  c.version = row.integer(3);
  c.state = row.text(4);
  c.certificate_key = row.text(5);
  c.proof_key = row.text(6);
  c.note = opened(keys, row.opt_blob(7), k_note, c.id);
  c.answer = opened(keys, row.opt_blob(8), k_answer, c.id);
  c.created_at = row.integer(9);
  c.decided_at = row.opt_integer(10);
  c.decided_by = row.opt_integer(11);
  return c;
}

std::vector<Claim> claims_where(Reader& reader, const Keyring& keys, std::string_view rest,
                                const Params& params) {
  std::vector<Claim> out;
  for (const Row& row : reader.query(
           "SELECT " + std::string(k_columns) + " FROM claims WHERE " + std::string(rest), params))
    out.push_back(read_claim(row, keys));
  return out;
}

std::int64_t count(Reader& reader, std::string_view sql, const Params& params) {
  return reader.query_one(sql, params).value().integer(0);
}

std::string within_scope(const StaffScope& scope, Params& params) {
  if (scope.is_whole()) return "";
  return " AND EXISTS (SELECT 1 FROM registered_organisers r WHERE r.id = claims.organiser_id" +
         scope_condition(scope, "r", params) + ")";
}

}  // namespace

void insert_claim(Tx& tx, const Keyring& keys, const Claim& c) {
  tx.execute(
      "INSERT INTO claims (id, account_id, organiser_id, version, state, certificate_key, "
      "proof_key, note_sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {c.id, c.account_id, c.organiser_id, c.version, c.state, c.certificate_key, c.proof_key,
       seal_optional(keys, c.note, k_note, c.id), c.created_at});
}

std::optional<Claim> find_claim(Reader& reader, const Keyring& keys, Id id) {
  auto found = claims_where(reader, keys, "id = $1", {id});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Claim> claims_of(Reader& reader, const Keyring& keys, Id account, int limit) {
  return claims_where(reader, keys, "account_id = $1 ORDER BY id DESC LIMIT $2",
                      {account, std::int64_t{limit}});
}

std::vector<Claim> list_claims(Reader& reader, const Keyring& keys, const StaffScope& scope,
                               const std::string& state, Id after, int limit) {
  Params params{state, after, std::int64_t{limit}};
  const std::string within = within_scope(scope, params);
  return claims_where(reader, keys, "state = $1 AND id > $2" + within + " ORDER BY id LIMIT $3",
                      params);
}

std::int64_t count_claims(Reader& reader, const StaffScope& scope, const std::string& state) {
  Params params{state};
  const std::string within = within_scope(scope, params);
  return count(reader, "SELECT COUNT(*) FROM claims WHERE state = $1" + within, params);
}

std::vector<Claim> open_claims_of(Reader& reader, const Keyring& keys, Id organiser) {
  return claims_where(reader, keys, "organiser_id = $1 AND state = 'open' ORDER BY id",
                      {organiser});
}

bool end_claim(Tx& tx, const Keyring& keys, const Claim& c, std::string_view state,
               const std::string& answer, std::optional<Id> by, Millis now) {
  return tx.execute(
             "UPDATE claims SET state = $3, answer_sealed = $4, decided_by = $5, decided_at = $6, "
             "version = version + 1 WHERE id = $1 AND version = $2 AND state = 'open'",
             {c.id, c.version, std::string(state), seal_optional(keys, answer, k_answer, c.id),
              or_null(by), now}) == 1;
}

void note_claim_try(Tx& tx, Id account, const std::string& number_lookup, Millis now) {
  tx.execute(
      "INSERT INTO claim_tries (id, account_id, number_lookup, tried_at) VALUES ($1, $2, $3, $4)",
      {new_id(), account, Blob{number_lookup}, now});
}

void forget_claim_try(Tx& tx, Id account, const std::string& number_lookup) {
  tx.execute(
      "DELETE FROM claim_tries WHERE id = (SELECT MAX(id) FROM claim_tries WHERE account_id = $1 "
      "AND number_lookup = $2)",
      {account, Blob{number_lookup}});
}

std::int64_t claim_tries_of(Reader& reader, Id account, Millis since) {
  return count(reader, "SELECT COUNT(*) FROM claim_tries WHERE account_id = $1 AND tried_at > $2",
               {account, since});
}

std::int64_t claim_tries_at(Reader& reader, const std::string& number_lookup, Millis since) {
  return count(reader,
               "SELECT COUNT(*) FROM claim_tries WHERE number_lookup = $1 AND tried_at > $2",
               {Blob{number_lookup}, since});
}

void note_holder_message(Tx& tx, Id account, const std::string& subject_lookup, Millis now) {
  tx.execute(
      "INSERT INTO holder_messages (id, account_id, subject_lookup, sent_at) VALUES ($1, $2, $3, "
      "$4)",
      {new_id(), account, Blob{subject_lookup}, now});
}

HolderMessages count_holder_messages(Reader& reader, Id account, const std::string& subject_lookup,
                                     Millis since, Millis same_since) {
  HolderMessages out;
  out.by_account =
      count(reader, "SELECT COUNT(*) FROM holder_messages WHERE account_id = $1 AND sent_at > $2",
            {account, since});
  out.to_subject = count(
      reader, "SELECT COUNT(*) FROM holder_messages WHERE subject_lookup = $1 AND sent_at > $2",
      {Blob{subject_lookup}, since});
  out.same = reader
                 .query_one(
                     "SELECT 1 FROM holder_messages WHERE subject_lookup = $1 AND account_id = $2 "
                     "AND sent_at > $3 LIMIT 1",
                     {Blob{subject_lookup}, account, same_since})
                 .has_value();
  return out;
}

void close_claims_of(Tx& tx, Id account, Millis now) {
  tx.execute(
      "UPDATE claims SET state = 'withdrawn', version = version + 1, decided_at = $2 WHERE "
      "account_id = $1 AND state = 'open'",
      {account, now});
  tx.execute(
      "UPDATE claims SET certificate_key = '', proof_key = '', note_sealed = NULL, answer_sealed = "
      "NULL WHERE account_id = $1",
      {account});
  tx.execute(
      "UPDATE transfers SET state = 'withdrawn', ended_at = $2 WHERE from_account = $1 AND state = "
      "'offered'",
      {account, now});
}

std::int64_t forget_claims(Tx& tx, Millis before, int limit) {
  const std::int64_t most = limit;
  std::int64_t gone = tx.execute(
      "UPDATE claims SET certificate_key = '', proof_key = '', note_sealed = NULL, answer_sealed = "
      "NULL WHERE id IN (SELECT id FROM claims WHERE state <> 'open' AND decided_at < $1 AND "
      "certificate_key <> '' ORDER BY id LIMIT $2)",
      {before, most});
  gone += tx.execute(
      "DELETE FROM transfers WHERE id IN (SELECT id FROM transfers WHERE state <> 'offered' AND "
      "ended_at < $1 ORDER BY id LIMIT $2)",
      {before, most});
  gone += tx.execute(
      "DELETE FROM claim_tries WHERE id IN (SELECT id FROM claim_tries WHERE tried_at < $1 ORDER "
      "BY id LIMIT $2)",
      {before, most});
  gone += tx.execute(
      "DELETE FROM holder_messages WHERE id IN (SELECT id FROM holder_messages WHERE sent_at < $1 "
      "ORDER BY id LIMIT $2)",
      {before, most});
  return gone;
}

}  // namespace beian::store
