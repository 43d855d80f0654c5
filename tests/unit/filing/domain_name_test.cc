#include "filing/domain_name.h"

#include <gtest/gtest.h>

#include "unit/filing/data_files.h"

namespace beian {
namespace {

std::vector<Problem> run(const json::value& one) {
  const std::string text = text_member(one, "text");
  if (text_member(one, "check") == "domain") return check_domain(catalogue().suffixes, text);
  std::vector<Problem> problems;
  if (auto problem = check_home_url(text, text_member(one, "domain"))) problems.push_back(*problem);
  return problems;
}

TEST(DomainName, FollowsTheSharedVectors) {
  const json::value vectors = vector_file("domains");
  const json::array& cases = vectors.at("cases").as_array();
  ASSERT_GT(cases.size(), 50u);
  for (const json::value& one : cases) {
    const std::string text = text_member(one, "text");
    std::vector<std::string> found;
    for (const Problem& problem : run(one)) {
      found.push_back(problem.code);
      EXPECT_EQ(problem.hard, !one.as_object().contains("hard")) << text;
      const json::value* params = one.as_object().if_contains("params");
      if (!params) continue;
      for (const auto& [key, value] : params->as_object()) {
        EXPECT_EQ(problem.params.at(std::string(key)), value.as_string()) << text;
      }
    }
    std::vector<std::string> wanted;
    for (const json::value& code : one.at("codes").as_array()) {
      wanted.emplace_back(code.as_string());
    }
    EXPECT_EQ(found, wanted) << text;
  }
}

TEST(DomainName, BothSpellingsAreOneName) {
  const auto chinese = parse_host("示例.中国");
  const auto ascii = parse_host("XN--FSQ092H.xn--fiqs8s");
  ASSERT_TRUE(chinese && ascii);
  EXPECT_EQ(*chinese, *ascii);
  EXPECT_EQ(chinese->ascii, "xn--fsq092h.xn--fiqs8s");
  EXPECT_EQ(chinese->unicode, "示例.中国");
}

TEST(DomainName, TheRegistrableNameIsOneBelowThePublicSuffix) {
  const auto registrable = [](const char* text) {
    const auto host = parse_host(text);
    const auto name = host ? registrable_domain(*host) : std::nullopt;
    return name ? name->unicode : "";
  };
  EXPECT_EQ(registrable("a.b.example.cn"), "example.cn");
  EXPECT_EQ(registrable("a.example.com.cn"), "example.com.cn");
  EXPECT_EQ(registrable("a.example.gov.cn"), "example.gov.cn");
  EXPECT_EQ(registrable("a.示例.公司"), "示例.公司");
  EXPECT_EQ(registrable("shop.user.github.io"), "github.io");  // the private part does not count
  EXPECT_EQ(registrable("com.cn"), "");
  EXPECT_EQ(registrable("a.b.notatld"), "b.notatld");
}

TEST(DomainName, SurvivesNonsense) {
  for (const std::string& text :
       {std::string(), std::string("."), std::string("...."), std::string(100000, 'a'),
        std::string("\xff\xfe.cn"), std::string("\0.cn", 4), std::string("xn--.cn"),
        std::string("xn--a.cn"), std::string("://"), std::string("[::1]"), std::string("a@b@c")}) {
    EXPECT_FALSE(check_domain(catalogue().suffixes, text).empty()) << text.substr(0, 20);
    EXPECT_TRUE(check_home_url(text, "example.cn")) << text.substr(0, 20);
  }
}

}  // namespace
}  // namespace beian
