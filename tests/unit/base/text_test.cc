#include "base/text.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/narrow.h"

namespace beian {
namespace {

TEST(Text, CleanLineFollowsTheSharedVectors) {
  const json::value vectors = read_json_file(BEIAN_ROOT "/tests/vectors/clean.json");
  const json::array& cases = vectors.at("cases").as_array();
  ASSERT_GT(cases.size(), 20u);
  for (const json::value& one : cases) {
    const std::string in(one.at("in").as_string());
    const std::string out(one.at("out").as_string());
    EXPECT_EQ(clean_line(in), out) << one.at("name");
    EXPECT_EQ(clean_line(out), out) << one.at("name") << " is not stable";
  }
}

TEST(Text, NarrowLineHasOneSortOfBrackets) {
  EXPECT_EQ(narrow_line(" 示例（杭州）公司 "), "示例(杭州)公司");
  EXPECT_EQ(narrow_line("示例(杭州)公司"), "示例(杭州)公司");
}

TEST(Text, KnowsUtf8) {
  for (const std::string good : {"", "abc", "备案", "\xf4\x8f\xbf\xbf", "\xf0\xa0\x80\x80"}) {
    EXPECT_TRUE(is_utf8(good));
  }
  EXPECT_TRUE(is_utf8(std::string_view("\0", 1)));
  for (const std::string bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xed\xa0\x80",
        "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff", "\xe4\xb8",
        "\xe4\x28\xa1", "a\xc3"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(Text, CodePointsRoundTrip) {
  const std::string text = "aé备\U00020000";
  EXPECT_EQ(count_characters(text), 4u);
  EXPECT_EQ(to_code_points(text), (std::vector<char32_t>{0x61, 0xE9, 0x5907, 0x20000}));
  EXPECT_EQ(from_code_points(to_code_points(text)), text);
}

TEST(Text, BrokenBytesBecomeReplacementCharacters) {
  EXPECT_EQ(clean_line("a\xff"
                       "b"),
            "a\uFFFD"
            "b");
  EXPECT_EQ(from_code_points(to_code_points("\xe4\xb8")), "\uFFFD\uFFFD");
}

TEST(Text, SplitAndJoin) {
  EXPECT_EQ(split("a,b,,c", ','), (std::vector<std::string>{"a", "b", "", "c"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string>{""}));
  EXPECT_EQ(join({"a", "b", "c"}, "; "), "a; b; c");
  EXPECT_EQ(join({}, ","), "");
  EXPECT_EQ(to_lower_ascii("AbZ备Ä"), "abz备Ä");
}

TEST(Mask, IdNumbers) {
  EXPECT_EQ(mask_id_number("990101199001011234"), "990101********1234");
  EXPECT_EQ(mask_id_number("990101900101123"), "990101*****1123");
  EXPECT_EQ(mask_id_number("E12345678"), "E1*****78");
  EXPECT_EQ(mask_id_number("1234567"), "1******");
  EXPECT_EQ(mask_id_number("1"), "*");
  EXPECT_EQ(mask_id_number(""), "");
}

TEST(Mask, Phones) {
  EXPECT_EQ(mask_phone("13000001234"), "130****1234");
  EXPECT_EQ(mask_phone("0571-99990000"), "057******0000");
  EXPECT_EQ(mask_phone("99990000"), "*****000");
  EXPECT_EQ(mask_phone("12345"), "*****");
  EXPECT_EQ(mask_phone(""), "");
}

TEST(Mask, Names) {
  EXPECT_EQ(mask_name("张三"), "张*");
  EXPECT_EQ(mask_name("张小三"), "张**");
  EXPECT_EQ(mask_name("欧阳小三"), "欧阳**");
  EXPECT_EQ(mask_name("买买提·艾力"), "买*****");
  EXPECT_EQ(mask_name("John"), "J***");
  EXPECT_EQ(mask_name("张"), "*");
  EXPECT_EQ(mask_name("\U00020000三"), "\U00020000*");
  EXPECT_EQ(mask_name(""), "");
}

TEST(Mask, Emails) {
  EXPECT_EQ(mask_email("alice@example.com"), "a***@example.com");
  EXPECT_EQ(mask_email("a@example.com"), "a***@example.com");
  EXPECT_EQ(mask_email("\"a@b\"@example.com"), "\"***@example.com");
  EXPECT_EQ(mask_email("备案@example.com"), "备***@example.com");
  EXPECT_EQ(mask_email("@example.com"), "***");
  EXPECT_EQ(mask_email("nonsense"), "***");
  EXPECT_EQ(mask_email(""), "***");
}

}  // namespace
}  // namespace beian
