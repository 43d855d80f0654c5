#include "bureau/codes.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "bureau/gbk.h"

namespace beian::bureau {
namespace {

TEST(Codes, GroupsTellWhoHasToAct) {
  EXPECT_EQ(group_of(0), Group::success);
  EXPECT_EQ(group_of(15), Group::retry_later);
  EXPECT_EQ(group_of(902), Group::retry_later);
  EXPECT_EQ(group_of(7), Group::our_fault);
  EXPECT_EQ(group_of(5), Group::account);
  EXPECT_EQ(group_of(14), Group::out_of_step);
  EXPECT_EQ(group_of(1005), Group::applicant);
  EXPECT_EQ(group_of(5001), Group::our_fault);
  EXPECT_EQ(group_of(5008), Group::our_fault);
  EXPECT_EQ(group_of(4711), Group::other);
  EXPECT_EQ(find_code(4711), nullptr);
  EXPECT_EQ(find_code(1068)->code, 1068);
}

TEST(Codes, AResultBecomesAProblemOfAField) {
  const auto domain = problem_of({1005, "域名冲突：example.cn"});
  EXPECT_EQ(domain.field, "sites.*.domain");
  EXPECT_EQ(domain.code, "bureau_1005");
  EXPECT_EQ(domain.params.at("code"), "1005");
  EXPECT_EQ(domain.params.at("text"), "域名冲突：example.cn");
  EXPECT_EQ(problem_of({5001, "1n2.xml"}).code, "bureau_our_fault");
  EXPECT_EQ(problem_of({901, ""}).code, "bureau_retry_later");
  EXPECT_EQ(problem_of({901, ""}).params.at("text"), text_of_code(901));
  EXPECT_EQ(problem_of({4711, "新代码"}).code, "bureau_other");
}

TEST(Codes, EveryProblemHasItsWordsInBothLanguagesAndCanBeSent) {
  for (const char* locale : {"zh-CN", "en"}) {
    const json::value texts = read_json_file(std::string(BEIAN_ROOT) + "/data/texts/" + locale +
                                             "/problems/bureau.json");
    for (std::int64_t code = 0; code < 6000; ++code) {
      if (find_code(code) == nullptr) continue;
      EXPECT_TRUE(to_gbk(text_of_code(code)).has_value()) << code;
      const auto problem = problem_of({code, ""});
      const auto* text = texts.as_object().if_contains(problem.code);
      ASSERT_NE(text, nullptr) << locale << " " << problem.code;
      EXPECT_FALSE(text->at("message").as_string().empty());
      EXPECT_FALSE(text->at("fix").as_string().empty());
    }
  }
}

}  // namespace
}  // namespace beian::bureau
