#include "filing/kind.h"

#include <gtest/gtest.h>

#include "unit/filing/data_files.h"

namespace beian {
namespace {

using Status = BureauAnswer::Status;

BureauAnswer filed(std::string organiser, std::string site = "") {
  return {Status::answered, true, std::move(organiser), std::move(site)};
}
BureauAnswer not_filed() { return {Status::answered, false, "", ""}; }

KindFacts asked(BureauAnswer organiser, BureauAnswer domain) {
  KindFacts facts;
  facts.organiser = std::move(organiser);
  facts.domain = std::move(domain);
  return facts;
}

constexpr const char* k_mine = "京ICP备2026000001号";
constexpr const char* k_theirs = "沪ICP备2026000009号";

TEST(Kind, NeitherFiledIsAFirstFiling) {
  const KindDecision decision = determine_kind(asked(not_filed(), not_filed()));
  EXPECT_EQ(decision.outcome, Outcome::first_filing);
  EXPECT_EQ(decision.kind, Kind::first_filing);
  EXPECT_EQ(decision.text, "first_filing");
  EXPECT_TRUE(decision.bureau_asked);
}

TEST(Kind, AnOrganiserFiledHereAddsAWebsite) {
  KindFacts facts = asked(filed(k_mine), not_filed());
  facts.organiser_number_here = k_mine;
  const KindDecision decision = determine_kind(facts);
  EXPECT_EQ(decision.outcome, Outcome::new_website_here);
  EXPECT_EQ(decision.kind, Kind::new_website);
}

TEST(Kind, AnOrganiserFiledElsewhereAddsAWebsiteWithItsNumber) {
  const KindDecision decision = determine_kind(asked(filed(k_mine), not_filed()));
  EXPECT_EQ(decision.outcome, Outcome::new_website_elsewhere);
  EXPECT_EQ(decision.kind, Kind::new_website);
  EXPECT_EQ(decision.organiser_number, k_mine);
}

TEST(Kind, OnesOwnDomainElsewhereIsANewAccess) {
  const KindDecision decision =
      determine_kind(asked(filed(k_mine), filed(k_mine, std::string(k_mine) + "-1")));
  EXPECT_EQ(decision.outcome, Outcome::new_access);
  EXPECT_EQ(decision.kind, Kind::new_access);
  EXPECT_EQ(decision.domain_number, std::string(k_mine) + "-1");
}

TEST(Kind, ADomainFiledHereByTheSameIsChangedOrCancelled) {
  KindFacts facts = asked(filed(k_mine), filed(k_mine));
  facts.organiser_number_here = k_mine;
  facts.domain_here = DomainHolder::same_organiser;
  EXPECT_EQ(determine_kind(facts).outcome, Outcome::already_filed_here);
}

TEST(Kind, SomebodyElsesDomainIsAConflict) {
  EXPECT_EQ(determine_kind(asked(not_filed(), filed(k_theirs))).text, "conflict");
  EXPECT_EQ(determine_kind(asked(filed(k_mine), filed(k_theirs))).text, "conflict");
  KindFacts here;
  here.domain_here = DomainHolder::other_organiser;
  EXPECT_EQ(determine_kind(here).text, "conflict_here");
  EXPECT_EQ(determine_kind(here).outcome, Outcome::conflict);
  EXPECT_FALSE(determine_kind(here).kind);
}

TEST(Kind, AFilingUnderWayComesFirst) {
  KindFacts facts = asked(filed(k_mine), filed(k_theirs));
  facts.own_filing = 42;
  facts.other_accounts_filing = true;
  const KindDecision own = determine_kind(facts);
  EXPECT_EQ(own.outcome, Outcome::in_flight);
  EXPECT_EQ(own.filing, 42);
  facts.own_filing.reset();
  const KindDecision other = determine_kind(facts);
  EXPECT_EQ(other.outcome, Outcome::in_flight);
  EXPECT_EQ(other.text, "in_flight_other_account");
  EXPECT_FALSE(other.filing) << "another account's filing is not shown";
}

TEST(Kind, ASilentBureauIsSaidToBeSilent) {
  const BureauAnswer silent{Status::unreachable, false, "", ""};
  EXPECT_EQ(determine_kind(asked(not_filed(), silent)).outcome, Outcome::bureau_unreachable);
  EXPECT_EQ(determine_kind(asked(silent, not_filed())).outcome, Outcome::bureau_unreachable);
  EXPECT_FALSE(determine_kind(asked(not_filed(), silent)).bureau_asked);
}

TEST(Kind, WhatTheRegistryKnowsNeedsNoBureau) {
  const BureauAnswer silent{Status::unreachable, false, "", ""};
  KindFacts facts = asked(silent, silent);
  facts.domain_here = DomainHolder::same_organiser;
  EXPECT_EQ(determine_kind(facts).outcome, Outcome::already_filed_here);
}

TEST(Kind, CertificatesTheBureauCannotBeAskedAbout) {
  const BureauAnswer cannot{Status::cannot_ask, false, "", ""};
  EXPECT_EQ(determine_kind(asked(cannot, not_filed())).text, "first_filing_unchecked");
  EXPECT_EQ(determine_kind(asked(cannot, filed(k_theirs))).text, "conflict_holder_unknown");
  KindFacts known = asked(cannot, filed(k_mine));
  known.organiser_number_here = k_mine;
  EXPECT_EQ(determine_kind(known).outcome, Outcome::new_access);
}

TEST(Kind, WithoutABureauTheRegistryDecides) {
  const KindDecision decision = determine_kind({});
  EXPECT_EQ(decision.outcome, Outcome::first_filing);
  EXPECT_FALSE(decision.bureau_asked);
}

TEST(Kind, EveryTextExistsInBothLanguages) {
  for (const char* locale : {"zh-CN", "en"}) {
    const json::value texts = data_file(std::string("texts/") + locale + "/outcomes.json");
    for (const char* text : {"first_filing", "first_filing_unchecked", "new_website_here",
                             "new_website_elsewhere", "new_access", "already_filed_here",
                             "conflict", "conflict_here", "conflict_holder_unknown", "in_flight",
                             "in_flight_other_account", "bureau_unreachable"}) {
      for (const char* part : {"title", "explanation", "next_step"}) {
        EXPECT_FALSE(text_member(texts.at(text), part).empty()) << locale << " " << text;
      }
    }
  }
}

}  // namespace
}  // namespace beian
