// One empty database for one test, on either engine:
//
//   class AccountsTest : public testing::DatabaseTest {};
//   TEST_P(AccountsTest, …) { db().write(…); }
//   INSTANTIATE_TEST_SUITE_P(Engines, AccountsTest, testing::k_both_engines, testing::engine_name);
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "db/db.h"
#include "support/postgres_fixture.h"
#include "support/temp_dir.h"

namespace beian::testing {

inline const auto k_both_engines = ::testing::Values(Engine::sqlite, Engine::postgresql);

inline std::string engine_name(const ::testing::TestParamInfo<Engine>& info) {
  return info.param == Engine::sqlite ? "sqlite" : "postgresql";
}

class DatabaseTest : public ::testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (GetParam() == Engine::sqlite) {
      address_ = "sqlite:" + folder_.path("test.db");
    } else {
      if (const auto absence = PostgresServer::absence()) GTEST_SKIP() << *absence;
      address_ = PostgresServer::shared().new_address();
    }
    db_ = open_database(address_);
  }

  Db& db() { return *db_; }
  const std::string& address() const { return address_; }
  void close() { db_.reset(); }
  void reopen() { db_ = open_database(address_); }
  bool is_sqlite() const { return GetParam() == Engine::sqlite; }

  TempDir folder_;

 private:
  std::string address_;
  std::unique_ptr<Db> db_;
};

}  // namespace beian::testing
