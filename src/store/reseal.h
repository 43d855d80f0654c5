// After a change of key: everything sealed before is sealed anew, a little at a time, while the
// platform runs. Until then both keys open their own.
#pragma once

#include <string>
#include <vector>

#include "base/crypto.h"
#include "db/db.h"

namespace beian::store {

// A sealed column, how its rows are named in the context, and in which order they are gone through.
struct SealedColumn {
  enum class Type { number, text, bytes };
  struct Key {
    std::string column;
    Type type = Type::number;
  };
  std::string table, column;  // "filings", "content_sealed"
  // "<table>.<column without _sealed>/<these, by />", bytes in hex.
  std::vector<Key> context_keys;
  Key order_by;
};
// Every column named *_sealed of the schema. Throws std::logic_error for a table whose rows have no
// `id` and whose context nobody has told here.
std::vector<SealedColumn> sealed_columns(Db& db);

// Goes on where it stopped. Not for sharing between threads.
class Reseal {
 public:
  Reseal(Db& db, const Keyring& keys);
  // Looks at up to `limit` values that are not sealed with the active key and seals them again,
  // each batch in one transaction. False: a whole round has found none.
  bool step(int limit);
  std::int64_t done() const { return done_; }

 private:
  void next_column();
  Db& db_;
  const Keyring& keys_;
  std::vector<SealedColumn> columns_;
  std::size_t at_ = 0;
  Value after_;
  std::int64_t in_round_ = 0, done_ = 0;
};

}  // namespace beian::store
