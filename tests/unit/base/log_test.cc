#include "base/log.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"

namespace beian {
namespace {

std::vector<std::string> lines_of(const std::function<void()>& work) {
  ::testing::internal::CaptureStderr();
  work();
  std::vector<std::string> lines = split(::testing::internal::GetCapturedStderr(), '\n');
  EXPECT_EQ(lines.back(), "") << "the last line has no end";
  lines.pop_back();
  return lines;
}

TEST(Log, WritesOneJsonObjectALine) {
  const auto lines = lines_of([] {
    log_info("started", {{"port", "8080"}});
    log_warn("slow");
  });
  ASSERT_EQ(lines.size(), 2u);
  const json::value first = parse_json(lines[0]);
  EXPECT_EQ(first.at("event").as_string(), "started");
  EXPECT_EQ(first.at("port").as_string(), "8080");
  EXPECT_EQ(first.at("level").as_string(), "info");
  const std::string time(first.at("time").as_string());
  EXPECT_EQ(time.size(), 24u) << time;
  EXPECT_EQ(time.back(), 'Z');
  EXPECT_EQ(parse_json(lines[1]).at("level").as_string(), "warning");
}

TEST(Log, HostileTextStaysInsideItsField) {
  const std::string hostile =
      "a\"}\n{\"event\":\"forged\"}\r\x1b[31m\\ \x7f \u009b \u2028 备案 %v {} \xff";
  const auto lines = lines_of([&] { log_error("input", {{"text", hostile}}); });
  ASSERT_EQ(lines.size(), 1u);
  for (const char c : lines[0]) {
    EXPECT_GE(static_cast<unsigned char>(c), 0x20);
    EXPECT_NE(c, 0x7f);
  }
  EXPECT_EQ(lines[0].find("\u009b"), std::string::npos);
  const json::value value = parse_json(lines[0]);
  EXPECT_EQ(value.at("event").as_string(), "input");
  const std::string expected = hostile.substr(0, hostile.size() - 1) + "\uFFFD";
  EXPECT_EQ(std::string(value.at("text").as_string()), expected);
}

TEST(Log, KeepsSilentBelowItsLevel) {
  EXPECT_TRUE(lines_of([] { log_debug("detail"); }).empty());
  set_log_level("debug");
  EXPECT_EQ(lines_of([] { log_debug("detail"); }).size(), 1u);
  set_log_level("error");
  EXPECT_TRUE(lines_of([] { log_warn("x"); }).empty());
  set_log_level("info");
  EXPECT_THROW(set_log_level("loud"), std::runtime_error);
}

}  // namespace
}  // namespace beian
