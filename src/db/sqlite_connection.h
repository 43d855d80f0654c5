// One SQLite connection with its prepared statements. Used by one thread at a time.
#pragma once

#include <sqlite3.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "db/db.h"

namespace beian {

class SqliteConnection {
 public:
  enum class Use { write, read };

  // Throws std::runtime_error when the file cannot be opened or WAL, synchronous=FULL or foreign
  // keys cannot be had.
  SqliteConnection(const std::string& path, Use use);
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  std::vector<Row> query(std::string_view sql, const Params& params);
  std::int64_t execute(std::string_view sql, const Params& params);
  void run(std::string_view sql) { execute(sql, {}); }

  // False also when an error (disk full, I/O) made SQLite roll everything back by itself.
  bool in_transaction() const { return sqlite3_get_autocommit(db_.get()) == 0; }
  bool has_open_foreign_keys() const;  // DEFERRABLE ones that a commit would refuse

 private:
  struct Statement {
    std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> handle{nullptr, sqlite3_finalize};
    std::vector<std::size_t> numbers;  // of SQLite's i-th parameter: the n of its $n
    std::size_t parameters = 0;        // the largest n
  };

  void configure(Use use);
  std::int64_t pragma(const char* sql);
  Statement& prepare(std::string_view sql);
  void bind(Statement& statement, std::string_view sql, const Params& params);
  bool step(Statement& statement, std::string_view sql);  // true: there is a row
  Row read_row(Statement& statement);
  [[noreturn]] void fail(int code, std::string_view sql) const;

  std::string path_;
  std::unique_ptr<sqlite3, decltype(&sqlite3_close_v2)> db_{nullptr, sqlite3_close_v2};
  std::map<std::string, Statement, std::less<>> statements_;
};

}  // namespace beian
