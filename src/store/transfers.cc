#include "store/transfers.h"

#include "store/accounts.h"
#include "store/counters.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "id, what, subject_id, from_account, to_sealed, state, offered_at, expires_at, ended_at, "
    "to_account";
constexpr std::string_view k_to = "transfers.to";

std::string hash_of(const std::string& token) { return sha256(token); }

Transfer read_transfer(const Row& row, const Keyring& keys) {
  Transfer t;
  t.id = row.integer(0);
  t.what = row.text(1);
  t.subject_id = row.integer(2);
  t.from_account = row.integer(3);
  t.to_email = unseal(keys, row.blob(4), k_to, t.id);
  t.state = row.text(5);
  t.offered_at = row.integer(6);
  t.expires_at = row.integer(7);
  t.ended_at = row.opt_integer(8);
  t.to_account = row.opt_integer(9);
  return t;
}

std::vector<Transfer> transfers_where(Reader& reader, const Keyring& keys, std::string_view rest,
                                      const Params& params) {
  std::vector<Transfer> out;
  for (const Row& row : reader.query(
           "SELECT " + std::string(k_columns) + " FROM transfers WHERE " + std::string(rest),
           params))
    out.push_back(read_transfer(row, keys));
  return out;
}

std::optional<Transfer> first(std::vector<Transfer> found) {
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

}  // namespace

void insert_transfer(Tx& tx, const Keyring& keys, const Transfer& t, const std::string& token) {
  tx.execute(
      "INSERT INTO transfers (id, what, subject_id, from_account, to_lookup, to_sealed, "
      "token_hash, state, offered_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {t.id, t.what, t.subject_id, t.from_account, Blob{email_lookup(keys, t.to_email)},
       seal(keys, t.to_email, k_to, t.id), Blob{hash_of(token)}, t.state, t.offered_at,
       t.expires_at});
}

std::optional<Transfer> find_transfer(Reader& reader, const Keyring& keys, Id id) {
  return first(transfers_where(reader, keys, "id = $1", {id}));
}

std::optional<Transfer> find_transfer_by_token(Reader& reader, const Keyring& keys,
                                               const std::string& token) {
  return first(transfers_where(reader, keys, "token_hash = $1", {Blob{hash_of(token)}}));
}

std::vector<Transfer> transfers_from(Reader& reader, const Keyring& keys, Id account, int limit) {
  return transfers_where(reader, keys, "from_account = $1 ORDER BY id DESC LIMIT $2",
                         {account, std::int64_t{limit}});
}

std::optional<Transfer> open_transfer_of(Reader& reader, const Keyring& keys,
                                         const std::string& what, Id subject) {
  return first(transfers_where(reader, keys, "what = $1 AND subject_id = $2 AND state = 'offered'",
                               {what, subject}));
}

bool end_transfer(Tx& tx, Id id, std::string_view state, std::optional<Id> to_account, Millis now) {
  return tx.execute(
             "UPDATE transfers SET state = $2, ended_at = $3, to_account = $4 WHERE id = $1 AND "
             "state = 'offered'",
             {id, std::string(state), now, or_null(to_account)}) == 1;
}

std::vector<Id> overdue_transfers(Reader& reader, Millis now, int limit) {
  std::vector<Id> out;
  for (const Row& row : reader.query(
           "SELECT id FROM transfers WHERE state = 'offered' AND expires_at <= $1 ORDER BY "
           "expires_at LIMIT $2",
           {now, std::int64_t{limit}}))
    out.push_back(row.integer(0));
  return out;
}

std::int64_t count_offers(Reader& reader, Id account, Millis since) {
  return reader
      .query_one("SELECT COUNT(*) FROM transfers WHERE from_account = $1 AND offered_at > $2",
                 {account, since})
      .value()
      .integer(0);
}

bool move_filing_to(Tx& tx, Id filing, Id from, Id to, Millis now) {
  const auto before = standing_of(tx, filing);
  if (!before ||
      tx.execute("UPDATE filings SET account_id = $3, client_id = NULL, version = version + 1, "
                 "revision = revision + 1, updated_at = $4 WHERE id = $1 AND account_id = $2",
                 {filing, from, to, now}) != 1)
    return false;
  QueueStanding after = *before;
  after.account = to;
  move_counters(tx, before, after);
  tx.execute("DELETE FROM tickets WHERE filing_id = $1", {filing});
  return true;
}

bool give_organiser(Tx& tx, Id organiser, Id from, Id to, Millis now) {
  return tx.execute(
             "UPDATE registered_organisers SET account_id = $3, changed_at = $4 WHERE id = $1 AND "
             "account_id = $2 AND state = 'filed'",
             {organiser, from, to, now}) == 1;
}

std::optional<std::vector<Id>> move_organiser_to(Tx& tx, Id organiser, Id from, Id to, Millis now) {
  if (!give_organiser(tx, organiser, from, to, now)) return std::nullopt;
  std::vector<Id> drafts;
  for (const Row& row :
       tx.query("SELECT id, state FROM filings WHERE organiser_id = $1 AND account_id = $2",
                {organiser, from})) {
    if (!move_filing_to(tx, row.integer(0), from, to, now)) return std::nullopt;
    if (row.text(1) == "draft") drafts.push_back(row.integer(0));
  }
  return drafts;
}

std::vector<Id> open_filings_about(Reader& reader, Id organiser, bool drafts) {
  std::vector<Id> out;
  for (const Row& row :
       reader.query(std::string("SELECT id FROM filings WHERE organiser_id = $1 AND ") +
                        (drafts ? "state = 'draft'"
                                : "state NOT IN ('draft', 'approved', 'withdrawn', 'expired')") +
                        " ORDER BY id",
                    {organiser}))
    out.push_back(row.integer(0));
  return out;
}

}  // namespace beian::store
