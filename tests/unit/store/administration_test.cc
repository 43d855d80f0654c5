// Scopes of staff, changes of settings, announcements, and jobs as an administrator sees them, on
// both engines.
#include "store/announcements.h"
#include "store/job_desk.h"
#include "store/privacy.h"
#include "store/queues.h"
#include "store/registry.h"
#include "store/scopes.h"
#include "store/settings.h"
#include "unit/store/fixture.h"

namespace beian::store {
namespace {

class AdministrationTest : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Engines, AdministrationTest, beian::testing::k_both_engines,
                         beian::testing::engine_name);

TEST_P(AdministrationTest, AScopeIsKeptAndLimitsEveryQueue) {
  const Id one = account("a@b.example"), other = account("c@d.example"),
           staff = account("s@b.example", Role::senior);
  for (const Id owner : {one, one, other})
    moved(filing(owner, "o"), State::initial_review, Turn::staff, 2000);
  const StaffScope mine{{"330000", "440000"}, {one}};
  EXPECT_TRUE(read([&](Reader& r) { return scope_of(r, staff); }).is_whole());
  write([&](Tx& tx) { put_scope(tx, staff, mine); });
  EXPECT_EQ(read([&](Reader& r) { return scope_of(r, staff); }), mine);
  EXPECT_EQ(scope_from_text(to_text(mine)), mine);
  EXPECT_EQ(to_text({}), "");
  const StaffScope elsewhere{{"440000"}, {}};
  for (Queue queue : k_queues)
    for (const StaffScope& scope : {mine, elsewhere}) {
      QueueQuery query;
      query.queue = queue;
      query.viewer = staff;
      query.filter.provinces = scope.provinces;
      query.filter.customers = scope.customers;
      const auto rows = read([&](Reader& r) { return list_queue(r, keys_, query); });
      EXPECT_EQ(read([&](Reader& r) { return count_queue(r, query).n; }),
                static_cast<std::int64_t>(rows.size()))
          << to_string(queue);
      if (queue == Queue::all) {
        EXPECT_EQ(rows.size(), scope == mine ? 2u : 0u);
      }
    }
  const auto next = [&](const StaffScope& scope) {
    return write([&](Tx& tx) {
      return next_unassigned(tx, {State::initial_review}, {scope, staff});
    });
  };
  EXPECT_FALSE(next(elsewhere));
  EXPECT_TRUE(next(mine));
  EXPECT_TRUE(mine.covers("330000", one));
  EXPECT_FALSE(mine.covers("330000", other));
  EXPECT_FALSE(mine.covers_province("330000")) << "what is a bureau's is not one customer's";
  EXPECT_TRUE(elsewhere.covers_province("440000"));
}

TEST_P(AdministrationTest, TheLatestChangeOfASettingHoldsAndAllAreKept) {
  const Id admin = account("s@b.example", Role::administrator);
  EXPECT_EQ(read([](Reader& r) { return latest_setting_change(r); }), 0);
  for (Id id = 1; id <= 3; ++id)
    write([&](Tx& tx) {
      insert_setting_change(
          tx, {id, id == 2 ? "b" : "a", id == 3 ? std::nullopt : std::optional<std::string>("1"),
               "why", admin, "", 1000 + id});
    });
  const auto now = read([](Reader& r) { return current_settings(r); });
  ASSERT_EQ(now.size(), 2u);
  EXPECT_FALSE(now.at("a").value) << "back to what is shipped";
  EXPECT_EQ(now.at("b").by_name, "名 s@b.example");
  EXPECT_EQ(read([](Reader& r) { return latest_setting_change(r); }), 3);
  const auto history = read([](Reader& r) { return setting_history(r, "a", 10); });
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history[0].id, 3);
}

TEST_P(AdministrationTest, AJobGivenUpIsNotLeasedUntilItIsRetriedOrAskedForAgain) {
  const Millis now = 1'000'000;
  for (Id id = 1; id <= 3; ++id)
    write([&](Tx& tx) {
      put_job(tx, {id, "send_message", "m/" + std::to_string(id), {}, "", 1000, 0, ""});
    });
  const auto lease = [&] {
    return write([&](Tx& tx) { return lease_job(tx, {"send_message"}, "n", now, now + 1000); });
  };
  const auto held = lease();
  ASSERT_TRUE(held);
  EXPECT_FALSE(write([&](Tx& tx) { return give_up_job(tx, held->id, now); })) << "it runs";
  EXPECT_FALSE(write([&](Tx& tx) { return retry_job_now(tx, held->id, now); }));
  EXPECT_TRUE(write([&](Tx& tx) { return give_up_job(tx, 2, now); }));
  EXPECT_FALSE(write([&](Tx& tx) { return give_up_job(tx, 2, now); })) << "once";
  EXPECT_TRUE(write([&](Tx& tx) { return give_up_job(tx, 3, now); }));
  EXPECT_FALSE(lease());
  JobQuery query;
  query.state = "given_up";
  EXPECT_EQ(read([&](Reader& r) { return list_jobs(r, query, now); }).size(), 2u);
  EXPECT_TRUE(write([&](Tx& tx) { return retry_job_now(tx, 2, now); }));
  write([&](Tx& tx) { put_job(tx, {9, "send_message", "m/3", {}, "", now, 0, ""}); });
  EXPECT_TRUE(lease());
  EXPECT_TRUE(lease());
  EXPECT_FALSE(lease());
  EXPECT_TRUE(write([&](Tx& tx) { return give_up_job(tx, 2, now + 5000); }));
  const auto remove = [&](Millis before) {
    return write([&](Tx& tx) { return remove_given_up(tx, before, 10); });
  };
  EXPECT_EQ(remove(now + 5000), 0) << "not before its time";
  EXPECT_EQ(remove(now + 5001), 1);
}

TEST_P(AdministrationTest, AnAnnouncementShowsInItsTimeToWhomItIsFor) {
  const Id admin = account("s@b.example", Role::administrator);
  write([&](Tx& tx) {
    put_announcement(tx, {1, "staff", "note", "甲", "a", 1000, 2000, admin, "", 500, {}});
    put_announcement(tx, {2, "everybody", "warning", "乙", "b", 1000, 3000, admin, "", 500, {}});
  });
  const auto ids = [&](const std::string& audience, Millis at) {
    std::vector<Id> out;
    for (const auto& a : read([&](Reader& r) { return current_announcements(r, audience, at); }))
      out.push_back(a.id);
    return out;
  };
  EXPECT_EQ(ids("staff", 999), std::vector<Id>{});
  EXPECT_EQ(ids("staff", 1000), (std::vector<Id>{2, 1}));
  EXPECT_EQ(ids("applicants", 1500), std::vector<Id>{2});
  EXPECT_EQ(ids("staff", 2000), std::vector<Id>{2});
  EXPECT_TRUE(write([&](Tx& tx) { return end_announcement(tx, 2, 2500); }));
  EXPECT_FALSE(write([&](Tx& tx) { return end_announcement(tx, 2, 2500); }));
  EXPECT_EQ(ids("staff", 2600), std::vector<Id>{});
}

TEST_P(AdministrationTest, AnApprovedFilingIsErasedOnlyWhenEveryRecordOfItsNumberWasCancelled) {
  const Id owner = account("a@b.example");
  const Filing f = moved(filing(owner), State::approved, Turn::nobody, 1000);
  write([&](Tx& tx) {
    tx.execute("UPDATE filings SET organiser_number = '示ICP备1号' WHERE id = $1", {f.id});
    for (Id id = 1; id <= 2; ++id)
      tx.execute(
          "INSERT INTO registered_organisers (id, certificate_lookup, number, bureau_id, province, "
          "account_id, name_sealed, record_sealed, state, approved_at, changed_at) VALUES ($1, $2, "
          "'示ICP备1号', $1, '330000', 1, $3, $3, 'filed', 1, $4)",
          {id, Blob{"x"}, Blob{"sealed"}, std::int64_t{1000 * id}});
  });
  const auto due = [&](Millis before) {
    return read([&](Reader& r) { return cancelled_to_erase(r, before, 10); });
  };
  EXPECT_TRUE(due(9000).empty()) << "it lasts";
  write([](Tx& tx) {
    tx.execute("UPDATE registered_organisers SET state = 'cancelled' WHERE id = 1");
  });
  EXPECT_TRUE(due(9000).empty()) << "another record of it lasts";
  write([](Tx& tx) { tx.execute("UPDATE registered_organisers SET state = 'cancelled'"); });
  EXPECT_TRUE(due(2000).empty()) << "the last was cancelled at 2000";
  EXPECT_EQ(due(2001), std::vector<Id>{f.id});
  EXPECT_EQ(write([&](Tx& tx) { return erase_cancelled_records(tx, keys_, 2001, 10); }), 2);
  EXPECT_EQ(write([&](Tx& tx) { return erase_cancelled_records(tx, keys_, 2001, 10); }), 0);
  write([&](Tx& tx) { count_erased(tx, "cancelled_filings", 2, 5); });
  write([&](Tx& tx) { count_erased(tx, "cancelled_filings", 3, 6); });
  const auto totals = read([](Reader& r) { return retention_totals(r); });
  ASSERT_EQ(totals.size(), 1u);
  EXPECT_EQ(totals[0].erased, 5);
  EXPECT_EQ(totals[0].last_count, 3);
}

}  // namespace
}  // namespace beian::store
