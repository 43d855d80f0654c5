// One PostgreSQL connection with its prepared statements. Used by one thread at a time.
#pragma once

#include <libpq-fe.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "db/db.h"

namespace beian {

class PostgresConnection {
 public:
  // Throws DbError{lost} when the server cannot be reached, std::runtime_error when it is not set
  // up to keep what it acknowledges.
  explicit PostgresConnection(const std::string& address);
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  std::vector<Row> query(std::string_view sql, const Params& params);
  std::int64_t execute(std::string_view sql, const Params& params);
  // BEGIN, COMMIT, …: no parameters, no rows, nothing prepared. Returns the server's command tag.
  std::string run(const char* sql);

  bool is_good() const { return PQstatus(connection_.get()) == CONNECTION_OK; }

 private:
  using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

  struct Statement {
    std::string name;
    std::size_t parameters = 0;
    std::vector<Oid> types;  // 0: only NULL was bound so far, the server decides
  };

  Result execute_prepared(std::string_view sql, const Params& params);
  const Statement& prepare(std::string_view sql, const Params& params);
  void check_durability();
  [[noreturn]] void fail(const PGresult* result, std::string_view sql);

  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_{nullptr, PQfinish};
  std::map<std::string, Statement, std::less<>> statements_;
  std::uint64_t prepared_ = 0;
  bool plans_stale_ = false;
};

}  // namespace beian
