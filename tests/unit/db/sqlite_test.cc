// What only SQLite has: files, group commit, its own limits.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <future>
#include <latch>
#include <thread>

#include "db/db.h"
#include "support/files.h"
#include "support/parallel.h"
#include "support/temp_dir.h"

namespace beian {
namespace {

class SqliteTest : public ::testing::Test {
 protected:
  void SetUp() override {
    db_ = open_database("sqlite:" + path_);
    db_->write([](Tx& tx) {
      tx.execute("CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, content BLOB)");
    });
  }

  static void insert(Tx& tx, std::int64_t id, std::size_t size) {
    tx.execute("INSERT INTO t (id, content) VALUES ($1, $2)", {id, Blob{std::string(size, 'x')}});
  }
  std::int64_t count() {
    return db_->read(
        [](Reader& reader) { return reader.query_one("SELECT COUNT(*) FROM t")->integer(0); });
  }

  // Queues `works` so that they meet in one group: the writer is held until all are waiting.
  std::vector<std::future<void>> in_one_group(std::vector<std::function<void(Tx&)>> works) {
    std::latch held(1), release(1);
    std::thread holder([&] {
      try {
        db_->write([&](Tx&) {
          held.count_down();
          release.wait();
        });
      } catch (const DbError&) {  // it belongs to the group and shares its fate
      }
    });
    held.wait();
    std::vector<std::future<void>> results;
    std::atomic<int> near{0};
    for (auto& work : works) {
      results.push_back(std::async(std::launch::async, [this, &near, work] {
        ++near;
        db_->write(work);
      }));
    }
    while (near < static_cast<int>(works.size())) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // from `near` into the queue
    release.count_down();
    holder.join();
    return results;
  }

  static DbError::Kind kind_of(std::future<void>& result) {
    try {
      result.get();
    } catch (const DbError& error) {
      return error.kind();
    }
    ADD_FAILURE() << "no error";
    return DbError::Kind::other;
  }

  testing::TempDir folder_;
  std::string path_ = folder_.path("test.db");
  std::unique_ptr<Db> db_;
};

TEST_F(SqliteTest, TheFilesAreOursAlone) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat status {};
    ASSERT_EQ(::stat((path_ + suffix).c_str(), &status), 0) << suffix;
    EXPECT_EQ(status.st_mode & 0777, 0600u) << suffix;
  }
}

TEST_F(SqliteTest, DurabilityIsSet) {
  db_->write([](Tx& tx) {
    EXPECT_EQ(tx.query_one("PRAGMA synchronous")->integer(0), 2);
    EXPECT_EQ(tx.query_one("PRAGMA journal_mode")->text(0), "wal");
    EXPECT_EQ(tx.query_one("PRAGMA foreign_keys")->integer(0), 1);
  });
}

TEST_F(SqliteTest, AFullDatabaseIsSaidToBeFullAndGoesOnWhenThereIsRoom) {
  db_->write([](Tx& tx) { tx.query("PRAGMA max_page_count = 20"); });
  std::vector<std::function<void(Tx&)>> works;
  for (int i = 1; i <= 4; ++i) works.push_back([i](Tx& tx) { insert(tx, i, 100); });
  works.insert(works.begin() + 2, [](Tx& tx) { insert(tx, 99, 200'000); });
  auto results = in_one_group(works);
  EXPECT_EQ(kind_of(results[2]), DbError::Kind::full);
  for (const std::size_t other : {0, 1, 3, 4}) EXPECT_NO_THROW(results[other].get());
  EXPECT_EQ(count(), 4);
  db_->write([](Tx& tx) { tx.query("PRAGMA max_page_count = 100000"); });
  db_->write([](Tx& tx) { insert(tx, 99, 200'000); });
  EXPECT_EQ(count(), 5);
}

TEST_F(SqliteTest, ADeferredForeignKeyDoesNotSpoilTheGroup) {
  db_->write([](Tx& tx) {
    tx.execute(
        "CREATE TABLE later (id BIGINT NOT NULL PRIMARY KEY, "
        "t BIGINT REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)");
  });
  auto results =
      in_one_group({[](Tx& tx) { insert(tx, 1, 1); },
                    [](Tx& tx) { tx.execute("INSERT INTO later (id, t) VALUES (1, 99)"); },
                    [](Tx& tx) { insert(tx, 2, 1); }});
  EXPECT_NO_THROW(results[0].get());
  EXPECT_EQ(kind_of(results[1]), DbError::Kind::foreign_key);
  EXPECT_NO_THROW(results[2].get());
  EXPECT_EQ(count(), 2);
}

// The file-size limit makes the write to the log fail in COMMIT itself.
TEST_F(SqliteTest, AFailedCommitReachesEveryoneInTheGroup) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  struct stat status {};
  ASSERT_EQ(::stat((path_ + "-wal").c_str(), &status), 0);
  rlimit limited = before;
  limited.rlim_cur = static_cast<rlim_t>(status.st_size) + 8192;

  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limited), 0);
  std::vector<std::function<void(Tx&)>> works;
  for (int i = 1; i <= 4; ++i) works.push_back([i](Tx& tx) { insert(tx, i, 20'000); });
  auto results = in_one_group(works);
  for (auto& result : results) EXPECT_THROW(result.get(), DbError);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old_handler);

  EXPECT_EQ(count(), 0);
  db_->write([](Tx& tx) { insert(tx, 1, 20'000); });
  EXPECT_EQ(count(), 1);
}

TEST_F(SqliteTest, AnotherProcessWritingIsWaitedFor) {
  const auto other = open_database("sqlite:" + path_);
  std::latch held(1);
  testing::in_parallel(2, [&](int thread) {
    if (thread == 0) {
      other->write([&](Tx& tx) {
        insert(tx, 1, 1);
        held.count_down();
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      });
    } else {
      held.wait();
      db_->write([](Tx& tx) { insert(tx, 2, 1); });
    }
  });
  EXPECT_EQ(count(), 2);
}

// The destructor begins while the writer is held and others are queued behind it.
TEST_F(SqliteTest, DestroyingFinishesTheWritesThatAreQueued) {
  std::latch held(1), release(1);
  auto holder = std::async(std::launch::async, [&] {
    db_->write([&](Tx&) {
      held.count_down();
      release.wait();
    });
  });
  held.wait();
  std::atomic<int> near{0};
  std::vector<std::future<void>> results;
  for (int i = 1; i <= 10; ++i) {
    results.push_back(std::async(std::launch::async, [&, i, db = db_.get()] {
      ++near;
      db->write([i](Tx& tx) { insert(tx, i, 10); });
    }));
  }
  while (near < 10) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // from `near` into the queue
  auto closing = std::async(std::launch::async, [&] { db_.reset(); });
  EXPECT_EQ(closing.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  release.count_down();
  closing.get();
  for (auto& result : results) EXPECT_NO_THROW(result.get());
  holder.get();
  db_ = open_database("sqlite:" + path_);
  EXPECT_EQ(count(), 10);
}

enum Outcome { k_good = 0, k_no_mount = 1, k_wrong_kind = 2, k_wrong_count = 3, k_other = 4 };

// In a process of its own, on a file system of one megabyte: fill it, read, make room, go on.
Outcome fill_a_small_disk(const std::string& folder) {
  const std::string uid = std::to_string(::geteuid()), gid = std::to_string(::getegid());
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return k_no_mount;
  testing::write_file("/proc/self/setgroups", "deny");
  testing::write_file("/proc/self/uid_map", "0 " + uid + " 1");
  testing::write_file("/proc/self/gid_map", "0 " + gid + " 1");
  if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=1m") != 0) return k_no_mount;
  testing::write_file(folder + "/ballast", std::string(300'000, 'x'));
  const auto db = open_database("sqlite:" + folder + "/small.db", 1);
  db->write([](Tx& tx) { tx.execute("CREATE TABLE t (id BIGINT, content BLOB)"); });
  std::int64_t written = 0;
  try {
    for (; written < 1000; ++written) {
      db->write([&](Tx& tx) {
        tx.execute("INSERT INTO t (id, content) VALUES ($1, $2)",
                   {written, Blob{std::string(5000, 'x')}});
      });
    }
    return k_other;
  } catch (const DbError& error) {
    if (error.kind() != DbError::Kind::full) return k_wrong_kind;
  }
  const auto count = [&] {
    return db->read(
        [](Reader& reader) { return reader.query_one("SELECT COUNT(*) FROM t")->integer(0); });
  };
  if (count() != written) return k_wrong_count;
  std::filesystem::remove(folder + "/ballast");
  db->write([](Tx& tx) { tx.execute("INSERT INTO t (id) VALUES (1)"); });
  return count() == written + 1 ? k_good : k_wrong_count;
}

TEST(SqliteDisk, FullStopsWritesNotReadsAndPasses) {
  const testing::TempDir temporary;
  const std::string folder = temporary.path();
  const ::pid_t child = ::fork();
  if (child == 0) {
    Outcome outcome = k_other;
    try {
      outcome = fill_a_small_disk(folder);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
    ::_exit(outcome);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == k_no_mount) GTEST_SKIP() << "no file system of our own allowed here";
  EXPECT_EQ(WEXITSTATUS(status), k_good);
}

}  // namespace
}  // namespace beian
