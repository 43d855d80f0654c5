#include "gate/follower.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "gate/nginx_map.h"
#include "gate/snapshot.h"
#include "store/gate.h"
#include "support/test_database.h"

namespace beian::gate {
namespace {

using namespace std::chrono_literals;

class FollowerTest : public testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    migrate(db(), std::string(BEIAN_ROOT) + "/migrations");
  }

  void file(Tx& tx, const std::string& domain, const std::vector<std::string>& addresses = {}) {
    store::open_gate(tx, domain, addresses);
  }
  void cancel(Tx& tx, const std::string& domain) { store::close_gate(tx, domain); }

  // What the gate says within a second, which is what is promised.
  static Verdict soon(const Gate& gate, std::string_view host, Verdict wanted,
                      std::string_view address = {}) {
    const auto end = std::chrono::steady_clock::now() + 1s;
    while (gate.ask(host, address) != wanted && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(1ms);
    return gate.ask(host, address);
  }
};

TEST_P(FollowerTest, SeesApprovalsMovesAndCancelsWithinASecond) {
  db().write([&](Tx& tx) { file(tx, "first.cn", {"203.0.113.1", "2001:db8::1"}); });
  Gate gate;
  Follower follower(db(), gate);
  ASSERT_EQ(soon(gate, "www.first.cn", Verdict::filed), Verdict::filed);
  EXPECT_EQ(gate.ask("first.cn", "2001:db8::1"), Verdict::filed);
  EXPECT_EQ(gate.ask("first.cn", "203.0.113.2"), Verdict::wrong_address);
  EXPECT_EQ(gate.ask("second.cn"), Verdict::not_filed);

  db().write([&](Tx& tx) { file(tx, "second.cn"); });
  EXPECT_EQ(soon(gate, "second.cn", Verdict::filed), Verdict::filed);
  db().write([&](Tx& tx) { store::open_gate(tx, "first.cn", {"203.0.113.2"}); });
  EXPECT_EQ(soon(gate, "first.cn", Verdict::filed, "203.0.113.2"), Verdict::filed);
  db().write([&](Tx& tx) { cancel(tx, "first.cn"); });
  EXPECT_EQ(soon(gate, "www.first.cn", Verdict::not_filed), Verdict::not_filed);
}

TEST_P(FollowerTest, ReadsAnewWhenTheChangesGrowMany) {
  Gate gate;
  FollowerOptions options;
  options.most_changes = 3;
  Follower follower(db(), gate, options);
  for (int i = 0; i < 10; ++i) {
    const std::string domain = "n" + std::to_string(i) + ".cn";
    db().write([&](Tx& tx) { file(tx, domain); });
    follower.look_now();
    ASSERT_EQ(soon(gate, domain, Verdict::filed), Verdict::filed);
  }
  // Read beside the looking for changes: taken over with a later look.
  const auto end = std::chrono::steady_clock::now() + 10s;
  while ((gate.changes() > 4 || gate.names() < 4) && std::chrono::steady_clock::now() < end) {
    follower.look_now();
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_LE(gate.changes(), 4u);
  EXPECT_GE(gate.names(), 4u);
}

TEST_P(FollowerTest, ReadsManyPages) {
  constexpr int k_names = 45'000;  // three pages
  db().write([&](Tx& tx) {
    tx.execute(is_sqlite()
                   ? "INSERT INTO gate_names (domain, filed, served_from, position) "
                     "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) "
                     "SELECT 'n' || i || '.com.cn', 1, '203.0.113.' || (i % 250), 0 FROM n"
                   : "INSERT INTO gate_names (domain, filed, served_from, position) "
                     "SELECT 'n' || i || '.com.cn', 1, '203.0.113.' || (i % 250), 0 "
                     "FROM generate_series(1, $1) AS i",
               {std::int64_t{k_names}});
    store::close_gate(tx, "gone.cn");
  });
  Gate gate;
  gate.load(read_names(db()));
  EXPECT_EQ(gate.names(), std::size_t{k_names});
  for (int i = 1; i <= k_names; ++i)
    ASSERT_EQ(
        gate.ask("www.n" + std::to_string(i) + ".com.cn", "203.0.113." + std::to_string(i % 250)),
        Verdict::filed);
  EXPECT_EQ(gate.ask("n0.com.cn"), Verdict::not_filed);
}

TEST_P(FollowerTest, IsReadyFromItsSnapshotAndThenReadsTheRegistry) {
  db().write([&](Tx& tx) { file(tx, "first.cn"); });
  FollowerOptions options;
  options.snapshot = folder_.path("gate.snapshot");
  options.snapshot_from = 1;
  {
    Gate gate;
    const Follower follower(db(), gate, options);
    ASSERT_EQ(soon(gate, "first.cn", Verdict::filed), Verdict::filed);
    const auto end = std::chrono::steady_clock::now() + 5s;
    while (!open_snapshot(options.snapshot) && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(1ms);
  }
  auto kept = open_snapshot(options.snapshot);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->position, 1);
  EXPECT_EQ(kept->names.size(), 1u);

  // What is in the snapshot alone is believed until the registry has been read; what changed since
  // counts at once.
  TableBuilder builder(2);
  builder.add({"first.cn", ""});
  builder.add({"only-there.cn", ""});
  save_snapshot(options.snapshot, builder.finish(), 1);
  db().write([&](Tx& tx) { cancel(tx, "first.cn"); });
  {
    options.look_every = 1min;  // no look before this test wants one
    Gate gate;
    Follower follower(db(), gate, options);
    EXPECT_EQ(soon(gate, "only-there.cn", Verdict::filed), Verdict::filed);
    EXPECT_EQ(gate.ask("first.cn"), Verdict::not_filed);
    const auto end = std::chrono::steady_clock::now() + 5s;
    while (gate.ask("only-there.cn") == Verdict::filed && std::chrono::steady_clock::now() < end) {
      follower.look_now();
      std::this_thread::sleep_for(1ms);
    }
    EXPECT_EQ(gate.ask("only-there.cn"), Verdict::not_filed);
  }
  // One that knows more than the database is another database's.
  TableBuilder ahead(1);
  ahead.add({"ahead.cn", ""});
  save_snapshot(options.snapshot, ahead.finish(), 99);
  Gate gate;
  const Follower follower(db(), gate, options);
  while (!gate.ready()) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(gate.ask("ahead.cn"), Verdict::not_filed);
}

TEST_P(FollowerTest, WritesAMapForNginx) {
  db().write([&](Tx& tx) {
    file(tx, "a.cn", {"203.0.113.1"});
    file(tx, "xn--fsq092h.xn--fiqs8s");
    file(tx, "b.cn");
    cancel(tx, "b.cn");
  });
  const std::string path = folder_.path("filed.map");
  EXPECT_EQ(write_nginx_map(db(), path), 2);
  std::ifstream in(path);
  std::stringstream all;
  all << in.rdbuf();
  EXPECT_EQ(all.str(), ".a.cn 1;\n.xn--fsq092h.xn--fiqs8s 1;\n");
  EXPECT_THROW(write_nginx_map(db(), folder_.path("no/such/folder")), std::runtime_error);
}

INSTANTIATE_TEST_SUITE_P(Engines, FollowerTest, testing::k_both_engines, testing::engine_name);

// A database that cannot be read changes no answer.
TEST(Follower, OutlivesItsDatabase) {
  const testing::TempDir folder;
  const auto db = open_database("sqlite:" + folder.path("t.db"));  // without tables
  Gate gate;
  TableBuilder builder(1);
  builder.add({"example.cn", ""});
  gate.load(builder.finish());
  {
    FollowerOptions options;
    options.look_every = 1ms;
    Follower follower(*db, gate, options);
    for (int i = 0; i < 20; ++i) {
      EXPECT_EQ(gate.ask("example.cn"), Verdict::filed);
      std::this_thread::sleep_for(1ms);
    }
  }
  EXPECT_EQ(gate.ask("example.cn"), Verdict::filed);
}

}  // namespace
}  // namespace beian::gate
