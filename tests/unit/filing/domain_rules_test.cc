// The national rules about domains hear of what was found out outside.
#include <gtest/gtest.h>

#include <algorithm>

#include "filing/check.h"
#include "unit/filing/data_files.h"

namespace beian {
namespace {

bool says(const std::string& code, std::string_view outside) {
  const json::value content = vector_file("form").at("bases").at("enterprise").at("content");
  const auto problems = check_form(first_filing(), catalogue(), content.as_object(), {},
                                   *parse_day("2026-11-23"), json::parse(outside).as_object());
  return std::ranges::any_of(
      problems, [&](const Problem& p) { return p.code == code && p.field == "sites.s1.domain"; });
}

TEST(DomainRules, HearWhatWasFoundOut) {
  EXPECT_TRUE(
      says("rule_domain_registrar", R"({"sites":[{"key":"s1","registrar_domestic":false}]})"));
  EXPECT_FALSE(
      says("rule_domain_registrar", R"({"sites":[{"key":"s1","registrar_domestic":true}]})"));
  EXPECT_FALSE(says("rule_domain_registrar", R"({"sites":[{"key":"s1"}]})"));
  EXPECT_TRUE(
      says("rule_domain_expired", R"({"sites":[{"key":"s1","registered_until":"2026-11-22"}]})"));
  EXPECT_FALSE(
      says("rule_domain_expired", R"({"sites":[{"key":"s1","registered_until":"2027-01-01"}]})"));
  EXPECT_TRUE(says("rule_domain_open",
                   R"({"kind":"first_filing","sites":[{"key":"s1","website_open":true}]})"));
  EXPECT_FALSE(says("rule_domain_open",
                    R"({"kind":"new_access","sites":[{"key":"s1","website_open":true}]})"));
  EXPECT_FALSE(says("rule_domain_open",
                    R"({"kind":"first_filing","sites":[{"key":"s1","website_open":false}]})"));
  EXPECT_FALSE(says("rule_domain_open", R"({"kind":"first_filing"})"));
  EXPECT_TRUE(
      says("rule_domain_new", R"({"kind":"first_filing","sites":[{"key":"s1","domain_days":2}]})"));
  EXPECT_FALSE(
      says("rule_domain_new", R"({"kind":"first_filing","sites":[{"key":"s1","domain_days":3}]})"));
  EXPECT_FALSE(
      says("rule_domain_new", R"({"kind":"change","sites":[{"key":"s1","domain_days":0}]})"));
}

}  // namespace
}  // namespace beian
