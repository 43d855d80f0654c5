#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "db/schema.h"
#include "support/test_database.h"

namespace beian {
namespace {

class MigrateTest : public testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    std::filesystem::create_directory(files());
  }

  std::string files() const { return folder_.path("migrations"); }
  void add(const std::string& name, const std::string& sql) {
    testing::write_file(files() + "/" + name, sql);
  }
  std::string error() {
    try {
      migrate(db(), files());
    } catch (const std::runtime_error& caught) {
      return caught.what();
    }
    return "no error";
  }
  bool exists(const std::string& table) {
    try {
      db().read([&](Reader& reader) { reader.query("SELECT COUNT(*) FROM " + table); });
      return true;
    } catch (const DbError&) {
      return false;
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, MigrateTest, testing::k_both_engines, testing::engine_name);

TEST_P(MigrateTest, AppliesEachFileOnceInOrder) {
  add("0002_fill.sql", "INSERT INTO a (id, content) VALUES (1, NULL); -- ;\nDELETE FROM a;");
  add("0001_make.sql",
      "-- accounts; and more\nCREATE TABLE a (id BIGINT PRIMARY KEY, content BLOB);\n"
      "INSERT INTO a (id) VALUES (7);");
  add("README", "not SQL");
  EXPECT_EQ(migrate(db(), files()), 2);
  EXPECT_EQ(migrate(db(), files()), 0);
  add("0003_more.sql", "CREATE TABLE b (id BIGINT)");
  EXPECT_EQ(migrate(db(), files()), 1);
  EXPECT_TRUE(exists("b"));
  db().read([](Reader& reader) {
    const auto rows = reader.query("SELECT name, sha256 FROM schema_migrations ORDER BY name");
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].text(0), "0001_make.sql");
    EXPECT_EQ(rows[0].text(1).size(), 64u);
  });
}

TEST_P(MigrateTest, AFileThatFailsLeavesNothingBehind) {
  add("0001_make.sql", "CREATE TABLE a (id BIGINT); CREATE TABLE b (id NONSENSE(; ");
  EXPECT_NE(error(), "no error");
  EXPECT_FALSE(exists("a"));
  add("0001_make.sql", "CREATE TABLE a (id BIGINT);");
  EXPECT_EQ(migrate(db(), files()), 1);
}

TEST_P(MigrateTest, AChangedFileIsNoticed) {
  add("0001_make.sql", "CREATE TABLE a (id BIGINT);");
  EXPECT_EQ(migrate(db(), files()), 1);
  add("0001_make.sql", "CREATE TABLE a (id BIGINT); ");
  EXPECT_NE(error().find("0001_make.sql was changed"), std::string::npos);
}

TEST_P(MigrateTest, AnOlderProgramLeavesANewerDatabaseAlone) {
  add("0001_make.sql", "CREATE TABLE a (id BIGINT);");
  EXPECT_EQ(migrate(db(), files()), 1);
  add("0003_more.sql", "CREATE TABLE b (id BIGINT);");
  EXPECT_EQ(look_at_schema(db(), files()).newest, "0001_make.sql");
  EXPECT_EQ(look_at_schema(db(), files()).pending, 1);
  EXPECT_EQ(migrate(db(), files()), 1);
  std::filesystem::remove(files() + "/0003_more.sql");
  add("0002_other.sql", "CREATE TABLE c (id BIGINT);");
  const std::string words = error();
  EXPECT_NE(words.find("newer version"), std::string::npos) << words;
  EXPECT_NE(words.find("0003_more.sql"), std::string::npos) << words;
  EXPECT_FALSE(exists("c"));
}

TEST_P(MigrateTest, ANewDatabaseHasNothingPending) {
  add("0001_make.sql", "CREATE TABLE a (id BIGINT);");
  EXPECT_EQ(look_at_schema(db(), files()).newest, "");
  EXPECT_EQ(look_at_schema(db(), files()).pending, 0);
}

TEST_P(MigrateTest, MisnamedAndDoubleFilesAreRefused) {
  add("1_make.sql", "CREATE TABLE a (id BIGINT);");
  EXPECT_NE(error().find("1_make.sql"), std::string::npos);
  std::filesystem::remove(files() + "/1_make.sql");
  add("0001_one.sql", "CREATE TABLE a (id BIGINT);");
  add("0001_two.sql", "CREATE TABLE b (id BIGINT);");
  EXPECT_NE(error().find("one number"), std::string::npos);
  EXPECT_FALSE(exists("a"));
}

TEST_P(MigrateTest, NodesThatStartTogetherDoNotCollide) {
  for (int i = 1; i <= 9; ++i) {
    const std::string number = std::to_string(i);
    add("000" + number + "_t.sql", "CREATE TABLE t" + number +
                                       " (id BIGINT PRIMARY KEY, name TEXT UNIQUE);"
                                       "INSERT INTO t" +
                                       number + " (id) VALUES (1);");
  }
  std::vector<std::future<int>> nodes;
  for (int node = 0; node < 4; ++node) {
    nodes.push_back(std::async(std::launch::async, [this] {
      const auto own = open_database(address(), 1);
      return migrate(*own, files());
    }));
  }
  int applied = 0;
  for (auto& node : nodes) applied += node.get();
  EXPECT_EQ(applied, 9);
}

}  // namespace
}  // namespace beian
