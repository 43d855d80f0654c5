// Reader and Tx over a connection of either engine.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "db/db.h"

namespace beian {

template <typename Connection>
class ReaderOn : public Reader {
 public:
  explicit ReaderOn(Connection& connection) : connection_(connection) {}
  std::vector<Row> query(std::string_view sql, const Params& params) override {
    return connection_.query(sql, params);
  }

 private:
  Connection& connection_;
};

// Remembers its first DbError and goes no further: PostgreSQL would answer everything that follows
// with "transaction is aborted", SQLite would go on without the statement that failed.
template <typename Connection>
class TxOn : public Tx {
 public:
  explicit TxOn(Connection& connection) : connection_(connection) {}

  std::vector<Row> query(std::string_view sql, const Params& params) override {
    rethrow_failure();
    try {
      return connection_.query(sql, params);
    } catch (const DbError& error) {
      failure_ = error;
      throw;
    }
  }

  std::int64_t execute(std::string_view sql, const Params& params) override {
    rethrow_failure();
    try {
      return connection_.execute(sql, params);
    } catch (const DbError& error) {
      failure_ = error;
      throw;
    }
  }

  void rethrow_failure() const {
    if (failure_) throw *failure_;
  }

 private:
  Connection& connection_;
  std::optional<DbError> failure_;
};

}  // namespace beian
