// The database: one SQL text for SQLite (one machine) and PostgreSQL (several nodes).
//
// SQL uses $1…$n, bound by number on both engines; columns are BIGINT, INTEGER, TEXT or BLOB;
// booleans 0/1; times BIGINT milliseconds; ids made by the program. Write `BLOB`: the PostgreSQL
// side reads BYTEA. Write `FOR UPDATE` (or `FOR UPDATE SKIP LOCKED`) where a row is read in order
// to be changed: PostgreSQL locks it; SQLite, which has one writer, does not see the words. Text is
// UTF-8 without NUL. An optional filter is `(CAST($1 AS BIGINT) IS NULL OR x = $1)`; without the
// CAST it is refused, since PostgreSQL could not tell the type of a NULL. A table that is all key
// ends in `WITHOUT ROWID`, which PostgreSQL does not see. Errors never contain bound values.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace beian {

struct Blob {
  std::string bytes;
  bool operator==(const Blob&) const = default;
};

using Value = std::variant<std::monostate, std::int64_t, std::string, Blob>;

enum class Engine { sqlite, postgresql };

// One result row. Columns by position; reading NULL or another type through a plain getter throws
// std::logic_error.
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  bool is_null(std::size_t column) const;
  std::int64_t integer(std::size_t column) const;
  const std::string& text(std::size_t column) const;
  const std::string& blob(std::size_t column) const;
  bool boolean(std::size_t column) const { return integer(column) != 0; }
  std::optional<std::int64_t> opt_integer(std::size_t column) const;
  std::optional<std::string> opt_text(std::size_t column) const;
  std::optional<std::string> opt_blob(std::size_t column) const;

 private:
  std::vector<Value> values_;
};

using Params = std::vector<Value>;

// busy: another writer was in the way for too long. full: no room on the disk. lost: the connection
// broke; when that happens during a commit nobody knows its outcome, so ask before doing it again.
class DbError : public std::runtime_error {
 public:
  enum class Kind { unique, foreign_key, busy, full, lost, other };
  DbError(Kind kind, const std::string& redacted) : std::runtime_error(redacted), kind_(kind) {}
  Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

// Reads on one consistent snapshot. Not for sharing between threads.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual std::vector<Row> query(std::string_view sql, const Params& params = {}) = 0;
  std::optional<Row> query_one(std::string_view sql, const Params& params = {});
};

// A write transaction. Being asked for a Tx& is how a function says that it writes. After a DbError
// it can do no more on either engine, and nothing of it is kept even if the error is swallowed:
// expect a duplicate with ON CONFLICT, not with catch.
class Tx : public Reader {
 public:
  // Returns the number of rows changed.
  virtual std::int64_t execute(std::string_view sql, const Params& params = {}) = 0;

  // Does `work` at the end of this transaction, after all that its function does. For a row that
  // every writer changes: its lock is then the last one taken, so nobody waits for it crosswise or
  // longer than a commit takes.
  void before_commit(std::function<void(Tx&)> work) { endings_.push_back(std::move(work)); }
  void run_endings();  // by the engines

 private:
  std::vector<std::function<void(Tx&)>> endings_;
};

// Thread-safe. On SQLite one writer thread gathers waiting writes into one transaction, a savepoint
// each and one fsync for all (group commit, synchronous=FULL always); `write` returns after that
// fsync. On PostgreSQL each write is a transaction on a pooled connection. A function given to
// `write` may run again after a serialization failure or a failed group, so it must have no effect
// outside the transaction; an exception from it rolls its own part back and reaches the caller.
// A read or write begun inside another of the same Db throws std::logic_error: it would see another
// state of the data, or wait for itself. Destroying a Db finishes the writes that are queued.
class Db {
 public:
  virtual ~Db() = default;
  virtual Engine engine() const = 0;
  virtual void read_with(const std::function<void(Reader&)>& work) = 0;
  virtual void write_with(const std::function<void(Tx&)>& work) = 0;

  template <typename F>
  auto read(F&& work) {
    using Result = std::invoke_result_t<F, Reader&>;
    if constexpr (std::is_void_v<Result>) {
      read_with([&](Reader& reader) { work(reader); });
    } else {
      std::optional<Result> result;
      read_with([&](Reader& reader) { result.emplace(work(reader)); });
      return std::move(*result);
    }
  }
  template <typename F>
  auto write(F&& work) {
    using Result = std::invoke_result_t<F, Tx&>;
    if constexpr (std::is_void_v<Result>) {
      write_with([&](Tx& tx) { work(tx); });
    } else {
      std::optional<Result> result;
      write_with([&](Tx& tx) { result.emplace(work(tx)); });
      return std::move(*result);
    }
  }
};

// `address`: "sqlite:<path>" or a libpq connection string starting with "postgresql://".
// `readers`: how many reads may go on at once (on PostgreSQL: and as many writes). Throws
// std::runtime_error when the database cannot be opened or does not promise durability.
std::unique_ptr<Db> open_database(const std::string& address, int readers = 8);

// Applies the files of `folder` (0001_*.sql …) that this database has not seen, each in one
// transaction, in order; a changed file that was applied before is an error (std::runtime_error),
// and so is one that the database knows and the folder lacks: a newer program made it
// (db/schema.h). Safe when several nodes start at once. Returns how many were applied.
int migrate(Db& db, const std::string& folder);
// How many of them `migrate` would apply to a database that has data; 0 for a new one.
int pending_migrations(Db& db, const std::string& folder);

// A copy of a live SQLite database while others write to it, as it was at one moment. `target` must
// not exist. Throws std::runtime_error.
void copy_sqlite(const std::string& path, const std::string& target);

}  // namespace beian
