#include "bureau/messages_json.h"

#include <gtest/gtest.h>

#include "unit/bureau/sample.h"

namespace beian::bureau {
namespace {

namespace json = boost::json;

std::string why(const std::string& text) {
  try {
    upload_from_json(json::parse(text));
  } catch (const std::invalid_argument& fault) {
    return fault.what();
  }
  return "";
}

TEST(MessagesJson, ReadsAsAPersonWouldWriteIt) {
  const auto object = to_json(sample::upload(sample::filing()));
  const auto& filing = object.at("new_filings").at(0);
  EXPECT_EQ(filing.at("organiser").at("name"), "示例有限公司");
  EXPECT_EQ(filing.at("organiser").at("certificate").at("type"), 1);
  EXPECT_EQ(filing.at("websites").at(0).at("accesses").at(0).at("ips").at(0).at("first"),
            "106.2.48.1");
  EXPECT_FALSE(filing.at("organiser").as_object().contains("remark"));
}

TEST(MessagesJson, MistakesAreNamedByTheirPath) {
  EXPECT_EQ(why("[]"), "message: must be an object");
  EXPECT_EQ(why(R"({"unit": "x"})"), "unit: must be a number");
  EXPECT_EQ(why(R"({"cancellations": [{"scop": 1}]})"),
            "cancellations[0].scop: no message has this member here");
  EXPECT_EQ(why(R"({"unfiled_answers": [{"ip": "1.2.3.256"}]})"),
            "unfiled_answers[0].ip: must be an IPv4 address");
  EXPECT_EQ(why(R"({"unfiled_answers": [{"ip": "1.2.3"}]})"),
            "unfiled_answers[0].ip: must be an IPv4 address");
  EXPECT_EQ(why(R"({"materials": [{"bytes": "%"}]})"), "materials[0].bytes: must be base64");
  EXPECT_NE(why(R"({"others": [{"name": "X", "xml": "<a"}]})"), "");
}

}  // namespace
}  // namespace beian::bureau
