// Queues in every order, narrowed by every filter, beside the same computed by hand; what search
// finds; clocks and presence. On both engines.
#include "store/queues.h"

#include <algorithm>
#include <random>

#include "store/cases.h"
#include "store/counters.h"
#include "store/dispatch.h"
#include "store/presence.h"
#include "store/privacy.h"
#include "store/search.h"
#include "store/transfers.h"
#include "unit/store/fixture.h"

namespace beian::store {
namespace {

class QueuesTest : public StoreTest {
 protected:
  // Forty filings of two provinces, two kinds and two natures in four states; some with a time
  // limit, many since the same moment, one in three in somebody's hands.
  void SetUp() override {
    StoreTest::SetUp();
    owner_ = account("a@b.example");
    other_ = account("c@b.example");
    staff_ = account("s@b.example", Role::senior);
    std::mt19937 random(7);
    for (int i = 0; i < 40; ++i) {
      Filing f;
      f.id = new_id();
      f.account_id = i % 3 == 0 ? other_ : owner_;
      f.kind = random() % 2 ? Kind::first_filing : Kind::change;
      f.province = random() % 2 ? "330000" : "440000";
      f.nature = random() % 2 ? 4 : 5;
      f.form_version = "1";
      f.content = "{}";
      f.title = "示例" + std::to_string(i);
      f.organiser_lookup = std::to_string(i);
      f.created_at = f.updated_at = f.state_since = 1000;
      const State to = std::vector{State::initial_review, State::photo_review, State::verification,
                                   State::approved}[random() % 4];
      const Turn turn = to == State::approved       ? Turn::nobody
                        : to == State::verification ? Turn::applicant
                                                    : Turn::staff;
      std::optional<Millis> due;
      if (to != State::approved && random() % 4) due = 5000 + Millis(random() % 3) * 1000;
      const Millis since = 2000 + Millis(random() % 4) * 100;
      const bool held = turn == Turn::staff && random() % 3 == 0;
      const std::int64_t findings = std::int64_t(random() % 3);
      write([&](Tx& tx) {
        insert_filing(tx, keys_, f);
        move_filing(tx, {f.id, State::draft, to, f.version, turn, due, true}, since);
        if (held) assign_filing(tx, f.id, {}, staff_, 3000);
        raise_findings(tx, f.id, findings);
        if (i % 4 == 1) {
          insert_backdrop(tx, keys_, {f.id + 1, f.id, "", "{}", {}, {}, 1000, {}});
          to_post_.insert(f.id);
        }
        if (turn == Turn::staff && due && *due < 6500) mark_overdue(tx, f.id, 6500);
      });
      all_.push_back(read([&](Reader& r) { return find_filing(r, keys_, f.id).value(); }));
    }
  }

  bool belongs(const Filing& f, const QueueQuery& q) const {
    const bool ours = f.state == State::initial_review || f.state == State::photo_review;
    switch (q.queue) {
      case Queue::mine:
        if (f.assignee_id != q.viewer) return false;
        break;
      case Queue::unassigned:
        if (!ours || f.assignee_id) return false;
        break;
      case Queue::overdue:
        if (!f.overdue_since) return false;
        break;
      case Queue::initial_review:
        if (f.state != State::initial_review) return false;
        break;
      case Queue::approved:
        if (f.state != State::approved) return false;
        break;
      case Queue::waiting_applicant:
        if (f.state != State::verification) return false;
        break;
      case Queue::to_post:
        if (!to_post_.contains(f.id)) return false;
        break;
      default:
        break;
    }
    const QueueFilter& x = q.filter;
    return (x.provinces.empty() || std::ranges::count(x.provinces, f.province)) &&
           (x.customers.empty() || std::ranges::count(x.customers, f.account_id)) &&
           (!x.kind || *x.kind == f.kind) && (!x.nature || *x.nature == f.nature) &&
           f.findings >= x.findings && (!x.since_before || f.state_since < *x.since_before);
  }

  std::vector<Id> by_hand(const QueueQuery& q) const {
    std::vector<Filing> rows;
    for (const Filing& f : all_)
      if (belongs(f, q)) rows.push_back(f);
    std::ranges::sort(rows, [&](const Filing& a, const Filing& b) {
      const Millis far = 1LL << 52;
      const bool urgent = q.order == QueueOrder::urgent;
      const std::tuple x{urgent ? a.due_at.value_or(far) : 0, a.state_since, a.id};
      const std::tuple y{urgent ? b.due_at.value_or(far) : 0, b.state_since, b.id};
      return q.order == QueueOrder::newest ? y < x : x < y;
    });
    std::vector<Id> out;
    for (const Filing& f : rows) out.push_back(f.id);
    return out;
  }

  std::vector<Id> page_by_page(QueueQuery q) {
    std::vector<Id> out;
    q.limit = 4;
    for (;;) {
      const auto rows = read([&](Reader& r) { return list_queue(r, keys_, q); });
      for (const QueueRow& row : rows) out.push_back(row.id);
      if (rows.size() < 4) return out;
      q.after = place_of(rows.back());
    }
  }

  Id owner_ = 0, other_ = 0, staff_ = 0;
  std::set<Id> to_post_;
  std::vector<Filing> all_;
};
INSTANTIATE_TEST_SUITE_P(Engines, QueuesTest, beian::testing::k_both_engines,
                         beian::testing::engine_name);

TEST_P(QueuesTest, EveryOrderAndFilterPagesThroughExactlyWhatBelongs) {
  ASSERT_TRUE(read([&](Reader& r) { return counters_agree(r); }));
  int looked_at = 0;
  for (Queue queue : {Queue::mine, Queue::unassigned, Queue::overdue, Queue::initial_review,
                      Queue::approved, Queue::waiting_applicant, Queue::to_post, Queue::all})
    for (QueueOrder order : {QueueOrder::urgent, QueueOrder::oldest, QueueOrder::newest})
      for (int mask : {0, 1, 2, 4, 7, 8, 16, 26, 32, 33, 38, 42, 64, 70, 80}) {
        QueueQuery q{queue, staff_, {}, order, {}, 50};
        if (mask & 1) q.filter.provinces = {"330000"};
        if (mask & 2) q.filter.kind = Kind::change;
        if (mask & 4) q.filter.nature = 5;
        if (mask & 8) q.filter.findings = 2;
        if (mask & 16) q.filter.since_before = 2200;
        if (mask & 32) q.filter.customers = {other_};
        if (mask & 64) q.filter.provinces = {"110000", "330000", "440000"};
        const std::vector<Id> expected = by_hand(q);
        ASSERT_EQ(page_by_page(q), expected) << to_string(queue) << to_string(order) << mask;
        const QueueTotal total = read([&](Reader& r) { return count_queue(r, q); });
        ASSERT_EQ(total.n, static_cast<std::int64_t>(expected.size())) << to_string(queue) << mask;
        looked_at += !expected.empty();
      }
  EXPECT_GT(looked_at, 80);
}

TEST_P(QueuesTest, TheMostUrgentIsHandedOutFirst) {
  const QueueQuery free{Queue::unassigned, staff_, {}, QueueOrder::urgent, {}, 50};
  for (const Id expected : by_hand(free)) {
    const auto got = write([&](Tx& tx) {
      return next_unassigned(tx, {State::initial_review, State::photo_review}, {});
    });
    ASSERT_EQ(got, expected);
    write([&](Tx& tx) { assign_filing(tx, expected, {}, staff_, 4000); });
  }
  EXPECT_FALSE(write([&](Tx& tx) {
    return next_unassigned(tx, {State::initial_review, State::photo_review}, {});
  }));
}

TEST_P(QueuesTest, WhoWorksForSomeIsHandedOutTheirsOnly) {
  const std::vector<StaffScope> scopes = {{{"330000"}, {}},
                                          {{"110000", "330000"}, {}},
                                          {{}, {other_}},
                                          {{"330000"}, {other_, owner_}},
                                          {{"110000"}, {}}};
  for (const StaffScope& scope : scopes) {
    QueueQuery free{Queue::unassigned, staff_, {}, QueueOrder::urgent, {}, 50};
    free.filter.provinces = scope.provinces;
    free.filter.customers = scope.customers;
    const auto expected = by_hand(free);
    const auto got = write([&](Tx& tx) {
      return next_unassigned(tx, {State::initial_review, State::photo_review}, {scope, staff_});
    });
    EXPECT_EQ(got, expected.empty() ? std::nullopt : std::optional(expected.front()))
        << to_text(scope);
  }
}

TEST_P(QueuesTest, CountersOfAScopeAreWhatIsThere) {
  const auto agree = [&] { return read([](Reader& r) { return counters_agree(r); }); };
  const auto all_counted = [&] {
    for (const StaffScope& scope : std::vector<StaffScope>{
             {}, {{"330000"}, {}}, {{}, {other_}}, {{"440000"}, {other_}}, {{}, {staff_}}}) {
      const auto counts = read([&](Reader& r) { return count_queues(r, staff_, scope); });
      for (Queue queue : {Queue::mine, Queue::unassigned, Queue::overdue, Queue::initial_review,
                          Queue::approved, Queue::waiting_applicant, Queue::to_post, Queue::all}) {
        QueueQuery q{queue, staff_, {}, QueueOrder::oldest, {}, 50};
        q.filter.provinces = scope.provinces;
        q.filter.customers = scope.customers;
        EXPECT_EQ(counts.at(queue), std::int64_t(by_hand(q).size()))
            << to_string(queue) << to_text(scope);
      }
    }
  };
  all_counted();
  // Another account's from now on, a backdrop on its way, one that came back, one erased.
  std::vector<Id> posted(to_post_.begin(), to_post_.end());
  ASSERT_GE(posted.size(), 4u);
  write([&](Tx& tx) {
    ASSERT_TRUE(move_filing_to(tx, all_[1].id, owner_, other_, 9000));
    ASSERT_TRUE(post_backdrop(tx, posted[0] + 1, "顺丰", "SF1", 9000));
    ASSERT_FALSE(post_backdrop(tx, posted[0] + 1, "顺丰", "SF2", 9000));
    ASSERT_TRUE(end_order(tx, posted[1] + 1, "requested", "cancelled", "", 9000));
    erase_filing(tx, keys_, posted[2], 9000);
  });
  all_[1].account_id = other_;
  for (int i = 0; i < 3; ++i) to_post_.erase(posted[std::size_t(i)]);
  all_counted();
  EXPECT_TRUE(agree());
  // Each kept table is compared.
  for (const char* table : {"queue_counts", "queue_totals", "customer_totals"}) {
    write([&](Tx& tx) {
      tx.execute("UPDATE " + std::string(table) + " SET n = n + 1 WHERE list = 'state/approved'");
    });
    EXPECT_FALSE(agree()) << table;
    write([](Tx& tx) { recount(tx); });
    EXPECT_TRUE(agree()) << table;
  }
}

TEST_P(QueuesTest, WhatIsOverdueIsSoUntilItsNextStep) {
  const auto late = read([&](Reader& r) { return late_filings(r, 7500, 50); });
  ASSERT_FALSE(late.empty());
  for (Id id : late) EXPECT_TRUE(write([&](Tx& tx) { return mark_overdue(tx, id, 7500); }));
  EXPECT_TRUE(read([&](Reader& r) { return late_filings(r, 7500, 50); }).empty());
  EXPECT_FALSE(write([&](Tx& tx) { return mark_overdue(tx, late[0], 7500); }));
  const QueueQuery q{Queue::overdue, staff_, {}, QueueOrder::urgent, {}, 50};
  const auto before = read([&](Reader& r) { return count_queue(r, q).n; });
  const Filing f = read([&](Reader& r) { return find_filing(r, keys_, late[0]).value(); });
  EXPECT_EQ(f.overdue_since, 7500);
  moved(f, State::approved, Turn::nobody, 8000);
  EXPECT_EQ(read([&](Reader& r) { return count_queue(r, q).n; }), before - 1);
  EXPECT_TRUE(read([&](Reader& r) { return counters_agree(r); }));
}

TEST_P(QueuesTest, WordsFindWhatHasThemAllAndNothingOnceErased) {
  const Id a = all_[0].id, b = all_[1].id;
  write([&](Tx& tx) {
    put_search_terms(tx, keys_, a, {"n:示例", "n:例网", "b:2026000001"});
    put_search_terms(tx, keys_, b, {"n:示例", "n:例科"});
  });
  const auto found = [&](const SearchWords& words) {
    return read([&](Reader& r) { return find_by_words(r, keys_, words, 10); });
  };
  EXPECT_EQ(found({"n:示例"}), (std::vector<Id>{b, a}));
  EXPECT_EQ(found({"n:示例", "n:例网"}), std::vector<Id>{a});
  EXPECT_EQ(found({"b:2026000001"}), std::vector<Id>{a});
  EXPECT_TRUE(found({"n:例网", "n:例科"}).empty());
  EXPECT_TRUE(found({}).empty());
  const auto found_in = [&](const StaffScope& scope) {
    return read([&](Reader& r) { return find_by_words(r, keys_, {"n:示例"}, 10, scope); });
  };
  EXPECT_EQ(found_in({{}, {all_[0].account_id}}), std::vector<Id>{a});
  EXPECT_EQ(found_in({{"330000", "440000"}, {}}), (std::vector<Id>{b, a}));
  EXPECT_TRUE(found_in({{"110000"}, {}}).empty());
  write([&](Tx& tx) { put_search_terms(tx, keys_, a, {"n:例科"}); });
  EXPECT_EQ(found({"n:示例"}), std::vector<Id>{b});
  EXPECT_EQ(found({"n:例科"}), (std::vector<Id>{b, a}));
  write([&](Tx& tx) { erase_filing(tx, keys_, b, 9000); });
  EXPECT_EQ(found({"n:例科"}), std::vector<Id>{a});
}

TEST_P(QueuesTest, WhatIsOlderThanTheSearchIsTakenUpOnce) {
  std::vector<Id> seen;
  for (;;) {
    const auto some = read([&](Reader& r) { return filings_to_index(r, 7); });
    seen.insert(seen.end(), some.begin(), some.end());
    write([&](Tx& tx) { note_indexed(tx, some); });
    if (some.empty()) break;
  }
  EXPECT_EQ(seen.size(), all_.size());
  EXPECT_TRUE(read([&](Reader& r) { return filings_to_index(r, 7); }).empty());
}

TEST_P(QueuesTest, PresenceEndsWithItsLease) {
  const Id f = all_[0].id;
  write([&](Tx& tx) {
    put_viewer(tx, f, staff_, 1000, 2000);
    put_viewer(tx, f, owner_, 1500, 2500);
    put_viewer(tx, f, staff_, 1800, 2800);
  });
  const auto there = [&](Millis now) {
    return read([&](Reader& r) { return list_viewers(r, f, now); });
  };
  ASSERT_EQ(there(2400).size(), 2u);
  EXPECT_EQ(there(2400)[0].since, 1000) << "renewed, not come anew";
  EXPECT_EQ(there(2600).size(), 1u);
  EXPECT_TRUE(there(2800).empty());
  write([&](Tx& tx) { put_viewer(tx, f, staff_, 5000, 6000); });
  EXPECT_EQ(there(5500)[0].since, 5000);
  write([&](Tx& tx) {
    remove_gone_viewers(tx, 5500);
    remove_viewer(tx, f, staff_);
  });
  EXPECT_TRUE(there(1200).empty());
}

}  // namespace
}  // namespace beian::store
