// The audit chain: whatever is done to it is found, and writers do not hinder each other.
#include "store/audit.h"

#include <array>
#include <random>
#include <thread>

#include "unit/store/fixture.h"

namespace beian::store {
namespace {

class AuditTest : public StoreTest {
 protected:
  void append(int count) {
    for (int i = 0; i < count; ++i)
      write([&](Tx& tx) {
        append_audit(tx, keys_,
                     {0, 1000 + i, "staff", i % 5 == 0 ? std::optional<Id>() : 7 + i,
                      "filing.act" + std::to_string(i % 4), "filing/" + std::to_string(i),
                      i % 3 == 0 ? "" : "{\"n\":1}", ""});
      });
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, AuditTest, beian::testing::k_both_engines,
                         beian::testing::engine_name);

TEST_P(AuditTest, AWholeChainIsGoodAndItsEndIsKnown) {
  EXPECT_EQ(read([&](Reader& r) { return verify_audit(r, keys_).seq; }), 0) << "an empty one";
  append(30);
  const AuditHead head = read([](Reader& r) { return audit_head(r); });
  EXPECT_EQ(head.seq, 30);
  EXPECT_EQ(head_from_string(to_string(head)), head);
  for (const char* bad : {"", "30", "30:xy", "x:00", "30:0"}) EXPECT_FALSE(head_from_string(bad));
  const AuditFinding found = read([&](Reader& r) { return verify_audit(r, keys_, head); });
  EXPECT_EQ(found.entries, 30);
  EXPECT_EQ(found.what, "");
}

TEST_P(AuditTest, WhatIsRolledBackLeavesNoGap) {
  append(2);
  EXPECT_THROW(write([&](Tx& tx) {
                 append_audit(tx, keys_, {0, 1, "clock", {}, "filing.expire", "", "", ""});
                 throw std::runtime_error("no");
               }),
               std::runtime_error);
  append(2);
  const AuditFinding found = read([&](Reader& r) { return verify_audit(r, keys_); });
  EXPECT_EQ(found.entries, 4);
  EXPECT_EQ(found.seq, 0);
}

TEST_P(AuditTest, WritersOfSeveralNodesMakeOneChain) {
  std::vector<std::thread> nodes;
  for (int n = 0; n < 4; ++n) nodes.emplace_back([&] { append(25); });
  for (auto& node : nodes) node.join();
  const AuditFinding found = read([&](Reader& r) { return verify_audit(r, keys_); });
  EXPECT_EQ(found.entries, 100);
  EXPECT_EQ(found.seq, 0) << found.what;
}

TEST_P(AuditTest, IsSearchedNewestFirstPageByPage) {
  append(30);
  AuditQuery query;
  query.act = "filing.act1";
  query.limit = 5;
  const auto first = read([&](Reader& r) { return list_audit(r, query); });
  ASSERT_EQ(first.size(), 5u);
  EXPECT_EQ(first[0].seq, 30);
  query.before = first.back().seq;
  EXPECT_EQ(read([&](Reader& r) { return list_audit(r, query); }).size(), 3u);
  AuditQuery other;
  other.subject = "filing/9";
  other.from = 1009;
  other.until = 1009;
  other.actor_id = 16;
  EXPECT_EQ(read([&](Reader& r) { return list_audit(r, other); }).size(), 1u);
}

// One thing that somebody with all rights on the database, but without the key, might do. Returns
// the first entry that is no longer as it was.
constexpr int k_tamperings = 16;
std::int64_t tamper(Tx& tx, std::minstd_rand& random, std::int64_t last, int which) {
  const auto pick = [&](std::int64_t from, std::int64_t to) {
    return std::uniform_int_distribution<std::int64_t>(from, to)(random);
  };
  const std::int64_t seq = pick(1, last), other = pick(1, last - 1);
  const std::int64_t low = std::min(seq, other),
                     high = low == std::max(seq, other) ? low + 1 : std::max(seq, other);
  const auto set = [&](const std::string& change) {
    tx.execute("UPDATE audit_entries SET " + change + " WHERE seq = $1", {seq});
    return seq;
  };
  switch (which) {
    case 0:
      return set("at = at + 1");
    case 1:
      return set("actor = 'clock'");
    case 2:
      return set("actor_id = COALESCE(actor_id, 0) + 1");
    case 3:
      return set("act = act || 'x'");
    case 4:
      return set("subject = 'filing/4711'");
    case 5:
      return set("detail = detail || ' '");
    case 6: {
      std::string mac =
          tx.query_one("SELECT mac FROM audit_entries WHERE seq = $1", {seq})->blob(0);
      mac[static_cast<std::size_t>(pick(0, 31))] ^= 1;
      tx.execute("UPDATE audit_entries SET mac = $2 WHERE seq = $1", {seq, Blob{mac}});
      return seq;
    }
    case 7:
      tx.execute("DELETE FROM audit_entries WHERE seq = $1", {seq});
      return seq;
    case 8:  // the end is cut off, and the head set back to what is left
      tx.execute("DELETE FROM audit_entries WHERE seq >= $1", {seq});
      if (seq > 1)
        tx.execute(
            "UPDATE audit_head SET seq = $1, mac = (SELECT mac FROM audit_entries WHERE seq = $1)",
            {seq - 1});
      else
        tx.execute("DELETE FROM audit_head");
      return seq;
    case 9:  // two change places
      tx.execute("UPDATE audit_entries SET seq = -1 WHERE seq = $1", {low});
      tx.execute("UPDATE audit_entries SET seq = $1 WHERE seq = $2", {low, high});
      tx.execute("UPDATE audit_entries SET seq = $1 WHERE seq = -1", {high});
      return low;
    case 10:  // one is taken out and those after it move up
      tx.execute("DELETE FROM audit_entries WHERE seq = $1", {seq});
      for (std::int64_t i = seq + 1; i <= last; ++i)
        tx.execute("UPDATE audit_entries SET seq = $1 - 1 WHERE seq = $1", {i});
      return seq;
    case 11: {  // a stretch is taken out
      tx.execute("DELETE FROM audit_entries WHERE seq >= $1 AND seq <= $2", {low, high});
      return low;
    }
    case 12:  // one is slipped in, and those from there on move down
      for (std::int64_t i = last; i >= seq; --i)
        tx.execute("UPDATE audit_entries SET seq = $1 + 1 WHERE seq = $1", {i});
      tx.execute(
          "INSERT INTO audit_entries (seq, at, actor, actor_id, act, subject, detail, mac) SELECT "
          "$1, at, actor, actor_id, act || 'y', subject, detail, mac FROM audit_entries WHERE seq "
          "= $1 + 1",
          {seq});
      return seq;
    case 13: {  // two exchange all that they say, and keep their places and hashes
      const auto a = tx.query_one("SELECT mac FROM audit_entries WHERE seq = $1", {low});
      const auto b = tx.query_one("SELECT mac FROM audit_entries WHERE seq = $1", {high});
      tx.execute("UPDATE audit_entries SET seq = -1 WHERE seq = $1", {low});
      tx.execute("UPDATE audit_entries SET seq = $1 WHERE seq = $2", {low, high});
      tx.execute("UPDATE audit_entries SET seq = $1 WHERE seq = -1", {high});
      tx.execute("UPDATE audit_entries SET mac = $2 WHERE seq = $1", {low, Blob{a->blob(0)}});
      tx.execute("UPDATE audit_entries SET mac = $2 WHERE seq = $1", {high, Blob{b->blob(0)}});
      return low;
    }
    case 14:  // the proof of the end
      tx.execute("UPDATE audit_head SET proof = $1", {Blob{std::string(32, 'x')}});
      return last + 1;
    default:  // one more at the end, like the last
      tx.execute(
          "INSERT INTO audit_entries (seq, at, actor, actor_id, act, subject, detail, mac) "
          "SELECT seq + 1, at, actor, actor_id, act, subject, detail, mac FROM audit_entries "
          "WHERE seq = $1",
          {last});
      return last + 1;
  }
}

TEST_P(AuditTest, EveryTamperingIsFoundAndTheFirstEntryNamed) {
  constexpr std::int64_t k_entries = 40;
  append(k_entries);
  const AuditHead kept = read([](Reader& r) { return audit_head(r); });
  std::minstd_rand random(20261128);
  std::array<int, k_tamperings> found{};
  struct Undo {};
  const int tries = is_sqlite() ? 1000 : 64;
  for (int i = 0; i < tries; ++i) {
    const int which = i % k_tamperings;
    std::int64_t first = 0;
    AuditFinding seen;
    try {
      write([&](Tx& tx) {
        first = tamper(tx, random, k_entries, which);
        seen = verify_audit(tx, keys_, kept);
        throw Undo();
      });
    } catch (const Undo&) {
    }
    ASSERT_EQ(seen.seq, first) << "try " << i << ", tampering " << which << ": " << seen.what;
    ++found[static_cast<std::size_t>(which)];
  }
  for (int which = 0; which < k_tamperings; ++which)
    EXPECT_GE(found[static_cast<std::size_t>(which)], tries / k_tamperings) << which;
  EXPECT_EQ(read([&](Reader& r) { return verify_audit(r, keys_, kept).seq; }), 0);
}

TEST_P(AuditTest, AnOlderStateOfTheWholeChainIsFoundByTheKeptEnd) {
  append(10);
  const auto old = read([](Reader& r) { return r.query_one("SELECT mac, proof FROM audit_head"); });
  append(5);
  const AuditHead kept = read([](Reader& r) { return audit_head(r); });
  write([&](Tx& tx) {
    tx.execute("DELETE FROM audit_entries WHERE seq > 10");
    tx.execute("UPDATE audit_head SET seq = 10, mac = $1, proof = $2",
               {Blob{old->blob(0)}, Blob{old->blob(1)}});
  });
  EXPECT_EQ(read([&](Reader& r) { return verify_audit(r, keys_).seq; }), 0) << "it was once so";
  const AuditFinding found = read([&](Reader& r) { return verify_audit(r, keys_, kept); });
  EXPECT_EQ(found.seq, 11);
  EXPECT_EQ(found.what, "cut");
}

}  // namespace
}  // namespace beian::store
