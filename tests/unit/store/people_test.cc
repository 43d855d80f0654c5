// Accounts, sessions and whatever gathers around a filing, on both engines.
#include "store/cases.h"
#include "store/waiting.h"
#include "unit/store/fixture.h"

namespace beian::store {
namespace {

class PeopleTest : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Engines, PeopleTest, beian::testing::k_both_engines,
                         beian::testing::engine_name);

TEST_P(PeopleTest, AnAccountIsFoundByAnySpellingOfItsAddress) {
  const Id id = account("Zhang@Applicant.example");
  account("staff@example.cn", Role::senior);
  const auto found =
      read([&](Reader& r) { return find_account_by_email(r, keys_, " zhang@applicant.EXAMPLE"); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, id);
  EXPECT_EQ(found->email, "Zhang@Applicant.example");
  EXPECT_EQ(read([&](Reader& r) { return list_staff(r, keys_); }).size(), 1u);
  try {
    account("zhang@applicant.example");
    FAIL() << "the address has two accounts";
  } catch (const DbError& error) {
    EXPECT_EQ(error.kind(), DbError::Kind::unique);
  }
  write([&](Tx& tx) {
    set_account_state(tx, id, "disabled");
    set_password(tx, id, "other");
  });
  const Account after = read([&](Reader& r) { return find_account(r, keys_, id).value(); });
  EXPECT_EQ(after.state + after.password_hash, "disabledother");
}

TEST_P(PeopleTest, WrongPasswordsLockAfterTheLimitAndAreForgottenAfterTheWindow) {
  const std::string who(32, 'x');
  const auto fail_at = [&](Millis now) {
    write([&](Tx& tx) { count_login_failure(tx, who, 3, now, 100, 50); });
    return read([&](Reader& r) { return locked_until(r, who); });
  };
  EXPECT_EQ(fail_at(1000), 0);
  EXPECT_EQ(fail_at(1010), 0);
  EXPECT_EQ(fail_at(1200), 0) << "the window began anew";
  EXPECT_EQ(fail_at(1210), 0);
  EXPECT_EQ(fail_at(1220), 1270);
  write([&](Tx& tx) { clear_login_failures(tx, who); });
  EXPECT_EQ(read([&](Reader& r) { return locked_until(r, who); }), 0);
}

TEST_P(PeopleTest, ATokenIsSpentOnceInTimeAndForItsPurpose) {
  const Id id = account("a@b.example");
  write([&](Tx& tx) { insert_token(tx, "token", id, "reset", 2000); });
  const auto spend = [&](const std::string& purpose, Millis now) {
    return write([&](Tx& tx) { return spend_token(tx, "token", purpose, now); });
  };
  EXPECT_FALSE(spend("activate", 1000));
  EXPECT_FALSE(spend("reset", 2000));
  EXPECT_EQ(spend("reset", 1999), id);
  EXPECT_FALSE(spend("reset", 1999));
}

TEST_P(PeopleTest, SessionsEndByTimeByOneAndAllTogether) {
  const Id id = account("a@b.example");
  write([&](Tx& tx) {
    for (Id n : {1, 2, 3})
      insert_session(tx, "secret" + std::to_string(n),
                     {n, id, "csrf", 1000, 1000 + n, 5000, "device", "127.0.0.1"});
    touch_session(tx, "secret1", 1500, 1800);
  });
  EXPECT_EQ(read([&](Reader& r) { return list_sessions(r, id, 1600); }).front().id, 1);
  EXPECT_FALSE(read([&](Reader& r) { return find_session(r, "secret1", 1800); }));
  EXPECT_EQ(read([&](Reader& r) { return find_session(r, "secret2", 1800); })->csrf, "csrf");
  EXPECT_FALSE(write([&](Tx& tx) { return end_session(tx, id + 1, 2); }));
  EXPECT_TRUE(write([&](Tx& tx) { return end_session(tx, id, 2); }));
  EXPECT_EQ(write([&](Tx& tx) { return remove_expired(tx, 1800); }), 1);
  write([&](Tx& tx) { end_session_by_secret(tx, "secret3"); });
  write([&](Tx& tx) { end_all_sessions(tx, id); });
  EXPECT_TRUE(read([&](Reader& r) { return list_sessions(r, id, 0); }).empty());
}

TEST_P(PeopleTest, WhatGathersAroundACaseIsSealedAndRead) {
  const Id owner = account("a@b.example"), staff = account("s@b.example", Role::senior);
  const Id id = filing(owner).id;
  write([&](Tx& tx) {
    insert_event(tx, keys_, {0, id, 1000, "staff", staff, "", "claimed", {}, {}, R"({"a":1})"});
    insert_event(tx, keys_, {0, id, 2000, "clock", {}, "", "expire", "draft", "expired", ""});
    insert_correction(tx, keys_,
                      {0, id, "organiser.name", "blurred", "写清楚", "staff", staff, "draft", 1});
    insert_correction(tx, keys_, {0, id, "", {}, "整体", "bureau", {}, "open", 1});
    insert_call(tx, keys_, {0, id, 1, staff, "", "负责人", "confirmed", "接听"});
    insert_look(tx, staff, id, "case", 1);
  });
  const auto events = read([&](Reader& r) { return list_events(r, keys_, id); });
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].detail, R"({"a":1})");
  EXPECT_EQ(events[0].actor_name, "名 s@b.example");
  EXPECT_EQ(events[1].to_state, "expired");
  EXPECT_FALSE(events[1].actor_id);
  EXPECT_EQ(read([&](Reader& r) { return list_calls(r, keys_, id); }).at(0).note, "接听");
  const auto states = [&] {
    std::string out;
    for (const auto& c : read([&](Reader& r) { return list_corrections(r, keys_, id); }))
      out += c.state + " ";
    return out;
  };
  EXPECT_EQ(states(), "draft open ");
  write([&](Tx& tx) { open_draft_corrections(tx, id, 2); });
  EXPECT_EQ(states(), "open open ");
  write([&](Tx& tx) {
    close_corrections(tx, id);
    remove_draft_corrections(tx, id);
  });
  EXPECT_TRUE(read([&](Reader& r) { return waits_since(r, 0); }).empty());
}

TEST_P(PeopleTest, BackdropsArePostedOnceAndEnquiriesClosedOnce) {
  const Id owner = account("a@b.example");
  const Id id = filing(owner).id;
  write([&](Tx& tx) { insert_backdrop(tx, keys_, {7, id, "", "{}", {}, {}, 1000, {}}); });
  const auto post = [&] {
    return write([&](Tx& tx) { return post_backdrop(tx, 7, "顺丰", "SF1", 2000); });
  };
  EXPECT_TRUE(post());
  EXPECT_FALSE(post());
  EXPECT_EQ(read([&](Reader& r) { return find_backdrop(r, keys_, 7); })->carrier, "顺丰");
  EXPECT_EQ(read([&](Reader& r) { return list_backdrops(r, keys_, "posted", {}, 5); }).size(), 1u);
  write([&](Tx& tx) { deliver_backdrops(tx, id); });
  EXPECT_EQ(read([&](Reader& r) { return latest_backdrop(r, keys_, id); })->state, "delivered");
  write([&](Tx& tx) { insert_enquiry(tx, keys_, {9, 1, "某", "a@b.example", "在吗"}); });
  EXPECT_EQ(read([&](Reader& r) { return open_enquiries(r, keys_, 5); }).at(0).message, "在吗");
  EXPECT_TRUE(write([&](Tx& tx) { return close_enquiry(tx, 9, owner, 2); }));
  EXPECT_FALSE(write([&](Tx& tx) { return close_enquiry(tx, 9, owner, 2); }));
}

}  // namespace
}  // namespace beian::store
