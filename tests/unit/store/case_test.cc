// What stands around a case, on both engines: marks, reasons, notes and names, appointments,
// seconds.
#include <algorithm>

#include "store/cases.h"
#include "store/colleagues.h"
#include "store/materials.h"
#include "store/privacy.h"
#include "store/queues.h"
#include "store/reason_use.h"
#include "store/related.h"
#include "unit/store/fixture.h"

namespace beian::store {
namespace {

class CaseTest : public StoreTest {
 protected:
  Filing submitted(Id owner, const std::string& organiser) {
    const Filing draft = filing(owner, organiser);
    db().write([&](Tx& tx) {
      move_filing(tx,
                  {draft.id, draft.state, State::initial_review, draft.version, Turn::staff,
                   std::nullopt, true},
                  2000);
    });
    return db().read([&](Reader& r) { return find_filing(r, keys_, draft.id).value(); });
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, CaseTest, beian::testing::k_both_engines,
                         beian::testing::engine_name);

TEST_P(CaseTest, FilingsAreFoundByWhatTheyShareUntilTheyAreErased) {
  const Id owner = account("a@b.example");
  const Filing a = submitted(owner, "a"), b = submitted(owner, "b"), draft = filing(owner, "c");
  const Mark phone{"phone", "19900001234"}, address{"address", "19900001234"};
  write([&](Tx& tx) {
    put_marks(tx, keys_, a.id, {phone, phone, address});
    put_marks(tx, keys_, b.id, {phone});
    put_site(tx, a.id, {"s1", 0, "shared.cn", 1, 2, 3, 4, {}, {}, {}});
    put_site(tx, b.id, {"s1", 0, "shared.cn", 5, 6, 7, 8, {}, {}, {}});
    put_site(tx, draft.id, {"s1", 0, "shared.cn", 9, 10, 11, 12, {}, {}, {}});
  });
  read([&](Reader& r) {
    EXPECT_EQ(filings_with(r, keys_, phone, a.id, 5), std::vector<Id>{b.id});
    EXPECT_TRUE(filings_with(r, keys_, address, a.id, 5).empty()) << "a kind of its own";
    EXPECT_EQ(filings_with(r, keys_, phone, 0, 1), std::vector<Id>{b.id}) << "the latest first";
    const auto with = filings_with_domain(r, "shared.cn", a.id, 5);
    EXPECT_EQ(with.size(), 2u);
    const auto shown = related_filings(r, keys_, with);
    ASSERT_EQ(shown.size(), 1u) << "a draft is its owner's";
    EXPECT_EQ(shown[0].id, b.id);
    EXPECT_EQ(shown[0].domains, std::vector<std::string>{"shared.cn"});
  });
  write([&](Tx& tx) { put_marks(tx, keys_, b.id, {address}); });
  read([&](Reader& r) {
    EXPECT_TRUE(filings_with(r, keys_, phone, a.id, 5).empty()) << "corrected since";
    EXPECT_EQ(filings_with(r, keys_, address, a.id, 5), std::vector<Id>{b.id});
  });
  write([&](Tx& tx) { erase_filing(tx, keys_, b.id, 5000); });
  read([&](Reader& r) { EXPECT_TRUE(filings_with(r, keys_, address, a.id, 5).empty()); });
}

TEST_P(CaseTest, ReasonsAreCountedByKindAndProvinceAndWordingsAreOnesOwn) {
  const Id one = account("1@b.example", Role::first_reviewer),
           two = account("2@b.example", Role::first_reviewer);
  write([&](Tx& tx) {
    for (const char* province : {"330000", "330000", "110000"})
      count_reason(tx, "organiser.name", "differs", "first_filing", province, 1);
    count_reason(tx, "organiser.name", "differs", "change", "330000", 1);
    for (int i = 0; i < 4; ++i) keep_wording(tx, keys_, one, "x", "第 " + std::to_string(i), i, 3);
    keep_wording(tx, keys_, one, "x", "第 3", 9, 3);
    keep_wording(tx, keys_, two, "x", "第 3", 9, 3);
  });
  read([&](Reader& r) {
    const auto uses = reason_uses(r, "first_filing", "330000");
    ASSERT_EQ(uses.size(), 1u);
    EXPECT_EQ(std::make_tuple(uses[0].here, uses[0].kind, uses[0].all),
              std::make_tuple(std::int64_t{2}, std::int64_t{3}, std::int64_t{4}));
    const auto words = wordings_of(r, keys_, one);
    ASSERT_EQ(words.size(), 3u) << "the least recent is forgotten";
    EXPECT_EQ(words[0].text, "第 3");
    EXPECT_EQ(words[0].n, 2);
  });
  const Id word = read([&](Reader& r) { return wordings_of(r, keys_, one)[0].id; });
  EXPECT_FALSE(write([&](Tx& tx) { return remove_wording(tx, two, word); }));
  EXPECT_TRUE(write([&](Tx& tx) { return remove_wording(tx, one, word); }));
}

TEST_P(CaseTest, MentionsAreUnseenUntilSeenAndAppointmentsGoWithTheCase) {
  const Id owner = account("a@b.example"), me = account("m@b.example", Role::first_reviewer),
           other = account("o@b.example", Role::senior);
  const Filing f = submitted(owner, "a");
  const Id note = new_id();
  write([&](Tx& tx) {
    insert_note(tx, keys_, {note, f.id, other, "", "note", "请看", 10, {me}});
    insert_call(tx, keys_, {71, f.id, 1, me, "", "principal", "no_answer", ""});
    insert_call(tx, keys_, {72, f.id, 2, me, "", "principal", "no_answer", ""});
    put_appointment(tx, 71, {f.id, 5000, me, "", "principal"});
    put_appointment(tx, 72, {f.id, 6000, me, "", "principal"});
  });
  read([&](Reader& r) {
    EXPECT_EQ(count_unseen_mentions(r, me, {}), 1);
    EXPECT_EQ(mentions_of(r, keys_, me, {}, 0, 5).at(0).note.text, "请看");
    EXPECT_TRUE(mentions_of(r, keys_, me, {}, note, 5).empty()) << "the page after it";
    EXPECT_EQ(list_notes(r, keys_, f.id).at(0).mentions, std::vector<Id>{me});
    EXPECT_EQ(open_appointment(r, f.id)->at, 6000) << "the later call counts";
    EXPECT_EQ(appointments_of(r, keys_, me, {}, 6000, 5).size(), 1u) << "rang, and nobody has it";
    EXPECT_TRUE(appointments_of(r, keys_, me, {}, 5999, 5).empty()) << "not yet";
  });
  EXPECT_EQ(write([&](Tx& tx) { return see_mentions(tx, me, f.id + 1, 20); }), 0);
  EXPECT_EQ(write([&](Tx& tx) { return see_mentions(tx, me, 0, 20); }), 1);
  write([&](Tx& tx) { assign_filing(tx, f.id, std::nullopt, other, 20); });
  read([&](Reader& r) {
    EXPECT_EQ(count_unseen_mentions(r, me, {}), 0);
    EXPECT_TRUE(appointments_of(r, keys_, me, {}, 6000, 5).empty());
    EXPECT_EQ(appointments_of(r, keys_, other, {}, 6000, 5).size(), 1u);
  });
  write([&](Tx& tx) { erase_filing(tx, keys_, f.id, 5000); });
  read([&](Reader& r) {
    EXPECT_EQ(list_notes(r, keys_, f.id).at(0).text, "");
    EXPECT_FALSE(open_appointment(r, f.id));
  });
}

TEST_P(CaseTest, WhoeverSawItFirstIsNotGivenItAgain) {
  const Id owner = account("a@b.example"), first = account("f@b.example", Role::first_reviewer);
  const Filing a = submitted(owner, "a"), b = submitted(owner, "b");
  const std::vector<State> states = {State::initial_review};
  write([&](Tx& tx) { put_second_opinion(tx, a.id, a.round, a.state, {first, "", 1, 3000}); });
  const auto next_for = [&](Id person) {
    return write([&](Tx& tx) { return next_unassigned(tx, states, {{}, person}); });
  };
  EXPECT_EQ(next_for(first), b.id);
  EXPECT_EQ(next_for(owner), a.id);
  read([&](Reader& r) {
    EXPECT_EQ(find_second_opinion(r, a.id, a.round, a.state)->first_by, first);
    EXPECT_FALSE(find_second_opinion(r, a.id, a.round + 1, a.state));
  });
  write([&](Tx& tx) { forget_second_opinion(tx, a.id); });
  EXPECT_EQ(next_for(first), a.id);
}

}  // namespace
}  // namespace beian::store
