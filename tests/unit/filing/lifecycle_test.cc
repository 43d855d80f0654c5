#include "filing/lifecycle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <tuple>

#include "unit/filing/data_files.h"

namespace beian {
namespace {

using enum State;
using enum Action;

constexpr State k_states[] = {
    draft,       initial_review, initial_returned, verification, photo_review, ready,  sending,
    sms_pending, bureau_review,  bureau_returned,  approved,     withdrawn,    expired};
constexpr Action k_actions[] = {submit,          withdraw,        pass_initial, return_initial,
                                submit_photo,    pass_photo,      return_photo, start_sending,
                                bureau_received, sms_requested,   sms_verified, sms_expired,
                                bureau_approved, bureau_rejected, expire};
constexpr Actor k_actors[] = {Actor::applicant, Actor::staff, Actor::bureau, Actor::worker,
                              Actor::clock};
constexpr Kind k_kinds[] = {Kind::first_filing, Kind::new_website,      Kind::new_access,
                            Kind::change,       Kind::cancel_organiser, Kind::cancel_website,
                            Kind::cancel_access};

std::vector<Policy> policies() {
  std::vector<Policy> all;
  for (bool verification : {false, true}) {
    for (bool sms : {false, true}) all.push_back({verification, sms, false});
  }
  return all;
}

std::set<State> reachable(Kind kind, const Policy& policy) {
  std::set<State> seen{draft};
  std::vector<State> open{draft};
  while (!open.empty()) {
    const State from = open.back();
    open.pop_back();
    for (Action action : k_actions) {
      for (Actor actor : k_actors) {
        const auto step = find_transition(kind, from, action, actor, policy);
        if (step && seen.insert(step->to).second) open.push_back(step->to);
      }
    }
  }
  return seen;
}

State after(State from, Action action, Actor actor, Kind kind = Kind::first_filing,
            const Policy& policy = {true, true, false}) {
  const auto step = find_transition(kind, from, action, actor, policy);
  EXPECT_TRUE(step) << to_string(from) << " " << to_string(action);
  return step ? step->to : from;
}

TEST(Lifecycle, EveryStateIsReachedByAFirstFiling) {
  EXPECT_EQ(reachable(Kind::first_filing, {true, true, false}).size(), std::size(k_states));
}

TEST(Lifecycle, OnlyFinalStatesHaveNoWayOn) {
  for (Kind kind : k_kinds) {
    for (const Policy& policy : policies()) {
      for (State state : reachable(kind, policy)) {
        bool leads_on = false;
        for (Actor actor : k_actors) {
          leads_on = leads_on || !allowed_actions(kind, state, actor, policy).empty();
        }
        EXPECT_EQ(leads_on, !is_final(state)) << to_string(state);
      }
    }
  }
  for (State state : k_states) {
    const bool end = state == approved || state == withdrawn || state == expired;
    EXPECT_EQ(is_final(state), end) << to_string(state);
    EXPECT_EQ(turn_of(state) == Turn::nobody, end) << to_string(state);
    EXPECT_EQ(deadline_of(state).has_value(), !end) << to_string(state);
  }
}

TEST(Lifecycle, EveryWayCanEndInApproval) {
  for (Kind kind : k_kinds) {
    for (const Policy& policy : policies()) {
      const std::set<State> states = reachable(kind, policy);
      EXPECT_TRUE(states.contains(approved));
      EXPECT_TRUE(states.contains(bureau_returned));
    }
  }
}

// The whole table once more, as a reader of the law would write it: what is not here is refused.
TEST(Lifecycle, RefusesEverythingThatIsNotInTheTable) {
  using Triple = std::tuple<State, Action, Actor>;
  const std::set<Triple> allowed{{draft, submit, Actor::applicant},
                                 {draft, withdraw, Actor::applicant},
                                 {draft, expire, Actor::clock},
                                 {initial_review, pass_initial, Actor::staff},
                                 {initial_review, return_initial, Actor::staff},
                                 {initial_review, withdraw, Actor::applicant},
                                 {initial_returned, submit, Actor::applicant},
                                 {initial_returned, withdraw, Actor::applicant},
                                 {initial_returned, expire, Actor::clock},
                                 {verification, submit_photo, Actor::applicant},
                                 {verification, return_initial, Actor::staff},
                                 {verification, withdraw, Actor::applicant},
                                 {verification, expire, Actor::clock},
                                 {photo_review, pass_photo, Actor::staff},
                                 {photo_review, return_photo, Actor::staff},
                                 {photo_review, return_initial, Actor::staff},
                                 {photo_review, withdraw, Actor::applicant},
                                 {ready, start_sending, Actor::worker},
                                 {ready, return_initial, Actor::staff},
                                 {ready, withdraw, Actor::applicant},
                                 {sending, bureau_received, Actor::bureau},
                                 {sending, sms_requested, Actor::bureau},
                                 {sending, bureau_approved, Actor::bureau},
                                 {sending, bureau_rejected, Actor::bureau},
                                 {sms_pending, sms_verified, Actor::applicant},
                                 {sms_pending, sms_expired, Actor::clock},
                                 {sms_pending, bureau_approved, Actor::bureau},
                                 {sms_pending, bureau_rejected, Actor::bureau},
                                 {bureau_review, sms_requested, Actor::bureau},
                                 {bureau_review, bureau_approved, Actor::bureau},
                                 {bureau_review, bureau_rejected, Actor::bureau},
                                 {bureau_returned, submit, Actor::applicant},
                                 {bureau_returned, bureau_approved, Actor::bureau},
                                 {bureau_returned, withdraw, Actor::applicant},
                                 {bureau_returned, expire, Actor::clock}};
  for (const Policy& policy : policies()) {
    for (State from : k_states) {
      for (Actor actor : k_actors) {
        const std::vector<Action> offered =
            allowed_actions(Kind::first_filing, from, actor, policy);
        for (Action action : k_actions) {
          const bool wanted = allowed.contains({from, action, actor});
          EXPECT_EQ(find_transition(Kind::first_filing, from, action, actor, policy).has_value(),
                    wanted)
              << to_string(from) << " " << to_string(action) << " by " << to_string(actor);
          EXPECT_EQ(std::ranges::count(offered, action), wanted ? 1 : 0);
        }
      }
    }
  }
}

TEST(Lifecycle, PolicyChoosesTheWay) {
  EXPECT_EQ(after(initial_review, pass_initial, Actor::staff), verification);
  EXPECT_EQ(
      after(initial_review, pass_initial, Actor::staff, Kind::first_filing, {false, true, false}),
      ready);
  EXPECT_EQ(after(sending, bureau_received, Actor::bureau), sms_pending);
  EXPECT_EQ(
      after(sending, bureau_received, Actor::bureau, Kind::first_filing, {true, false, false}),
      bureau_review);
}

TEST(Lifecycle, CancellingSkipsThePhotographAndLeavingAnAccessTheSms) {
  for (Kind kind : {Kind::cancel_organiser, Kind::cancel_website, Kind::cancel_access}) {
    EXPECT_EQ(after(initial_review, pass_initial, Actor::staff, kind), ready);
  }
  EXPECT_EQ(after(sending, bureau_received, Actor::bureau, Kind::cancel_website), sms_pending);
  EXPECT_EQ(after(sending, bureau_received, Actor::bureau, Kind::cancel_access), bureau_review);
}

TEST(Lifecycle, NobodyWithdrawsWhatTheBureauHas) {
  for (State state : {sending, sms_pending, bureau_review, approved}) {
    EXPECT_FALSE(find_transition(Kind::first_filing, state, withdraw, Actor::applicant, {}));
  }
}

TEST(Lifecycle, EffectsOfTheStepsThatMatter) {
  const auto has = [](State from, Action action, Actor actor, Effect effect) {
    const auto step = find_transition(Kind::first_filing, from, action, actor, {});
    return step && std::ranges::count(step->effects, effect) == 1;
  };
  for (State from : {draft, initial_returned, bureau_returned}) {
    EXPECT_TRUE(has(from, submit, Actor::applicant, Effect::snapshot));
    EXPECT_TRUE(has(from, withdraw, Actor::applicant, Effect::release_slots));
    EXPECT_TRUE(has(from, expire, Actor::clock, Effect::release_slots));
  }
  EXPECT_TRUE(has(photo_review, pass_photo, Actor::staff, Effect::send_to_bureau));
  EXPECT_TRUE(has(bureau_review, bureau_approved, Actor::bureau, Effect::notify_applicant));
  EXPECT_FALSE(has(initial_review, return_initial, Actor::staff, Effect::send_to_bureau));
}

TEST(Lifecycle, OnlyDraftsAndReturnedFilingsAreEdited) {
  for (State state : k_states) {
    const bool open = state == draft || state == initial_returned || state == bureau_returned;
    EXPECT_EQ(is_editable(state), open) << to_string(state);
  }
}

TEST(Lifecycle, EveryWordHasItsNameInBothLanguages) {
  for (const char* locale : {"zh-CN", "en"}) {
    const json::value texts = data_file(std::string("texts/") + locale + "/states.json");
    for (State state : k_states) {
      const json::value& names = texts.at("states").at(to_string(state));
      for (const char* name : {"staff", "applicant", "now"}) {
        EXPECT_FALSE(text_member(names, name).empty()) << to_string(state);
      }
      const json::value& turn = texts.at("turns").at(to_string(turn_of(state)));
      EXPECT_FALSE(text_member(turn, "applicant").empty());
      EXPECT_FALSE(text_member(turn, "staff").empty());
    }
    for (Action action : k_actions) {
      EXPECT_FALSE(text_member(texts.at("actions").at(to_string(action)), "name").empty());
    }
    for (Kind kind : k_kinds) {
      EXPECT_FALSE(text_member(texts.at("kinds"), std::string(to_string(kind)).c_str()).empty());
    }
    for (Actor actor : k_actors)
      EXPECT_TRUE(texts.at("actors").as_object().contains(to_string(actor)));
  }
}

TEST(Lifecycle, TheDiagramInTheDocsIsTheTable) {
  std::ifstream file(BEIAN_ROOT "/docs/lifecycle.md");
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find("```mermaid\n" + lifecycle_diagram() + "```"), std::string::npos)
      << "docs/lifecycle.md should hold:\n"
      << lifecycle_diagram();
}

TEST(Vocabulary, NamesGoBothWays) {
  for (State state : k_states) EXPECT_EQ(state_from_string(to_string(state)), state);
  for (Action action : k_actions) EXPECT_EQ(action_from_string(to_string(action)), action);
  for (Kind kind : k_kinds) EXPECT_EQ(kind_from_string(to_string(kind)), kind);
  EXPECT_EQ(role_from_string("photo_reviewer"), Role::photo_reviewer);
  EXPECT_FALSE(state_from_string("Draft"));
  EXPECT_FALSE(action_from_string(""));
  EXPECT_TRUE(is_staff(Role::dispatcher));
  EXPECT_FALSE(is_staff(Role::applicant));
}

}  // namespace
}  // namespace beian
