#include "store/letters.h"

#include "store/sealed.h"

namespace beian::store {

void insert_letter(Tx& tx, const Keyring& keys, const Letter& l) {
  tx.execute(
      "INSERT INTO letters (id, filing_id, by_staff, author_id, body_sealed, at) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      {l.id, l.filing_id, std::int64_t{l.by_staff}, l.author_id,
       seal(keys, l.text, "letters.body", l.id), l.at});
}

std::vector<Letter> list_letters(Reader& reader, const Keyring& keys, Id filing) {
  std::vector<Letter> out;
  for (const Row& row : reader.query(
           "SELECT id, filing_id, by_staff, author_id, body_sealed, at, seen_at FROM letters "
           "WHERE filing_id = $1 ORDER BY id",
           {filing}))
    out.push_back({row.integer(0), row.integer(1), row.boolean(2), row.integer(3),
                   unseal(keys, row.blob(4), "letters.body", row.integer(0)), row.integer(5),
                   row.opt_integer(6)});
  return out;
}

std::int64_t count_letters(Reader& reader, Id filing, bool by_staff, Millis since) {
  return reader
      .query_one("SELECT COUNT(*) FROM letters WHERE filing_id = $1 AND by_staff = $2 AND at >= $3",
                 {filing, std::int64_t{by_staff}, since})
      ->integer(0);
}

std::int64_t see_letters(Tx& tx, Id filing, bool written_by_staff, Millis now) {
  return tx.execute(
      "UPDATE letters SET seen_at = $3 WHERE filing_id = $1 AND by_staff = $2 AND seen_at IS NULL",
      {filing, std::int64_t{written_by_staff}, now});
}

}  // namespace beian::store
