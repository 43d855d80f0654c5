#include "db/sql_text.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace beian {
namespace {

using Statements = std::vector<std::string>;

TEST(SqlText, CutsAtSemicolonsOutsideQuotesAndComments) {
  EXPECT_EQ(split_statements("a; b ;c"), (Statements{"a", "b ", "c"}));
  EXPECT_EQ(split_statements("insert into t values ('a;b', \"c;d\", 'it''s;'); x"),
            (Statements{"insert into t values ('a;b', \"c;d\", 'it''s;')", "x"}));
  EXPECT_EQ(split_statements("a -- one; two\n b; /* ; */ c"), (Statements{"a  \n b", "c"}));
  EXPECT_EQ(split_statements("a/* */b"), (Statements{"a b"}));
}

TEST(SqlText, IgnoresEmptyStatements) {
  EXPECT_EQ(split_statements(""), Statements{});
  EXPECT_EQ(split_statements(" ;; -- nothing\n;/* */"), Statements{});
  EXPECT_EQ(split_statements("a;\n-- the end"), Statements{"a"});
}

TEST(SqlText, RefusesWhatDoesNotEnd) {
  for (const char* sql : {"select 'a", "select \"a", "select /* a", "select 'it''s"}) {
    EXPECT_THROW(split_statements(sql), std::runtime_error) << sql;
  }
}

TEST(SqlText, CountsParameters) {
  EXPECT_EQ(count_parameters("SELECT 1"), 0u);
  EXPECT_EQ(count_parameters("SELECT $2, $10, $2, '$30', \"$40\" -- $50"), 10u);
  EXPECT_EQ(count_parameters("SELECT CAST($1 AS TEXT) IS NULL, $2 || 'is'"), 2u);
  EXPECT_EQ(count_parameters("DO $x$ BEGIN END $x$"), 0u);
  EXPECT_THROW(count_parameters("SELECT $1 is not null"), std::runtime_error);
}

TEST(SqlText, PostgresqlReadsBytea) {
  EXPECT_EQ(to_postgresql("CREATE TABLE t (a BLOB, b blob NOT NULL)"),
            "CREATE TABLE t (a BYTEA, b BYTEA NOT NULL)");
  EXPECT_EQ(to_postgresql("SELECT 'BLOB', \"blob\", blobs, my_blob, CAST($1 AS BLOB) -- blob"),
            "SELECT 'BLOB', \"blob\", blobs, my_blob, CAST($1 AS BYTEA) -- blob");
  EXPECT_EQ(to_postgresql("CREATE TABLE t (a BIGINT PRIMARY KEY) WITHOUT ROWID"),
            "CREATE TABLE t (a BIGINT PRIMARY KEY) ");
}

TEST(SqlText, SqliteReadsNoLocks) {
  EXPECT_EQ(to_sqlite("SELECT a FROM t WHERE id = $1 FOR UPDATE"),
            "SELECT a FROM t WHERE id = $1 ");
  EXPECT_EQ(to_sqlite("(SELECT a FROM t LIMIT 1 for update\n skip locked)"),
            "(SELECT a FROM t LIMIT 1 )");
  EXPECT_EQ(to_sqlite("SELECT 'FOR UPDATE' FROM t -- FOR UPDATE"),
            "SELECT 'FOR UPDATE' FROM t -- FOR UPDATE");
  EXPECT_EQ(to_sqlite("UPDATE t SET a = 'x' WHERE b = 1"), "UPDATE t SET a = 'x' WHERE b = 1");
}

}  // namespace
}  // namespace beian
