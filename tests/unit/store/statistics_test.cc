// The daily numbers on both engines: read from events, written once however often they are rolled.
#include "store/statistics.h"

#include "store/cases.h"
#include "store/jobs.h"
#include "unit/store/fixture.h"

namespace beian::store {
namespace {

class StatisticsTest : public StoreTest {
 protected:
  void happened(Id filing, Millis at, const std::string& actor, std::optional<Id> who,
                const std::string& action, const std::string& from = "",
                const std::string& to = "") {
    Event e;
    e.filing_id = filing;
    e.at = at;
    e.actor = actor;
    e.actor_id = who;
    e.action = action;
    if (!from.empty()) e.from_state = from;
    if (!to.empty()) e.to_state = to;
    write([&](Tx& tx) { insert_event(tx, keys_, e); });
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, StatisticsTest, beian::testing::k_both_engines,
                         beian::testing::engine_name);

TEST_P(StatisticsTest, AStepKnowsWhenItsStateBeganWhoClaimedItAndWhetherItIsTheFirstDecision) {
  const Id one = filing(account("a@applicant.example")).id, staff = account("s@staff.example");
  happened(one, 100, "applicant", 1, "submit", "draft", "initial_review");
  happened(one, 150, "staff", staff, "claimed");
  happened(one, 300, "staff", staff, "return_initial", "initial_review", "initial_returned");
  happened(one, 500, "applicant", 1, "submit", "initial_returned", "initial_review");
  happened(one, 510, "staff", staff + 1, "claimed");
  happened(one, 900, "staff", staff, "pass_initial", "initial_review", "verification");
  const auto all = read([&](Reader& r) { return happenings(r, 100, 901); });
  ASSERT_EQ(all.size(), 6u);
  EXPECT_EQ(all[0].entered_at, std::nullopt);
  EXPECT_EQ(all[1].from_state, "");
  EXPECT_EQ(all[2].entered_at, 100);
  EXPECT_EQ(all[2].claimed_at, 150);
  EXPECT_FALSE(all[2].decided_before);
  EXPECT_EQ(all[3].entered_at, 300);
  EXPECT_TRUE(all[5].decided_before);
  EXPECT_EQ(all[5].entered_at, 500);
  EXPECT_EQ(all[5].claimed_at, 150) << "of the same person";
  EXPECT_EQ(all[5].province + all[5].kind, "330000first_filing");
  EXPECT_EQ(read([&](Reader& r) { return happenings(r, 101, 900); }).size(), 4u);
  EXPECT_EQ(read([&](Reader& r) { return passages_of(r, one); }).size(), 4u);
  EXPECT_EQ(read([&](Reader& r) { return first_event_at(r); }), 100);
}

TEST_P(StatisticsTest, ADayRolledUpTwiceIsThereOnceAndPeriodsAddUp) {
  const auto roll = [&](const std::string& day, std::int64_t n) {
    write([&](Tx& tx) {
      put_day(tx, day, {"step", "way"},
              {{"step", "330000", "change", "submit/draft", n},
               {"step", "110000", "change", "submit/draft", 1}},
              {{"way", "330000", "change", "total", "3:1", "2:1"}}, n);
    });
  };
  roll("2026-11-01", 9);
  roll("2026-11-01", 2);
  roll("2026-11-03", 5);
  const auto sums = [&](const Period& p, Grouping g) {
    std::string out;
    for (const Sum& sum : read([&](Reader& r) { return sums_of(r, p, "step", g); }))
      out += sum.group + " " + sum.item + " " + std::to_string(sum.n) + "; ";
    return out;
  };
  EXPECT_EQ(sums({"2026-11-01", "2026-11-30", "", "", {}}, Grouping::whole), " submit/draft 9; ");
  EXPECT_EQ(sums({"2026-11-01", "2026-11-02", "330000", "", {}}, Grouping::whole),
            " submit/draft 2; ");
  EXPECT_EQ(sums({"2026-11-01", "2026-11-30", "", "change", {}}, Grouping::by_province),
            "110000 submit/draft 2; 330000 submit/draft 7; ");
  EXPECT_EQ(sums({"2026-11-01", "2026-11-30", "", "", {}}, Grouping::by_day),
            "2026-11-01 submit/draft 3; 2026-11-03 submit/draft 6; ");
  EXPECT_EQ(sums({"2026-11-01", "2026-11-30", "", "new_access", {}}, Grouping::whole), "");
  // What somebody may see at all narrows whatever he asks for.
  EXPECT_EQ(sums({"2026-11-01", "2026-11-30", "", "", {"110000", "440000"}}, Grouping::by_province),
            "110000 submit/draft 2; ");
  EXPECT_EQ(sums({"2026-11-01", "2026-11-30", "330000", "", {"110000"}}, Grouping::whole), "");
  const Period all{"2026-01-01", "2026-12-31", "", "", {}};
  EXPECT_EQ(read([&](Reader& r) { return waits_of(r, all, "way"); }).size(), 2u);
  EXPECT_EQ(read([&](Reader& r) { return rolled_days(r, "2026-11-02"); }),
            (std::vector<std::pair<std::string, Millis>>{{"2026-11-03", 5}}));
  // What this rolling did not look at stays.
  write([&](Tx& tx) { put_day(tx, "2026-11-01", {"step"}, {}, {}, 6); });
  EXPECT_EQ(sums({"2026-11-01", "2026-11-01", "", "", {}}, Grouping::whole), "");
  EXPECT_EQ(read([&](Reader& r) { return waits_of(r, all, "way"); }).size(), 2u);
}

TEST_P(StatisticsTest, CorrectionsOfSeveralWebsitesAreOneQuestionAndDraftsAreNone) {
  const Id one = filing(account("a@applicant.example")).id;
  const auto correct = [&](const std::string& field, const std::string& state, Millis at) {
    Correction c;
    c.filing_id = one;
    c.field = field;
    c.reason_code = "name_vague";
    c.by_actor = "staff";
    c.state = state;
    c.at = at;
    write([&](Tx& tx) { insert_correction(tx, keys_, c); });
  };
  correct("sites.s1.name", "open", 10);
  correct("sites.s2.name", "closed", 11);
  correct("sites.s2.materials.approval", "open", 12);
  correct("organiser.name", "draft", 12);
  correct("organiser.name", "open", 20);
  std::map<std::string, std::int64_t> found;
  for (const Counted& c : read([&](Reader& r) { return count_corrections(r, 10, 20); }))
    found[c.item] += c.n;
  EXPECT_EQ(found, (std::map<std::string, std::int64_t>{
                       {"staff/name_vague/sites.*.name", 2},
                       {"staff/name_vague/sites.*.materials.approval", 1}}));
}

TEST_P(StatisticsTest, MessagesAreCountedByFateAndWaitingFilingsByAge) {
  const Id owner = account("a@applicant.example");
  const Filing old = filing(owner, "一"), young = filing(owner, "二"), draft = filing(owner, "三");
  moved(old, State::initial_review, Turn::staff, 1000);
  moved(young, State::initial_review, Turn::staff, 5000);
  const auto waiting = read([&](Reader& r) {
    return count_waiting_by_age(r, {4000, 3000, 2000, 500});
  });
  std::map<std::string, std::int64_t> found;
  for (const Counted& c : waiting) found[c.item] += c.n;
  EXPECT_EQ(found, (std::map<std::string, std::int64_t>{{"initial_review/0", 1},
                                                        {"initial_review/3", 1}}));
  Message m;
  m.id = 77;
  m.key = "one";
  m.account_id = owner;
  m.filing_id = old.id;
  m.channel = "mail";
  m.notice = "filing_submitted";
  m.state = "queued";
  m.created_at = 50;
  write([&](Tx& tx) {
    insert_message(tx, keys_, m);
    set_message_state(tx, 77, "sent", 60, "");
  });
  const auto messages = read([&](Reader& r) { return count_messages(r, 50, 51); });
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].item, "mail/filing_submitted/sent");
  EXPECT_EQ(messages[0].province, "330000");
}

}  // namespace
}  // namespace beian::store
