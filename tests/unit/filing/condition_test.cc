#include "filing/condition.h"

#include <gtest/gtest.h>

#include "unit/filing/data_files.h"

namespace beian {
namespace {

TEST(Condition, FollowsTheSharedVectors) {
  const json::value vectors = vector_file("conditions");
  const json::object& content = vectors.at("content").as_object();
  const std::string today = text_member(vectors, "today");
  const json::array& cases = vectors.at("cases").as_array();
  ASSERT_GT(cases.size(), 60u);
  for (const json::value& one : cases) {
    const json::value* item = one.as_object().if_contains("item");
    const std::string at = item ? std::string(item->as_string()) : "";
    const Facts facts{content, today, at};
    EXPECT_EQ(Condition::from_json(one.at("condition")).holds(facts), one.at("holds").as_bool())
        << text_member(one, "name");
  }
}

TEST(Condition, RefusesWhatIsNotTheGrammar) {
  const json::value vectors = vector_file("conditions");
  for (const json::value& fault : vectors.at("faults").as_array()) {
    EXPECT_THROW((void)Condition::from_json(fault), std::runtime_error) << fault;
  }
  json::value deep = true;
  for (int i = 0; i < 40; ++i) deep = json::object{{"not", deep}};
  EXPECT_THROW((void)Condition::from_json(deep), std::runtime_error);
}

TEST(Condition, APatternOnALongTextComesToAnEnd) {
  json::object content;
  content["name"] = std::string(100000, 'a');
  const Condition slow =
      Condition::from_json(json::value{{"matches", json::array{"name", "^(a+)+$|(a|aa)+b"}}});
  (void)slow.holds({content, "2026-11-23", ""});  // either answer, but soon
}

}  // namespace
}  // namespace beian
