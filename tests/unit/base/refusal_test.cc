#include "base/refusal.h"

#include <gtest/gtest.h>

namespace beian {
namespace {

TEST(Refusal, CarriesWhatTheEdgeShows) {
  Problem problem;
  problem.field = "organiser.name";
  problem.code = "member_missing";
  const Refusal refusal(RefusalCode::invalid, "request_invalid", {problem}, {{"n", "1"}});
  EXPECT_EQ(to_string(refusal.code()), "invalid");
  EXPECT_STREQ(refusal.what(), "request_invalid");
  ASSERT_EQ(refusal.problems().size(), 1u);
  EXPECT_EQ(refusal.problems()[0], problem);
  EXPECT_EQ(refusal.params().at("n"), "1");
}

TEST(Refusal, EveryCodeHasItsOwnName) {
  EXPECT_EQ(to_string(RefusalCode::bad_request), "bad_request");
  EXPECT_EQ(to_string(RefusalCode::unauthenticated), "unauthenticated");
  EXPECT_EQ(to_string(RefusalCode::forbidden), "forbidden");
  EXPECT_EQ(to_string(RefusalCode::not_found), "not_found");
  EXPECT_EQ(to_string(RefusalCode::conflict), "conflict");
  EXPECT_EQ(to_string(RefusalCode::stale), "stale");
  EXPECT_EQ(to_string(RefusalCode::too_large), "too_large");
  EXPECT_EQ(to_string(RefusalCode::too_many), "too_many");
  EXPECT_EQ(to_string(RefusalCode::unavailable), "unavailable");
}

}  // namespace
}  // namespace beian
