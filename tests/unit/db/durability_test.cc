// What was acknowledged is there after kill -9.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <thread>

#include "support/test_database.h"

namespace beian {
namespace {

class DurabilityTest : public testing::DatabaseTest {};

INSTANTIATE_TEST_SUITE_P(Engines, DurabilityTest, testing::k_both_engines, testing::engine_name);

// Writes from four threads for ever; each id goes into the pipe once `write` has returned.
[[noreturn]] void write_and_report(const std::string& address, int pipe, std::int64_t first) {
  const auto db = open_database(address, 4);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::int64_t id = first + thread;; id += 4) {
        db->write([&](Tx& tx) {
          tx.execute("INSERT INTO t (id) VALUES ($1)", {id});
          tx.execute("UPDATE totals SET n = n + 1");
        });
        if (::write(pipe, &id, sizeof id) != sizeof id) ::_exit(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ::_exit(0);
}

TEST_P(DurabilityTest, KillingTheProgramLosesNothingAcknowledged) {
  db().write([](Tx& tx) {
    tx.execute("CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY)");
    tx.execute("CREATE TABLE totals (n BIGINT NOT NULL)");
    tx.execute("INSERT INTO totals (n) VALUES (0)");
  });
  close();
  std::set<std::int64_t> acknowledged;
  for (int round = 0; round < 5; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const ::pid_t child = ::fork();
    if (child == 0) write_and_report(address(), ends[1], round * 1'000'000);
    ::close(ends[1]);
    std::int64_t id = 0;
    const std::size_t enough = acknowledged.size() + 40 + static_cast<std::size_t>(round) * 7;
    while (acknowledged.size() < enough && ::read(ends[0], &id, sizeof id) == sizeof id) {
      acknowledged.insert(id);
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(ends[0], &id, sizeof id) == sizeof id) acknowledged.insert(id);
    ::close(ends[0]);
    ASSERT_GE(acknowledged.size(), enough);
  }
  reopen();
  db().read([&](Reader& reader) {
    std::set<std::int64_t> kept;
    for (const Row& row : reader.query("SELECT id FROM t")) kept.insert(row.integer(0));
    for (const std::int64_t id : acknowledged) EXPECT_TRUE(kept.contains(id)) << id;
    EXPECT_EQ(reader.query_one("SELECT n FROM totals")->integer(0),
              static_cast<std::int64_t>(kept.size()))
        << "half a write was kept";
  });
}

TEST(PostgresLoss, AServerThatComesBackIsUsedAgain) {
  if (const auto absence = testing::PostgresServer::absence()) GTEST_SKIP() << *absence;
  auto& server = testing::PostgresServer::shared();
  const auto db = open_database(server.new_address(), 4);
  db->write([](Tx& tx) { tx.execute("CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY)"); });
  const auto insert = [&](std::int64_t id) {
    db->write([&](Tx& tx) { tx.execute("INSERT INTO t (id) VALUES ($1)", {id}); });
  };
  const auto count = [&] {
    return db->read(
        [](Reader& reader) { return reader.query_one("SELECT COUNT(*) FROM t")->integer(0); });
  };
  insert(1);
  EXPECT_EQ(count(), 1);
  server.crash_and_restart();
  EXPECT_EQ(count(), 1);
  insert(2);
  EXPECT_EQ(count(), 2);

  // A backend that dies in the middle of a write: the write runs again on a new connection.
  int runs = 0;
  db->write([&](Tx& tx) {
    tx.execute("INSERT INTO t (id) VALUES (3)");
    if (++runs == 1) tx.query("SELECT pg_terminate_backend(pg_backend_pid())");
  });
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(count(), 3);

  // A server that stays away is an error in the end, not an endless wait.
  server.stop(SIGQUIT);
  try {
    count();
    ADD_FAILURE() << "read from a stopped server";
  } catch (const DbError& error) {
    EXPECT_EQ(error.kind(), DbError::Kind::lost);
  }
  server.start();
  EXPECT_EQ(count(), 3);
}

TEST(PostgresLoss, ServerErrorsAreSorted) {
  if (const auto absence = testing::PostgresServer::absence()) GTEST_SKIP() << *absence;
  const auto db = open_database(testing::PostgresServer::shared().new_address(), 1);
  const auto kind_of_state = [&](const std::string& state) {
    try {
      db->write([&](Tx& tx) {
        tx.execute("DO $x$ BEGIN RAISE EXCEPTION USING MESSAGE = 'geh' || 'eim', ERRCODE = '" +
                   state + "'; END $x$");
      });
    } catch (const DbError& error) {
      EXPECT_EQ(std::string(error.what()).find("geheim"), std::string::npos) << error.what();
      return error.kind();
    }
    return DbError::Kind::other;
  };
  EXPECT_EQ(kind_of_state("53100"), DbError::Kind::full);
  EXPECT_EQ(kind_of_state("40001"), DbError::Kind::busy);
  EXPECT_EQ(kind_of_state("22000"), DbError::Kind::other);
  try {
    db->read([](Reader& reader) { reader.query("SELECT CAST($1 AS BIGINT)", {"geheim"}); });
    ADD_FAILURE() << "converted";
  } catch (const DbError& error) {
    EXPECT_EQ(std::string(error.what()).find("geheim"), std::string::npos) << error.what();
  }
}

// A node that runs while another migrates: statements prepared for the old table still work.
TEST(PostgresLoss, AChangedTableDoesNotStrandPreparedStatements) {
  if (const auto absence = testing::PostgresServer::absence()) GTEST_SKIP() << *absence;
  const std::string address = testing::PostgresServer::shared().new_address();
  const auto node = open_database(address, 1);
  const auto other = open_database(address, 1);
  node->write([](Tx& tx) {
    tx.execute("CREATE TABLE t (id INTEGER NOT NULL)");
    tx.execute("INSERT INTO t (id) VALUES (7)");
  });
  const auto read_in_write = [&] {
    return node->write([](Tx& tx) { return tx.query_one("SELECT id FROM t")->integer(0); });
  };
  EXPECT_EQ(read_in_write(), 7);
  other->write([](Tx& tx) { tx.execute("ALTER TABLE t ALTER COLUMN id TYPE BIGINT"); });
  EXPECT_EQ(read_in_write(), 7);
}

}  // namespace
}  // namespace beian
