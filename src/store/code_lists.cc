#include "store/code_lists.h"

#include "store/sealed.h"

namespace beian::store {

void put_received_code(Tx& tx, const Code& c) {
  tx.execute(
      "INSERT INTO received_codes (province, dictionary, code, name, active, parent, note, "
      "received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (province, dictionary, "
      "code) DO UPDATE SET name = excluded.name, active = excluded.active, parent = "
      "excluded.parent, note = excluded.note, received_at = excluded.received_at",
      {c.province, c.dictionary, c.code, c.name, std::int64_t{c.active}, or_null(c.parent), c.note,
       c.received_at});
}

std::vector<Code> received_codes(Reader& reader, const std::string& dictionary) {
  std::vector<Code> out;
  for (const Row& row : reader.query(
           "SELECT dictionary, code, name, active, parent, note, province, received_at FROM "
           "received_codes WHERE ($1 = '' OR dictionary = $1) ORDER BY dictionary, code, province",
           {dictionary}))
    out.push_back({row.text(0), row.integer(1), row.text(2), row.boolean(3), row.opt_integer(4),
                   row.text(5), row.text(6), row.integer(7)});
  return out;
}

void put_accepted_code(Tx& tx, const Code& c, Id by, Millis now) {
  tx.execute(
      "INSERT INTO accepted_codes (dictionary, code, name, active, parent, accepted_by, "
      "accepted_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (dictionary, code) DO UPDATE "
      "SET name = excluded.name, active = excluded.active, parent = excluded.parent, accepted_by = "
      "excluded.accepted_by, accepted_at = excluded.accepted_at",
      {c.dictionary, c.code, c.name, std::int64_t{c.active}, or_null(c.parent), by, now});
}

std::vector<Code> accepted_codes(Reader& reader) {
  std::vector<Code> out;
  for (const Row& row :
       reader.query("SELECT dictionary, code, name, active, parent, accepted_at FROM "
                    "accepted_codes ORDER BY dictionary, code"))
    out.push_back({row.text(0), row.integer(1), row.text(2), row.boolean(3), row.opt_integer(4), "",
                   "", row.integer(5)});
  return out;
}

}  // namespace beian::store
