#include "base/message.h"

#include <gtest/gtest.h>

namespace beian {
namespace {

TEST(Message, FindsHeadersAndQuery) {
  Request request;
  request.headers.emplace("accept-language", "en");
  request.query["page"] = "2";
  EXPECT_EQ(request.header("accept-language"), "en");
  EXPECT_EQ(request.header("host"), std::nullopt);
  EXPECT_EQ(request.query_or("page", "1"), "2");
  EXPECT_EQ(request.query_or("size", "20"), "20");
}

TEST(Message, FindsCookiesByTheirWholeName) {
  Request request;
  EXPECT_EQ(request.cookie("a"), std::nullopt);
  request.headers.emplace("cookie", " aa=1;a=2 ; b = x=y; empty=; flag; a=3");
  request.headers.emplace("cookie", "late=4");
  EXPECT_EQ(request.cookie("a"), "2");
  EXPECT_EQ(request.cookie("b"), "x=y");
  EXPECT_EQ(request.cookie("empty"), "");
  EXPECT_EQ(request.cookie("flag"), std::nullopt);
  EXPECT_EQ(request.cookie("late"), "4");
  EXPECT_EQ(request.cookie(""), std::nullopt);
}

TEST(Message, BuildsAnswers) {
  Response response = json_response("{}", 201);
  response.with("ETag", "\"1\"").with("Cache-Control", "no-store");
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.body, "{}");
  ASSERT_EQ(response.headers.size(), 3u);
  EXPECT_EQ(response.headers[0].second, "application/json");
  EXPECT_EQ(response.headers[2].first, "Cache-Control");
}

}  // namespace
}  // namespace beian
