#include "filing/number.h"

#include <gtest/gtest.h>

#include "filing/bureau_info.h"
#include "unit/filing/data_files.h"

namespace beian {
namespace {

std::optional<FilingNumber> parse(std::string_view text) {
  static const std::vector<std::string> prefixes =
      Bureaus::from_json(data_file("bureaus.json")).prefixes();
  return parse_filing_number(text, prefixes);
}

TEST(FilingNumber, ReadsTheShapesInUse) {
  for (const char* text :
       {"京ICP备2026000001号", "京ICP备2026000001号-1", "沪ICP备05000001号", "陇ICP备15000343号-12",
        "蜀ICP备2026007879号-2A", "粤ICP备2026000001号-3X", "浙ICP备2026000001号-4K",
        "京ICP证030173号", "京ICP证030173号-1", "粤B2-20090059", "粤B2-20090059-1626X",
        "京A2.B1.B2-20090059"}) {
    const auto number = parse(text);
    ASSERT_TRUE(number) << text;
    EXPECT_EQ(number->text(), text);
  }
}

TEST(FilingNumber, ReadsWhatPeopleType) {
  for (const char* text : {" 京icp备2026000001号－1 ", "京ＩＣＰ备2026000001号—1",
                           "京ICP备2026000001-1", "京 ICP 备 2026000001 号 - 1"}) {
    const auto number = parse(text);
    ASSERT_TRUE(number) << text;
    EXPECT_EQ(number->text(), "京ICP备2026000001号-1");
    EXPECT_EQ(number->organiser_number(), "京ICP备2026000001号");
    EXPECT_EQ(number->service, FilingNumber::Service::website);
    EXPECT_EQ(number->service_serial, 1);
  }
  EXPECT_TRUE(parse("川ICP备09000001号")) << "old spelling of 蜀";
}

TEST(FilingNumber, RefusesTheRest) {
  for (const char* text :
       {"", "京", "ICP备2026000001号", "港ICP备2026000001号", "京ICP备12345号",
        "京ICP备1234567890123号", "京ICP备2026000001号-0", "京ICP备2026000001号-",
        "京ICP备2026000001号-1Z", "京ICP备2026000001号1", "京ICP2026000001号", "京B-20090059",
        "京公网安备11010502000001号", "京ICP备2026000001号-99999999999999999999"}) {
    EXPECT_FALSE(parse(text)) << text;
  }
}

TEST(Bureaus, ThereAreThirtyOne) {
  const Bureaus bureaus = Bureaus::from_json(data_file("bureaus.json"));
  EXPECT_EQ(bureaus.all().size(), 31u);
  for (const BureauInfo& bureau : bureaus.all()) {
    EXPECT_TRUE(catalogue().divisions.is_province(bureau.province)) << bureau.province;
    EXPECT_EQ(bureau.prefix.size(), 3u) << "one character";
    EXPECT_TRUE(bureau.policy.sms);
  }
  EXPECT_EQ(bureaus.find("620000")->prefix, "陇");
  EXPECT_FALSE(bureaus.find("810000"));
}

TEST(Divisions, EveryPlaceCanBeChosen) {
  const Divisions& divisions = catalogue().divisions;
  EXPECT_EQ(divisions.full_name("330000", "330100", "330106"), "浙江省杭州市西湖区");
  EXPECT_EQ(divisions.full_name("110000", "110100", "110105"), "北京市朝阳区");
  EXPECT_EQ(divisions.full_name("420000", "429000", "429004"), "湖北省仙桃市");
  EXPECT_TRUE(divisions.is_child("500000", "500200"));
  EXPECT_FALSE(divisions.has_children("441900"));
  EXPECT_TRUE(divisions.has_children("330100"));
  EXPECT_FALSE(divisions.is_child("330000", "330106"));
  EXPECT_FALSE(divisions.name("999999"));
  EXPECT_TRUE(divisions.has_province_digits("65"));
  EXPECT_FALSE(divisions.has_province_digits("99"));
}

TEST(Divisions, TellsWhichPartIsWrong) {
  const auto code = [](const char* p, const char* c, const char* x) {
    const auto problems = check_division(catalogue().divisions, "backdrop", p, c, x);
    return problems.empty() ? "" : problems[0].field + " " + problems[0].code;
  };
  EXPECT_EQ(code("330000", "330100", "330106"), "");
  EXPECT_EQ(code("330000", "330100", ""), "");
  EXPECT_EQ(code("990000", "330100", ""), "backdrop.province division_unknown");
  EXPECT_EQ(code("330000", "320100", ""), "backdrop.city division_mismatch");
  EXPECT_EQ(code("330000", "330100", "330203"), "backdrop.county division_mismatch");
}

}  // namespace
}  // namespace beian
