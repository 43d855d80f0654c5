// The same promises on both engines.
#include "db/db.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <thread>

#include "support/parallel.h"
#include "support/test_database.h"

namespace beian {
namespace {

class DbTest : public testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    db().write([](Tx& tx) {
      tx.execute(
          "CREATE TABLE things (id BIGINT NOT NULL PRIMARY KEY, small INTEGER, name TEXT, "
          "content BLOB)");
      tx.execute("CREATE UNIQUE INDEX things_name ON things (name)");
      tx.execute(
          "CREATE TABLE parts (id BIGINT NOT NULL PRIMARY KEY, "
          "thing BIGINT NOT NULL REFERENCES things (id))");
    });
  }

  void insert(Tx& tx, std::int64_t id, const std::string& name) {
    tx.execute("INSERT INTO things (id, name) VALUES ($1, $2)", {id, name});
  }
  void insert(std::int64_t id, const std::string& name) {
    db().write([&](Tx& tx) { insert(tx, id, name); });
  }
  std::int64_t count() {
    return db().read(
        [](Reader& reader) { return reader.query_one("SELECT COUNT(*) FROM things")->integer(0); });
  }
  DbError error_of(const std::function<void(Tx&)>& work) {
    try {
      db().write(work);
    } catch (const DbError& error) {
      return error;
    }
    return DbError(DbError::Kind::other, "no error");
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, DbTest, testing::k_both_engines, testing::engine_name);

TEST_P(DbTest, EveryTypeComesBackAsItWent) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  bytes += bytes + std::string(3, '\0');
  const std::string text = "备案 — \U00020000 'quotes\" \\ $1 % \n\t";
  const std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  db().write([&](Tx& tx) {
    const char* sql = "INSERT INTO things (id, small, name, content) VALUES ($1, $2, $3, $4)";
    EXPECT_EQ(tx.execute(sql, {largest, -1, text, Blob{bytes}}), 1);
    EXPECT_EQ(tx.execute(sql, {least, {}, {}, {}}), 1);
    EXPECT_EQ(tx.execute(sql, {0, 2147483647, "", Blob{""}}), 1);
  });
  db().read([&](Reader& reader) {
    const char* sql = "SELECT id, small, name, content FROM things WHERE id = $1";
    const Row full = reader.query_one(sql, {largest}).value();
    EXPECT_EQ(full.integer(0), largest);
    EXPECT_EQ(full.integer(1), -1);
    EXPECT_EQ(full.text(2), text);
    EXPECT_EQ(full.blob(3), bytes);
    EXPECT_EQ(full.opt_integer(1), -1);
    EXPECT_EQ(full.opt_text(2), text);
    EXPECT_EQ(full.opt_blob(3), bytes);

    const Row empty = reader.query_one(sql, {least}).value();
    EXPECT_EQ(empty.integer(0), least);
    for (std::size_t column = 1; column < 4; ++column) EXPECT_TRUE(empty.is_null(column));
    EXPECT_EQ(empty.opt_integer(1), std::nullopt);
    EXPECT_EQ(empty.opt_text(2), std::nullopt);
    EXPECT_EQ(empty.opt_blob(3), std::nullopt);

    const Row blank = reader.query_one(sql, {0}).value();
    EXPECT_EQ(blank.integer(1), 2147483647);
    EXPECT_EQ(blank.text(2), "");
    EXPECT_EQ(blank.blob(3), "");
  });
}

TEST_P(DbTest, ALargeBlobComesBackWhole) {
  std::string bytes(3'000'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7919);
  db().write([&](Tx& tx) {
    tx.execute("INSERT INTO things (id, content) VALUES ($1, $2)", {1, Blob{bytes}});
  });
  EXPECT_TRUE(db().read([&](Reader& reader) {
    return reader.query_one("SELECT content FROM things")->blob(0) == bytes;
  }));
}

TEST_P(DbTest, ReadingAnotherTypeOrNullIsLoud) {
  const Row row({Value(std::monostate()), Value(1), Value("x")});
  EXPECT_THROW(row.integer(0), std::logic_error);
  EXPECT_THROW(row.text(1), std::logic_error);
  EXPECT_THROW(row.blob(2), std::logic_error);
  EXPECT_THROW(row.opt_integer(2), std::logic_error);
  EXPECT_THROW(row.integer(3), std::out_of_range);
  EXPECT_TRUE(Row({Value(1)}).boolean(0));
}

TEST_P(DbTest, ParametersGoByNumberNotByPlace) {
  insert(1, "one");
  db().read([](Reader& reader) {
    const Row row =
        reader
            .query_one(
                "SELECT $2 || $1, name, $2 FROM things WHERE id = $3 AND $3 < $4 AND $3 = $3",
                {"a", "b", 1, 5})
            .value();
    EXPECT_EQ(row.text(0), "ba");
    EXPECT_EQ(row.text(1), "one");
    EXPECT_EQ(row.text(2), "b");
  });
}

TEST_P(DbTest, MoreThanNineParameters) {
  db().read([](Reader& reader) {
    const Row row = reader
                        .query_one("SELECT $11, $10, $1, $2, $3, $4, $5, $6, $7, $8, $9",
                                   {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
                        .value();
    EXPECT_EQ(row.integer(0), 11);
    EXPECT_EQ(row.integer(1), 10);
    EXPECT_EQ(row.integer(2), 1);
  });
}

TEST_P(DbTest, AWrongNumberOfParametersIsAnError) {
  EXPECT_EQ(error_of([](Tx& tx) { tx.query("SELECT $1", {}); }).kind(), DbError::Kind::other);
  EXPECT_NE(std::string(error_of([](Tx& tx) {
                          tx.query("SELECT $1", {1, 2});
                        }).what()),
            "no error");
}

TEST_P(DbTest, ABareParameterIsNullIsRefusedOnBothEngines) {
  const char* sql = "SELECT id FROM things WHERE ($1 IS NULL OR small = $1)";
  for (const Value& value : {Value(), Value(5)}) {
    const DbError error = error_of([&](Tx& tx) { tx.query(sql, {value}); });
    EXPECT_NE(std::string(error.what()).find("CAST($1"), std::string::npos) << error.what();
  }
}

// The first use of a statement may bind NULL where later ones bind a number, and the other way.
TEST_P(DbTest, NullAndValueShareAStatement) {
  const char* sql = "INSERT INTO things (id, small, name, content) VALUES ($1, $2, $3, $4)";
  db().write([&](Tx& tx) {
    tx.execute(sql, {1, {}, {}, {}});
    tx.execute(sql, {2, 5, "x", Blob{"y"}});
    tx.execute(sql, {3, {}, {}, {}});
    tx.execute(sql, {4, {}, "z", {}});
    const char* optional =
        "SELECT id FROM things WHERE (CAST($1 AS BIGINT) IS NULL OR small = $1) ORDER BY id";
    EXPECT_EQ(tx.query(optional, {{}}).size(), 4u);
    EXPECT_EQ(tx.query(optional, {5}).size(), 1u);
    EXPECT_EQ(tx.query(optional, {{}}).size(), 4u);
  });
}

TEST_P(DbTest, CountsSumsAndComparisonsAreIntegers) {
  db().write([](Tx& tx) {
    for (std::int64_t id = 1; id <= 3; ++id) {
      tx.execute("INSERT INTO things (id, small) VALUES ($1, $2)", {id * 3'000'000'000, id});
    }
  });
  db().read([](Reader& reader) {
    const Row row =
        reader
            .query_one(
                "SELECT COUNT(*), SUM(id), SUM(-id), SUM(small), MAX(id), 1 < 2, 2 < 1, "
                "SUM(id) - SUM(id) FROM things")
            .value();
    EXPECT_EQ(row.integer(0), 3);
    EXPECT_EQ(row.integer(1), 18'000'000'000);
    EXPECT_EQ(row.integer(2), -18'000'000'000);
    EXPECT_EQ(row.integer(3), 6);
    EXPECT_EQ(row.integer(4), 9'000'000'000);
    EXPECT_TRUE(row.boolean(5));
    EXPECT_FALSE(row.boolean(6));
    EXPECT_EQ(row.integer(7), 0);
  });
}

TEST_P(DbTest, ExecuteCountsTheRowsChanged) {
  db().write([](Tx& tx) {
    for (std::int64_t id = 1; id <= 3; ++id) {
      tx.execute("INSERT INTO things (id) VALUES ($1)", {id});
    }
    EXPECT_EQ(tx.execute("UPDATE things SET small = 1 WHERE id > 1"), 2);
    EXPECT_EQ(tx.execute("UPDATE things SET small = 1 WHERE id > 9"), 0);
    EXPECT_EQ(tx.execute("SELECT id FROM things"), 0);
    EXPECT_EQ(tx.execute("CREATE TABLE more (id BIGINT)"), 0);
    EXPECT_EQ(tx.execute("DELETE FROM things"), 3);
  });
}

TEST_P(DbTest, ReturningAndOnConflictWork) {
  insert(1, "one");
  db().write([](Tx& tx) {
    const char* upsert =
        "INSERT INTO things (id, name, small) VALUES ($1, $2, 1) "
        "ON CONFLICT (name) DO UPDATE SET small = COALESCE(things.small, 0) + 10 RETURNING small";
    EXPECT_EQ(tx.query_one(upsert, {2, "one"})->integer(0), 10);
    EXPECT_EQ(tx.query_one(upsert, {2, "two"})->integer(0), 1);
    EXPECT_EQ(tx.execute("INSERT INTO things (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                         {1, "x"}),
              0);
  });
}

TEST_P(DbTest, AnExceptionUndoesTheWholeFunctionAndReachesTheCaller) {
  struct Mine {
    int number;
  };
  try {
    db().write([&](Tx& tx) {
      insert(tx, 1, "one");
      throw Mine{42};
    });
    FAIL() << "no exception";
  } catch (const Mine& mine) {
    EXPECT_EQ(mine.number, 42);
  }
  EXPECT_EQ(count(), 0);
  insert(1, "one");
  EXPECT_EQ(count(), 1);
}

TEST_P(DbTest, WriteReturnsWhatTheFunctionReturns) {
  const std::string text = db().write([&](Tx& tx) {
    insert(tx, 1, "one");
    return tx.query_one("SELECT name FROM things")->text(0);
  });
  EXPECT_EQ(text, "one");
}

TEST_P(DbTest, ErrorsAreSortedAndHoldNoValues) {
  insert(1, "geheim-1");
  struct Case {
    const char* what;
    DbError::Kind kind;
    std::function<void(Tx&)> work;
  };
  const std::string secret = "geheim-";
  const Case cases[] = {
      {"unique index", DbError::Kind::unique, [&](Tx& tx) { insert(tx, 2, "geheim-1"); }},
      {"primary key", DbError::Kind::unique, [&](Tx& tx) { insert(tx, 1, "geheim-2"); }},
      {"foreign key", DbError::Kind::foreign_key,
       [](Tx& tx) {
         tx.execute("INSERT INTO parts (id, thing) VALUES ($1, $2)", {1, 770077});
       }},
      {"not null", DbError::Kind::other,
       [](Tx& tx) {
         tx.execute("INSERT INTO things (id, name) VALUES ($1, $2)", {{}, "geheim-3"});
       }},
      {"conversion", DbError::Kind::other,
       [](Tx& tx) { tx.query("SELECT json_extract($1, '$.a')", {"geheim-4"}); }},
      {"syntax", DbError::Kind::other, [](Tx& tx) { tx.execute("SELEC $1", {"geheim-5"}); }},
      {"no table", DbError::Kind::other,
       [](Tx& tx) { tx.query("SELECT $1 FROM absent", {"geheim-6"}); }},
      {"two statements", DbError::Kind::other,
       [](Tx& tx) { tx.execute("DELETE FROM things; DELETE FROM parts"); }},
      {"text with NUL", DbError::Kind::other,
       [&](Tx& tx) { insert(tx, 3, std::string("geheim-7\0x", 10)); }},
      {"broken UTF-8", DbError::Kind::other, [&](Tx& tx) { insert(tx, 3, "geheim-8\xff"); }},
  };
  for (const Case& one : cases) {
    const DbError error = error_of(one.work);
    EXPECT_STRNE(error.what(), "no error") << one.what;
    EXPECT_EQ(static_cast<int>(error.kind()), static_cast<int>(one.kind))
        << one.what << ": " << error.what();
    EXPECT_EQ(std::string(error.what()).find(secret), std::string::npos) << error.what();
    EXPECT_EQ(std::string(error.what()).find("770077"), std::string::npos) << error.what();
  }
  EXPECT_NE(std::string(error_of(cases[0].work).what()).find("name"), std::string::npos)
      << "does not say which column";
  EXPECT_EQ(count(), 1);
}

TEST_P(DbTest, ASwallowedErrorKeepsNothing) {
  insert(1, "one");
  const DbError error = error_of([&](Tx& tx) {
    insert(tx, 2, "two");
    try {
      insert(tx, 3, "one");
    } catch (const DbError&) {
    }
    EXPECT_THROW(tx.query("SELECT 1"), DbError);
  });
  EXPECT_EQ(error.kind(), DbError::Kind::unique);
  EXPECT_EQ(count(), 1);
}

TEST_P(DbTest, ADeferredForeignKeyFailsOnlyItsOwnWrite) {
  db().write([](Tx& tx) {
    tx.execute(
        "CREATE TABLE later (id BIGINT NOT NULL PRIMARY KEY, "
        "thing BIGINT REFERENCES things (id) DEFERRABLE INITIALLY DEFERRED)");
  });
  const DbError error =
      error_of([](Tx& tx) { tx.execute("INSERT INTO later (id, thing) VALUES (1, 99)"); });
  EXPECT_EQ(error.kind(), DbError::Kind::foreign_key) << error.what();
  db().write([&](Tx& tx) {
    tx.execute("INSERT INTO later (id, thing) VALUES (2, 5)");
    insert(tx, 5, "five");
  });
  EXPECT_EQ(count(), 1);
}

TEST_P(DbTest, AReadSeesOneStateThroughout) {
  insert(1, "one");
  db().read([&](Reader& reader) {
    EXPECT_EQ(reader.query("SELECT id FROM things").size(), 1u);
    testing::in_parallel(1, [&](int) { insert(2, "two"); });
    EXPECT_EQ(reader.query("SELECT id FROM things").size(), 1u);
  });
  EXPECT_EQ(count(), 2);
}

TEST_P(DbTest, AReadCannotWrite) {
  EXPECT_THROW(db().read([](Reader& reader) { reader.query("DELETE FROM things RETURNING id"); }),
               DbError);
  insert(1, "one");
  EXPECT_EQ(count(), 1);
}

TEST_P(DbTest, OneThatFailsInACrowdTakesNobodyAlong) {
  constexpr int k_threads = 8, k_rounds = 25;
  std::atomic<int> refused{0};
  testing::in_parallel(k_threads, [&](int thread) {
    for (int round = 0; round < k_rounds; ++round) {
      const std::int64_t id = thread * 1000 + round;
      try {
        db().write([&](Tx& tx) {
          insert(tx, id, "thing " + std::to_string(id));
          if (round % 5 == 0) throw std::runtime_error("refused");
          if (round % 5 == 1) insert(tx, id, "again");
        });
      } catch (const std::runtime_error&) {
        ++refused;
      }
    }
  });
  EXPECT_EQ(refused, k_threads * k_rounds * 2 / 5);
  EXPECT_EQ(count(), k_threads * k_rounds * 3 / 5);
}

TEST_P(DbTest, ReadThenWriteLosesNoUpdate) {
  insert(1, "one");
  db().write([](Tx& tx) { tx.execute("UPDATE things SET small = 0"); });
  constexpr int k_threads = 8, k_rounds = 50;
  testing::in_parallel(k_threads, [&](int) {
    for (int round = 0; round < k_rounds; ++round) {
      db().write([](Tx& tx) {
        const auto now = tx.query_one("SELECT small FROM things WHERE id = $1 FOR UPDATE", {1});
        tx.execute("UPDATE things SET small = $2 WHERE id = $1", {1, now->integer(0) + 1});
      });
    }
  });
  EXPECT_EQ(db().read([](Reader& reader) {
    return reader.query_one("SELECT small FROM things")->integer(0);
  }),
            k_threads * k_rounds);
}

TEST_P(DbTest, LeasedJobsAreTakenOnce) {
  db().write([&](Tx& tx) {
    for (int id = 1; id <= 200; ++id) insert(tx, id, "job " + std::to_string(id));
  });
  std::atomic<int> taken{0};
  testing::in_parallel(8, [&](int) {
    const auto lease = [](Tx& tx) {
      return tx.query(
          "UPDATE things SET small = 1 WHERE id IN (SELECT id FROM things WHERE small IS NULL "
          "ORDER BY id LIMIT 5 FOR UPDATE SKIP LOCKED) RETURNING id");
    };
    for (;;) {
      const std::size_t got = db().write(lease).size();
      if (got == 0) return;
      taken += static_cast<int>(got);
    }
  });
  EXPECT_EQ(taken, 200);
}

// Two writes that lock two rows in opposite order: on PostgreSQL one is chosen as the victim of the
// deadlock and runs again, unseen by the caller.
TEST_P(DbTest, ADeadlockIsRunAgain) {
  insert(1, "one");
  insert(2, "two");
  db().write([](Tx& tx) { tx.execute("UPDATE things SET small = 0"); });
  std::atomic<int> inside{0};
  const auto touch = [&](std::int64_t first, std::int64_t second) {
    const bool meet = !is_sqlite();
    db().write([&, meet](Tx& tx) {
      tx.execute("UPDATE things SET small = small + 1 WHERE id = $1", {first});
      ++inside;
      while (meet && inside < 2) std::this_thread::yield();
      tx.execute("UPDATE things SET small = small + 1 WHERE id = $1", {second});
    });
  };
  testing::in_parallel(2, [&](int thread) { thread == 0 ? touch(1, 2) : touch(2, 1); });
  if (!is_sqlite()) {
    EXPECT_GT(inside, 2) << "no deadlock came about";
  }
  EXPECT_EQ(db().read([](Reader& reader) {
    return reader.query_one("SELECT SUM(small) FROM things")->integer(0);
  }),
            4);
}

TEST_P(DbTest, NestingIsLoudAndHarmless) {
  db().write([&](Tx& tx) {
    insert(tx, 1, "one");
    EXPECT_THROW(db().write([](Tx&) {}), std::logic_error);
    EXPECT_THROW(db().read([](Reader&) {}), std::logic_error);
  });
  db().read([&](Reader&) {
    EXPECT_THROW(db().write([](Tx&) {}), std::logic_error);
    EXPECT_THROW(db().read([](Reader&) {}), std::logic_error);
  });
  EXPECT_EQ(count(), 1);
}

TEST_P(DbTest, AnotherDatabaseMayBeUsedInside) {
  const auto other = open_database("sqlite:" + folder_.path("other.db"));
  db().write([&](Tx& tx) {
    other->write([](Tx& inner) { inner.execute("CREATE TABLE t (id BIGINT)"); });
    insert(tx, 1, "one");
  });
  EXPECT_EQ(count(), 1);
}

TEST_P(DbTest, MoreThreadsThanReadersAllGetTheirTurn) {
  insert(1, "one");
  std::atomic<int> good{0};
  testing::in_parallel(24, [&](int) {
    for (int i = 0; i < 10; ++i) good += count() == 1 ? 1 : 0;
  });
  EXPECT_EQ(good, 240);
}

TEST_P(DbTest, WhatWasWrittenIsThereAfterReopening) {
  testing::in_parallel(20, [&](int id) { insert(id, "thing " + std::to_string(id)); });
  close();
  reopen();
  EXPECT_EQ(count(), 20);
}

TEST_P(DbTest, ThousandsOfDifferentStatementsDoNotPileUp) {
  db().read([](Reader& reader) {
    for (int i = 0; i < 600; ++i) {
      EXPECT_EQ(reader.query_one("SELECT " + std::to_string(i))->integer(0), i);
    }
  });
}

TEST(OpenDatabase, RefusesWhatCannotWork) {
  const testing::TempDir folder;
  EXPECT_THROW(open_database("mysql://x"), std::runtime_error);
  EXPECT_THROW(open_database("sqlite:" + folder.path("absent/x.db")), std::runtime_error);
  EXPECT_THROW(open_database("sqlite:" + folder.path("x.db"), 0), std::runtime_error);
  EXPECT_THROW(open_database("sqlite:" + folder.path()), std::runtime_error);
  testing::write_file(folder.path("no.db"), std::string(5000, 'x'));
  EXPECT_THROW(open_database("sqlite:" + folder.path("no.db")), std::runtime_error);
  try {
    open_database("postgresql://user:hunter2@localhost:port/x?nonsense=hunter2");
    FAIL() << "opened";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()).find("hunter2"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace beian
