#include "filing/kind.h"

#include <gtest/gtest.h>

#include <vector>

#include "unit/filing/data_files.h"

namespace beian {
namespace {

using Status = BureauAnswer::Status;

BureauAnswer filed(std::string organiser, std::string site = "") {
  return {Status::answered, true, std::move(organiser), std::move(site), ""};
}
BureauAnswer not_filed() { return {Status::answered, false, "", "", ""}; }

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
  facts.organiser_of_account = true;
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
  facts.organiser_of_account = true;
  facts.domain_here = DomainHolder::same_organiser;
  facts.served_here = true;
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
  const BureauAnswer silent{Status::unreachable, false, "", "", ""};
  EXPECT_EQ(determine_kind(asked(not_filed(), silent)).outcome, Outcome::bureau_unreachable);
  EXPECT_EQ(determine_kind(asked(silent, not_filed())).outcome, Outcome::bureau_unreachable);
  EXPECT_FALSE(determine_kind(asked(not_filed(), silent)).bureau_asked);
}

TEST(Kind, WhatTheRegistryKnowsNeedsNoBureau) {
  const BureauAnswer silent{Status::unreachable, false, "", "", ""};
  KindFacts facts = asked(silent, silent);
  facts.organiser_number_here = k_mine;
  facts.organiser_of_account = true;
  facts.domain_here = DomainHolder::same_organiser;
  facts.served_here = true;
  EXPECT_EQ(determine_kind(facts).outcome, Outcome::already_filed_here);
}

TEST(Kind, CertificatesTheBureauCannotBeAskedAbout) {
  const BureauAnswer cannot{Status::cannot_ask, false, "", "", ""};
  EXPECT_EQ(determine_kind(asked(cannot, not_filed())).text, "first_filing_unchecked");
  EXPECT_EQ(determine_kind(asked(cannot, filed(k_theirs))).text, "conflict_holder_unknown");
  KindFacts known = asked(cannot, filed(k_mine));
  known.organiser_number_here = k_mine;
  known.organiser_of_account = true;
  EXPECT_EQ(determine_kind(known).outcome, Outcome::new_access);
}

TEST(Kind, WithoutABureauTheRegistryDecides) {
  const KindDecision decision = determine_kind({});
  EXPECT_EQ(decision.outcome, Outcome::first_filing);
  EXPECT_FALSE(decision.bureau_asked);
}

TEST(Kind, WhatLeftUsComesBackAsANewAccess) {
  KindFacts facts = asked(filed(k_mine), filed(k_mine));
  facts.organiser_number_here = k_mine;
  facts.organiser_of_account = true;
  facts.domain_here = DomainHolder::same_organiser;
  EXPECT_EQ(determine_kind(facts).outcome, Outcome::new_access);
}

TEST(Kind, AnotherAccountsOrganiserIsNotAddedTo) {
  KindFacts facts = asked(filed(k_mine), not_filed());
  facts.organiser_number_here = k_mine;
  EXPECT_EQ(determine_kind(facts).text, "organiser_other_account");
  EXPECT_FALSE(determine_kind(facts).kind);
  facts.domain_here = DomainHolder::same_organiser;
  facts.served_here = true;
  EXPECT_EQ(determine_kind(facts).text, "already_filed_other_account");
}

// Every combination of facts, against the table of the design read from top to bottom.
struct Everything {
  std::vector<KindFacts> facts;
  Everything() {
    const std::vector<BureauAnswer> organisers{{Status::not_connected, false, "", "", ""},
                                               {Status::cannot_ask, false, "", "", ""},
                                               {Status::unreachable, false, "", "", ""},
                                               not_filed(),
                                               filed(k_mine)};
    const std::vector<BureauAnswer> domains{{Status::not_connected, false, "", "", ""},
                                            {Status::unreachable, false, "", "", ""},
                                            not_filed(),
                                            filed(k_mine, std::string(k_mine) + "-1"),
                                            filed(k_theirs, std::string(k_theirs) + "-1")};
    for (const auto& organiser : organisers)
      for (const auto& domain : domains)
        for (int bits = 0; bits < 32; ++bits)
          for (DomainHolder holder : {DomainHolder::nobody, DomainHolder::same_organiser,
                                      DomainHolder::other_organiser}) {
            KindFacts one = asked(organiser, domain);
            if (bits & 1) one.own_filing = 42;
            one.other_accounts_filing = bits & 2;
            if (bits & 4) one.organiser_number_here = k_mine;
            one.organiser_of_account = bits & 8;
            one.served_here = bits & 16;
            one.domain_here = holder;
            facts.push_back(one);
          }
  }
};

Outcome by_the_table(const KindFacts& f) {
  if (f.own_filing || f.other_accounts_filing) return Outcome::in_flight;
  const bool here = !f.organiser_number_here.empty();
  const bool strangers = here && !f.organiser_of_account;
  if (f.domain_here == DomainHolder::other_organiser) return Outcome::conflict;
  if (f.domain_here == DomainHolder::same_organiser) {
    if (strangers) return Outcome::other_account;
    return f.served_here ? Outcome::already_filed_here : Outcome::new_access;
  }
  if (f.domain.status == Status::unreachable || f.organiser.status == Status::unreachable)
    return Outcome::bureau_unreachable;
  const bool mine_filed = here || f.organiser.filed;
  if (f.domain.filed) {
    if (!mine_filed || f.domain.organiser_number != k_mine) return Outcome::conflict;
    return strangers ? Outcome::other_account : Outcome::new_access;
  }
  if (strangers) return Outcome::other_account;
  if (here) return Outcome::new_website_here;
  return f.organiser.filed ? Outcome::new_website_elsewhere : Outcome::first_filing;
}

TEST(Kind, EveryCombinationOfFacts) {
  for (const KindFacts& facts : Everything().facts) {
    const KindDecision decision = determine_kind(facts);
    ASSERT_EQ(decision.outcome, by_the_table(facts))
        << to_string(decision.outcome) << ", wanted " << to_string(by_the_table(facts));
    // A kind is offered exactly where something can begin or goes on from what is registered.
    const bool offers = decision.outcome == Outcome::first_filing ||
                        decision.outcome == Outcome::new_website_here ||
                        decision.outcome == Outcome::new_website_elsewhere ||
                        decision.outcome == Outcome::new_access ||
                        decision.outcome == Outcome::already_filed_here;
    EXPECT_EQ(decision.kind.has_value(), offers);
    // What adds to a number says to which.
    const bool adds = decision.kind == Kind::new_website || decision.kind == Kind::new_access;
    if (adds && facts.domain_here != DomainHolder::same_organiser) {
      EXPECT_EQ(decision.organiser_number, k_mine);
    }
    EXPECT_EQ(decision.filing.has_value(), facts.own_filing.has_value());
  }
}

TEST(Kind, EveryTextExistsInBothLanguages) {
  for (const char* locale : {"zh-CN", "en"}) {
    const json::value texts = data_file(std::string("texts/") + locale + "/outcomes.json");
    for (const char* text :
         {"first_filing", "first_filing_unchecked", "new_website_here", "new_website_elsewhere",
          "new_access", "already_filed_here", "organiser_other_account",
          "already_filed_other_account", "conflict", "conflict_here", "conflict_holder_unknown",
          "in_flight", "in_flight_other_account", "bureau_unreachable"}) {
      for (const char* part : {"title", "explanation", "next_step"}) {
        EXPECT_FALSE(text_member(texts.at(text), part).empty()) << locale << " " << text;
      }
    }
  }
}

}  // namespace
}  // namespace beian
