#include "filing/contact.h"

#include <gtest/gtest.h>

#include "filing/phone_spelling.h"
#include "unit/filing/data_files.h"

namespace beian {
namespace {

std::optional<Problem> check(const std::string& name, const std::string& text) {
  if (name == "mobile") return check_mobile(text);
  if (name == "phone") return check_phone(catalogue().area_codes, text);
  if (name == "email") return check_email(text);
  return check_ip(text);
}

TEST(Contact, FollowsTheSharedVectors) {
  const json::value vectors = vector_file("contacts");
  const json::array& cases = vectors.at("cases").as_array();
  ASSERT_GT(cases.size(), 60u);
  for (const json::value& one : cases) {
    const std::string text = text_member(one, "text");
    const auto problem = check(text_member(one, "check"), text);
    if (!one.as_object().contains("code")) {
      EXPECT_FALSE(problem) << text << ": " << problem->code;
      continue;
    }
    ASSERT_TRUE(problem) << text;
    EXPECT_EQ(problem->code, text_member(one, "code")) << text;
    EXPECT_EQ(problem->hard, !one.as_object().contains("hard")) << text;
    for (const auto& [key, value] : one.at("params").as_object()) {
      EXPECT_EQ(problem->params.at(std::string(key)), value.as_string()) << text;
    }
  }
}

TEST(Contact, WritesPhoneNumbersOneWay) {
  const json::value vectors = vector_file("contacts");
  ASSERT_GT(vectors.at("spellings").as_array().size(), 5u);
  for (const json::value& one : vectors.at("spellings").as_array()) {
    const std::string out = text_member(one, "out");
    EXPECT_EQ(canonical_phone(text_member(one, "in")), out);
    EXPECT_EQ(canonical_phone(out), out);
  }
}

TEST(Contact, KnowsTheProvinceOfALandline) {
  const AreaCodes& codes = catalogue().area_codes;
  EXPECT_EQ(codes.province("0571-80000000"), "330000");
  EXPECT_EQ(codes.province("01060000000"), "110000");
  EXPECT_EQ(codes.province("13000000000"), std::nullopt);
  EXPECT_EQ(codes.province("0329-80000000"), std::nullopt);
}

TEST(Contact, WritesAddressesOneWay) {
  EXPECT_EQ(parse_ipv4("106.2.48.1"), 1778528257u);  // as in the ministry's own samples
  EXPECT_EQ(ipv4_to_string(1778528257u), "106.2.48.1");
  EXPECT_EQ(canonical_ip("2001:DB8:0:0::1"), "2001:db8::1");
  EXPECT_FALSE(canonical_ip("2001:db8::1%eth0"));
  EXPECT_FALSE(parse_ipv4("1.2.3.4 "));
  EXPECT_FALSE(parse_ipv4("0x1.2.3.4"));
}

}  // namespace
}  // namespace beian
