#include "base/json.h"

#include <gtest/gtest.h>

#include "base/refusal.h"
#include "support/files.h"
#include "support/temp_dir.h"

namespace beian {
namespace {

// What the edge would show: code, reason, and of the first problem its field and code.
std::string refusal_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Refusal& refusal) {
    std::string text = std::string(to_string(refusal.code())) + " " + refusal.reason();
    for (const Problem& problem : refusal.problems()) {
      text += " " + problem.field + ":" + problem.code;
    }
    return text;
  }
  return "no refusal";
}

TEST(Json, ParsesNestedUtf8) {
  const json::value value = parse_json(R"({"a":[1,true,null,"备案"]})");
  EXPECT_EQ(value.at("a").at(3).as_string(), "备案");
}

TEST(Json, NamesLineAndColumnOfTheFault) {
  try {
    parse_json("{\n  \"a\": 1,\n  \"b\": x\n}");
    FAIL() << "accepted";
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code(), RefusalCode::bad_request);
    EXPECT_EQ(refusal.reason(), "json_invalid");
    EXPECT_EQ(refusal.params().at("line"), "3");
    EXPECT_EQ(refusal.params().at("column"), "8");
  }
}

TEST(Json, RefusesWhatIsNotOneWholeDocument) {
  for (const char* text : {"", " ", "{", "[1,]", "{\"a\":1}x", "{} {}", "nul", "'a'", "{a:1}",
                           "[1] // note", "\"\\ud800\"", "01", "NaN"}) {
    EXPECT_EQ(refusal_of([&] { parse_json(text); }), "bad_request json_invalid") << text;
  }
}

TEST(Json, RefusesBrokenUtf8) {
  for (const std::string text : {"\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xe4\xb8\""}) {
    EXPECT_EQ(refusal_of([&] { parse_json(text); }), "bad_request json_invalid");
  }
}

TEST(Json, StopsAt32Levels) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_NO_THROW(parse_json(nested(32)));
  EXPECT_EQ(refusal_of([&] { parse_json(nested(33)); }), "bad_request json_invalid");
  EXPECT_EQ(refusal_of([&] { parse_json(std::string(100'000, '[')); }), "bad_request json_invalid");
}

TEST(Json, RefusesTooLargeBeforeReading) {
  EXPECT_EQ(refusal_of([] { parse_json("\"12345\"", 6); }), "too_large too_large");
  EXPECT_NO_THROW(parse_json("\"1234\"", 6));
}

TEST(Json, ReadsMembers) {
  const json::value value = parse_json(R"({"s":"x","i":-5,"b":false,"id":"123","null":null})");
  const json::object& object = as_object(value);
  EXPECT_EQ(get_string(object, "s"), "x");
  EXPECT_EQ(get_int(object, "i"), -5);
  EXPECT_FALSE(get_bool(object, "b"));
  EXPECT_EQ(get_id(object, "id"), 123);
  EXPECT_EQ(opt_string(object, "s"), "x");
  EXPECT_EQ(opt_int(object, "i"), -5);
  EXPECT_EQ(opt_bool(object, "b"), false);
  EXPECT_EQ(opt_id(object, "id"), 123);
  EXPECT_EQ(opt_string(object, "null"), std::nullopt);
  EXPECT_EQ(opt_int(object, "absent"), std::nullopt);
  EXPECT_EQ(opt_bool(object, "absent"), std::nullopt);
  EXPECT_EQ(opt_id(object, "null"), std::nullopt);
}

TEST(Json, NamesTheFaultyMember) {
  const json::value value =
      parse_json(R"({"s":"x","i":1.5,"big":9223372036854775808,"id":123,"nul":"a\u0000b"})");
  const json::object& object = as_object(value);
  const auto expect = [&](const std::string& problem, const std::function<void()>& work) {
    EXPECT_EQ(refusal_of(work), "invalid request_invalid " + problem);
  };
  expect("absent:member_missing", [&] { get_string(object, "absent"); });
  expect("absent:member_missing", [&] { get_id(object, "absent"); });
  expect("i:member_type", [&] { get_string(object, "i"); });
  expect("i:member_type", [&] { get_int(object, "i"); });
  expect("big:member_type", [&] { get_int(object, "big"); });
  expect("s:member_type", [&] { opt_bool(object, "s"); });
  expect("id:member_type", [&] { get_id(object, "id"); });
  expect("s:member_type", [&] { opt_id(object, "s"); });
  expect("s:member_too_long", [&] { get_string(object, "s", 0); });
  expect("nul:member_characters", [&] { opt_string(object, "nul"); });
  expect(":member_type", [&] { as_object(value.at("s")); });
}

TEST(Json, FileFaultNamesPathAndPlace) {
  const testing::TempDir folder;
  testing::write_file(folder.path("good.json"), "{\"a\":1}");
  EXPECT_EQ(read_json_file(folder.path("good.json")).at("a").as_int64(), 1);
  testing::write_file(folder.path("bad.json"), "{\n\"a\":}");
  try {
    read_json_file(folder.path("bad.json"));
    FAIL() << "accepted";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("bad.json:2:5"), std::string::npos) << error.what();
  }
  EXPECT_THROW(read_json_file(folder.path("absent.json")), std::runtime_error);
}

}  // namespace
}  // namespace beian
