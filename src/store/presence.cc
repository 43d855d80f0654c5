#include "store/presence.h"

namespace beian::store {

std::vector<Viewer> list_viewers(Reader& reader, Id filing, Millis now) {
  std::vector<Viewer> out;
  for (const Row& row : reader.query(
           "SELECT p.account_id, a.display_name, p.since, p.until FROM case_presence p JOIN "
           "accounts a ON a.id = p.account_id WHERE p.filing_id = $1 AND p.until > $2 ORDER BY "
           "p.since, p.account_id LIMIT 20",
           {filing, now}))
    out.push_back({row.integer(0), row.text(1), row.integer(2), row.integer(3)});
  return out;
}

void put_viewer(Tx& tx, Id filing, Id account, Millis now, Millis until) {
  // Whoever was away longer than a lease has come anew.
  tx.execute(
      "INSERT INTO case_presence (filing_id, account_id, since, until) VALUES ($1, $2, $3, $4) ON "
      "CONFLICT (filing_id, account_id) DO UPDATE SET since = CASE WHEN case_presence.until > $3 "
      "THEN case_presence.since ELSE $3 END, until = $4",
      {filing, account, now, until});
}

void remove_viewer(Tx& tx, Id filing, Id account) {
  tx.execute("DELETE FROM case_presence WHERE filing_id = $1 AND account_id = $2",
             {filing, account});
}

void remove_gone_viewers(Tx& tx, Millis now) {
  tx.execute("DELETE FROM case_presence WHERE until < $1", {now});
}

}  // namespace beian::store
