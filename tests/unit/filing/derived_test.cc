// The vectors that the pages run as well.
#include "filing/derived.h"

#include <gtest/gtest.h>

#include "unit/filing/data_files.h"

namespace beian {
namespace {

TEST(Derived, TellsWhatFollows) {
  const json::value document = read_json_file(BEIAN_ROOT "/tests/vectors/derived.json");
  for (const json::value& one : document.at("cases").as_array()) {
    const json::value* known = one.as_object().if_contains("known");
    EXPECT_EQ(json::value(derive_facts(one.at("content").as_object(),
                                       known ? known->as_object() : json::object())),
              one.at("expect"))
        << one.at("name");
  }
}

TEST(Derived, TakesAnyContent) {
  for (const char* text :
       {R"({"sites":7})", R"({"sites":[1,{"key":2}],"record":[],"organiser":[]})",
        R"({"organiser":{"name":[1]},"sites":[{"key":"s1","domain_holder":{}}]})"})
    EXPECT_NO_THROW(derive_facts(json::parse(text).as_object(), {{"sites", "x"}})) << text;
}

}  // namespace
}  // namespace beian
