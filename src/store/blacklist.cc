#include "store/blacklist.h"

#include "store/sealed.h"

namespace beian::store {
namespace {

Blob lookup(const Keyring& keys, const std::string& kind, const std::string& value) {
  return Blob{keys.lookup(value, "blacklist." + kind)};
}

// The row has no id of its own; what it is about is its key.
std::string context(const std::string& kind, const Blob& value, const std::string& province) {
  return "blacklist.label/" + kind + "/" + to_hex(value.bytes) + "/" + province;
}

}  // namespace

void put_blacklist(Tx& tx, const Keyring& keys, const BlacklistEntry& e) {
  const Blob value = lookup(keys, e.kind, e.value);
  tx.execute(
      "INSERT INTO blacklist (kind, value_lookup, province, label_sealed, listed_at, file_name) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kind, value_lookup, province) DO UPDATE SET "
      "label_sealed = excluded.label_sealed, listed_at = excluded.listed_at, file_name = "
      "excluded.file_name",
      {e.kind, value, e.province, Blob{keys.seal(e.label, context(e.kind, value, e.province))},
       e.listed_at, e.file_name});
}

void remove_blacklist(Tx& tx, const Keyring& keys, const BlacklistEntry& e) {
  tx.execute("DELETE FROM blacklist WHERE kind = $1 AND value_lookup = $2 AND province = $3",
             {e.kind, lookup(keys, e.kind, e.value), e.province});
}

std::vector<BlacklistEntry> find_blacklist(Reader& reader, const Keyring& keys,
                                           const std::string& kind, const std::string& value) {
  std::vector<BlacklistEntry> out;
  const Blob hashed = lookup(keys, kind, value);
  for (const Row& row : reader.query(
           "SELECT province, label_sealed, listed_at, file_name FROM blacklist WHERE kind = $1 AND "
           "value_lookup = $2 ORDER BY province",
           {kind, hashed}))
    out.push_back({kind, "", row.text(0),
                   keys.open(row.blob(1), context(kind, hashed, row.text(0))), row.integer(2),
                   row.text(3)});
  return out;
}

std::int64_t count_blacklist(Reader& reader) {
  return reader.query_one("SELECT COUNT(*) FROM blacklist")->integer(0);
}

}  // namespace beian::store
