// Erasing: what the rules let go is gone, what they keep stays, on both engines.
#include "store/privacy.h"

#include "store/cases.h"
#include "store/jobs.h"
#include "store/materials.h"
#include "unit/store/fixture.h"

namespace beian::store {
namespace {

class PrivacyTest : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Engines, PrivacyTest, beian::testing::k_both_engines,
                         beian::testing::engine_name);

TEST_P(PrivacyTest, AnEndedFilingLosesEverythingPersonalAndOnlyOnce) {
  const Id owner = account("a@b.example");
  const Filing draft = filing(owner), running = filing(owner, "other");
  const Filing ended = moved(draft, State::expired, Turn::nobody, 5000);
  write([&](Tx& tx) {
    put_snapshot(tx, keys_, draft.id, 1, "{}", 1);
    insert_event(tx, keys_, {0, draft.id, 1, "staff", {}, "", "called", {}, {}, "{\"a\":1}"});
    insert_correction(tx, keys_, {0, draft.id, "x", {}, "某人的名字", "staff", {}, "open", 1});
    insert_call(tx, keys_, {0, draft.id, 1, owner, "", "某人", "confirmed", "电话"});
    insert_backdrop(tx, keys_, {7, draft.id, "", "{}", {}, {}, 1, {}});
    insert_material(tx, {3, draft.id, "", "certificate", "aa", "bb", "cc", 1, 1, 1, 1, false, 1});
    insert_message(tx, keys_,
                   {8, "k", owner, draft.id, "mail", "x", "a", "b", "c", "", "queued", 1, {}});
    set_message_state(tx, 8, "sent", 2, "");
  });
  const auto due = [&](Millis before) {
    return read([&](Reader& r) { return filings_to_erase(r, before, true, 10); });
  };
  EXPECT_TRUE(due(5000).empty()) << "not before its time";
  EXPECT_EQ(due(5001), std::vector<Id>{draft.id});
  write([&](Tx& tx) { erase_filing(tx, keys_, draft.id, 6000); });
  EXPECT_TRUE(due(9000).empty());
  const Filing after = read([&](Reader& r) { return find_filing(r, keys_, draft.id).value(); });
  EXPECT_EQ(after.content, "{}");
  EXPECT_EQ(after.title, "");
  EXPECT_EQ(after.state, ended.state);
  read([&](Reader& r) {
    EXPECT_FALSE(find_snapshot(r, keys_, draft.id, 1));
    EXPECT_EQ(list_events(r, keys_, draft.id).at(0).detail, "");
    EXPECT_EQ(list_corrections(r, keys_, draft.id).at(0).text, "");
    EXPECT_EQ(list_calls(r, keys_, draft.id).at(0).note, "");
    EXPECT_FALSE(latest_backdrop(r, keys_, draft.id));
    EXPECT_TRUE(list_materials(r, draft.id).empty());
    EXPECT_FALSE(find_message(r, keys_, 8));
    EXPECT_EQ(find_filing(r, keys_, running.id)->content, running.content);
  });
}

TEST_P(PrivacyTest, AnErasedAccountNamesNobodyAndItsAddressIsFree) {
  const Id id = account("a@b.example");
  write([&](Tx& tx) {
    insert_consent(tx, id, "privacy_notice", "2026", 5);
    insert_session(tx, "s", {1, id, "c", 1, 1, 9000, "d", "ip"});
    erase_account(tx, keys_, id, 5);
  });
  read([&](Reader& r) {
    EXPECT_FALSE(find_account_by_email(r, keys_, "a@b.example"));
    EXPECT_FALSE(find_session(r, "s", 2));
    const Account gone = find_account(r, keys_, id).value();
    EXPECT_EQ(gone.state, "erased");
    EXPECT_EQ(gone.display_name, "");
    EXPECT_EQ(list_consents(r, id).at(0).version, "2026") << "kept as proof";
  });
  EXPECT_NE(account("a@b.example"), id);
}

TEST_P(PrivacyTest, RowsGoInTheirTimeAndNoSooner) {
  const Id id = account("a@b.example");
  write([&](Tx& tx) {
    for (int i = 0; i < 3; ++i)
      insert_message(tx, keys_,
                     {10 + i,
                      "m" + std::to_string(i),
                      id,
                      {},
                      "mail",
                      "x",
                      "a",
                      "b",
                      "c",
                      "",
                      "queued",
                      100 + i,
                      {}});
    for (int i = 1; i < 3; ++i) set_message_state(tx, 10 + i, "sent", 200, "");
    insert_enquiry(tx, keys_, {20, 1, "a", "b", "c"});
    insert_enquiry(tx, keys_, {21, 1, "a", "b", "c"});
    close_enquiry(tx, 20, id, 50);
    set_account_state(tx, id, "pending");
  });
  const auto removed = [&](auto remove, Millis before) {
    return write([&](Tx& tx) { return remove(tx, before, 10); });
  };
  EXPECT_EQ(removed(remove_messages, 102), 1) << "neither the queued nor the newer one";
  EXPECT_EQ(removed(remove_enquiries, 51), 1) << "not the open one";
  EXPECT_EQ(removed(remove_unactivated, 1000), 0);
  write([&](Tx& tx) { set_message_state(tx, 10, "sent", 1, ""); });
  EXPECT_EQ(removed(remove_unactivated, 1001), 1);
  EXPECT_FALSE(read([&](Reader& r) { return find_account(r, keys_, id); }));
}

}  // namespace
}  // namespace beian::store
