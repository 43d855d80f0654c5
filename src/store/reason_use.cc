#include "store/reason_use.h"

#include "store/sealed.h"

namespace beian::store {

void count_reason(Tx& tx, const std::string& field, const std::string& reason_code,
                  std::string_view kind, const std::string& province, Millis now) {
  tx.execute(
      "INSERT INTO reason_uses (field, reason_code, kind, province, n, last_at) "
      "VALUES ($1, $2, $3, $4, 1, $5) ON CONFLICT (field, reason_code, kind, province) "
      "DO UPDATE SET n = reason_uses.n + 1, last_at = $5",
      {field, reason_code, std::string(kind), province, now});
}

std::vector<ReasonUse> reason_uses(Reader& reader, std::string_view kind,
                                   const std::string& province) {
  std::vector<ReasonUse> out;
  for (const Row& row : reader.query(
           "SELECT field, reason_code, "
           "CAST(SUM(CASE WHEN kind = $1 AND province = $2 THEN n ELSE 0 END) AS BIGINT), "
           "CAST(SUM(CASE WHEN kind = $1 THEN n ELSE 0 END) AS BIGINT), CAST(SUM(n) AS BIGINT) "
           "FROM reason_uses GROUP BY field, reason_code ORDER BY field, reason_code",
           {std::string(kind), province}))
    out.push_back({row.text(0), row.text(1), row.integer(2), row.integer(3), row.integer(4)});
  return out;
}

void keep_wording(Tx& tx, const Keyring& keys, Id account, const std::string& field,
                  const std::string& text, Millis now, int most) {
  const Blob lookup{keys.lookup(text, "own_wordings.text")};
  const bool known = tx.execute(
                         "UPDATE own_wordings SET n = n + 1, last_at = $4 "
                         "WHERE account_id = $1 AND field = $2 AND text_lookup = $3",
                         {account, field, lookup, now}) == 1;
  if (known) return;
  const Id id = new_id();
  tx.execute(
      "INSERT INTO own_wordings (id, account_id, field, text_lookup, text_sealed, n, last_at) "
      "VALUES ($1, $2, $3, $4, $5, 1, $6)",
      {id, account, field, lookup, seal(keys, text, "own_wordings.text", id), now});
  tx.execute(
      "DELETE FROM own_wordings WHERE account_id = $1 AND field = $2 AND id NOT IN ("
      "SELECT id FROM own_wordings WHERE account_id = $1 AND field = $2 "
      "ORDER BY last_at DESC, id DESC LIMIT $3)",
      {account, field, std::int64_t{most}});
}

std::vector<Wording> wordings_of(Reader& reader, const Keyring& keys, Id account) {
  std::vector<Wording> out;
  for (const Row& row : reader.query("SELECT id, field, text_sealed, n FROM own_wordings "
                                     "WHERE account_id = $1 ORDER BY n DESC, last_at DESC LIMIT "
                                     "1000",
                                     {account}))
    out.push_back({row.integer(0), row.text(1),
                   unseal(keys, row.blob(2), "own_wordings.text", row.integer(0)), row.integer(3)});
  return out;
}

bool remove_wording(Tx& tx, Id account, Id wording) {
  return tx.execute("DELETE FROM own_wordings WHERE account_id = $1 AND id = $2",
                    {account, wording}) == 1;
}

}  // namespace beian::store
