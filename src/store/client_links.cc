#include "store/client_links.h"

#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "id, filing_id, account_id, made_by, stage, sent_to_sealed, created_at, expires_at, opened_at, "
    "consent, consented_at, completed_at, revoked_at";

ClientLink read_link(const Row& row, const Keyring& keys) {
  ClientLink l;
  l.id = row.integer(0);
  l.filing_id = row.integer(1);
  l.account_id = row.integer(2);
  l.made_by = row.integer(3);
  l.stage = row.text(4);
  if (const auto sealed = row.opt_blob(5))
    l.sent_to = unseal(keys, *sealed, "client_links.sent_to", l.id);
  l.created_at = row.integer(6);
  l.expires_at = row.integer(7);
  l.opened_at = row.opt_integer(8);
  l.consent = row.text(9);
  l.consented_at = row.opt_integer(10);
  l.completed_at = row.opt_integer(11);
  l.revoked_at = row.opt_integer(12);
  return l;
}

}  // namespace

void insert_client_link(Tx& tx, const Keyring& keys, const std::string& token,
                        const ClientLink& l) {
  tx.execute(
      "INSERT INTO client_links (id, token_hash, filing_id, account_id, made_by, stage, "
      "sent_to_sealed, created_at, expires_at, consent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
      "$9, '')",
      {l.id, Blob{sha256(token)}, l.filing_id, l.account_id, l.made_by, l.stage,
       seal_optional(keys, l.sent_to, "client_links.sent_to", l.id), l.created_at, l.expires_at});
}

std::optional<ClientLink> find_client_link(Reader& reader, const Keyring& keys,
                                           const std::string& token) {
  const auto row = reader.query_one(
      "SELECT " + std::string(k_columns) + " FROM client_links WHERE token_hash = $1",
      {Blob{sha256(token)}});
  if (!row) return std::nullopt;
  return read_link(*row, keys);
}

std::vector<ClientLink> list_client_links(Reader& reader, const Keyring& keys, Id filing) {
  std::vector<ClientLink> out;
  for (const Row& row : reader.query("SELECT " + std::string(k_columns) +
                                         " FROM client_links WHERE filing_id = $1 ORDER BY id DESC",
                                     {filing}))
    out.push_back(read_link(row, keys));
  return out;
}

void note_link_opened(Tx& tx, Id link, Millis now) {
  tx.execute("UPDATE client_links SET opened_at = $2 WHERE id = $1 AND opened_at IS NULL",
             {link, now});
}

void note_link_consent(Tx& tx, Id link, const std::string& version, Millis now) {
  tx.execute("UPDATE client_links SET consent = $2, consented_at = $3 WHERE id = $1",
             {link, version, now});
}

bool complete_client_link(Tx& tx, Id link, Millis now) {
  return tx.execute(
             "UPDATE client_links SET completed_at = $2 WHERE id = $1 AND completed_at IS NULL AND "
             "revoked_at IS NULL AND expires_at > $2",
             {link, now}) == 1;
}

std::int64_t revoke_client_links(Tx& tx, Id filing, std::optional<Id> link, Millis now) {
  return tx.execute(
      "UPDATE client_links SET revoked_at = $3 WHERE filing_id = $1 AND (CAST($2 AS BIGINT) IS "
      "NULL OR id = $2) AND completed_at IS NULL AND revoked_at IS NULL",
      {filing, or_null(link), now});
}

}  // namespace beian::store
