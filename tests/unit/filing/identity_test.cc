#include "filing/identity.h"

#include <gtest/gtest.h>

#include "unit/filing/data_files.h"

namespace beian {
namespace {

TEST(Identity, FollowsTheSharedVectors) {
  const json::value vectors = vector_file("identity");
  const Day today = *parse_day(text_member(vectors, "today"));
  const json::array& cases = vectors.at("cases").as_array();
  ASSERT_GT(cases.size(), 80u);
  for (const json::value& one : cases) {
    const std::string name = text_member(one, "name");
    const auto problem =
        check_certificate_number(catalogue().dictionaries, catalogue().divisions,
                                 one.at("type").as_int64(), text_member(one, "number"), today);
    if (!one.as_object().contains("code")) {
      EXPECT_FALSE(problem) << name << ": " << problem->code;
      continue;
    }
    ASSERT_TRUE(problem) << name;
    EXPECT_EQ(problem->code, text_member(one, "code")) << name;
    EXPECT_EQ(problem->hard, !one.as_object().contains("hard")) << name;
    for (const auto& [key, value] : one.at("params").as_object()) {
      EXPECT_EQ(problem->params.at(std::string(key)), value.as_string()) << name;
    }
  }
}

// Any two neighbouring digits swapped, or any one digit changed, is found by the check digit.
TEST(Identity, TheCheckDigitFindsSingleMistakes) {
  const std::string good = "11010519491231002X";
  const Day today = *parse_day("2026-11-23");
  for (std::size_t i = 6; i < 17; ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string wrong = good;
      wrong[i] = digit;
      EXPECT_EQ(check_citizen_id(wrong, catalogue().divisions, today).has_value(), wrong != good)
          << wrong;
    }
  }
}

TEST(Identity, FindsTheBirthDate) {
  EXPECT_EQ(birth_date("11010519491231002x"), parse_day("1949-12-31"));
  EXPECT_FALSE(birth_date("91350100M000100Y43"));
  EXPECT_FALSE(birth_date("110105194913310020"));
  EXPECT_FALSE(birth_date("E00000000"));
}

TEST(Identity, StoresOneSpelling) {
  EXPECT_EQ(canonical_number(" 110105 19491231 002x "), "11010519491231002X");
  EXPECT_EQ(canonical_number("军字第１２３４５６７号"), "军字第1234567号");
  EXPECT_EQ(canonical_number("京证（２０２０）1号"), "京证(2020)1号");
}

TEST(Identity, SurvivesNonsense) {
  const Day today = *parse_day("2026-11-23");
  for (const std::string& text : {std::string(), std::string("\xff\xfe"), std::string(5000, '1'),
                                  std::string("\0\0", 2), std::string("-"), std::string("号")}) {
    for (const DictionaryEntry& type : catalogue().dictionaries.at("certificate_types").entries()) {
      EXPECT_TRUE(check_certificate_number(catalogue().dictionaries, catalogue().divisions, type.id,
                                           text, today))
          << type.id;
    }
  }
}

// The examples that the form shows must pass its own checks.
TEST(Identity, TheExamplesInTheDictionaryAreGood) {
  const Day today = *parse_day("2026-11-23");
  for (const DictionaryEntry& type : catalogue().dictionaries.at("certificate_types").entries()) {
    if (type.text("example").empty()) continue;
    const auto problem = check_certificate_number(catalogue().dictionaries, catalogue().divisions,
                                                  type.id, type.text("example"), today);
    EXPECT_FALSE(problem) << type.id << " " << problem->code;
  }
}

}  // namespace
}  // namespace beian
