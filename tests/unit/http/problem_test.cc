#include "http/problem.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "base/json.h"
#include "base/log.h"
#include "base/shown_problem.h"
#include "db/db.h"

namespace beian {
namespace {

class ProblemTest : public ::testing::Test {
 protected:
  static json::object document(const Response& response) {
    return json::parse(response.body).as_object();
  }
  static std::string text(const json::value& value) { return std::string(value.as_string()); }
  static std::string header(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return "";
  }

  Texts texts = Texts::load(BEIAN_ROOT "/data");
  Problems problems{texts};
};

TEST_F(ProblemTest, SaysInBothLanguagesWhatIsWrongAndWhatToDo) {
  Problem problem;
  problem.field = "sites.s1.domain";
  problem.code = "member_too_long";
  problem.params = {{"max_bytes", "255"}};
  problem.rule = "r1";
  problem.source = "33号令第七条";
  const Refusal refusal(RefusalCode::invalid, "request_invalid", {problem});
  for (const std::string_view locale : {k_locale_zh, k_locale_en}) {
    const Response response = problems.render(refusal, locale, "r-7");
    EXPECT_EQ(response.status, 422);
    EXPECT_EQ(header(response, "Content-Type"), "application/problem+json");
    EXPECT_EQ(header(response, "Content-Language"), locale);
    const json::object body = document(response);
    EXPECT_EQ(body.at("status").as_int64(), 422);
    EXPECT_EQ(text(body.at("code")), "invalid");
    EXPECT_EQ(text(body.at("reason")), "request_invalid");
    EXPECT_EQ(text(body.at("title")), texts.render(locale, "problems", "request_invalid.message"));
    EXPECT_EQ(text(body.at("request_id")), "r-7");
    const json::object shown = body.at("problems").at(0).as_object();
    EXPECT_EQ(text(shown.at("field")), "sites.s1.domain");
    EXPECT_EQ(text(shown.at("code")), "member_too_long");
    EXPECT_EQ(text(shown.at("params").at("max_bytes")), "255");
    EXPECT_NE(shown.at("message").as_string().find("255"), json::string::npos);
    EXPECT_FALSE(shown.at("fix").as_string().empty());
    EXPECT_EQ(text(shown.at("rule")), "r1");
    EXPECT_EQ(text(shown.at("source")), "33号令第七条");
    EXPECT_TRUE(shown.at("hard").as_bool());
  }
  EXPECT_EQ(problems.render(refusal, k_locale_en, "").body.find("内容"), std::string::npos);
}

TEST_F(ProblemTest, EveryCodeHasItsStatus) {
  const std::map<RefusalCode, int> expected{
      {RefusalCode::bad_request, 400}, {RefusalCode::unauthenticated, 401},
      {RefusalCode::forbidden, 403},   {RefusalCode::not_found, 404},
      {RefusalCode::conflict, 409},    {RefusalCode::stale, 409},
      {RefusalCode::invalid, 422},     {RefusalCode::too_large, 413},
      {RefusalCode::too_many, 429},    {RefusalCode::unavailable, 503}};
  for (const auto& [code, status] : expected) {
    const json::object body = document(problems.render(Refusal(code, "busy"), "en", ""));
    EXPECT_EQ(body.at("status").as_int64(), status);
    EXPECT_EQ(text(body.at("code")), to_string(code));
  }
}

TEST_F(ProblemTest, TellsWhenToComeBack) {
  const Refusal refusal(RefusalCode::too_many, "rate_limited", {}, {{"retry_after", "17"}});
  const Response response = problems.render(refusal, k_locale_en, "");
  EXPECT_EQ(header(response, "Retry-After"), "17");
  EXPECT_EQ(text(document(response).at("detail")), "Wait 17 seconds and try again.");
}

TEST_F(ProblemTest, EveryStatusOfTheServerHasWords) {
  for (const int status : {400, 404, 405, 408, 413, 415, 417, 431, 500, 501, 503, 505, 507}) {
    const std::string reason = "http_" + std::to_string(status);
    for (const std::string_view locale : {k_locale_zh, k_locale_en}) {
      EXPECT_TRUE(texts.has(locale, "problems", reason + ".message")) << status;
      EXPECT_TRUE(texts.has(locale, "problems", reason + ".fix")) << status;
    }
    EXPECT_EQ(text(document(problems.render_status(status, "en", "")).at("reason")), reason);
  }
}

TEST_F(ProblemTest, HidesWhatWasNotForecast) {
  set_log_level("error");
  const auto fail = []() -> Response { throw std::runtime_error("password=hunter2"); };
  const Response response = problems.guard(fail, k_locale_en, "r-8");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(text(document(response).at("code")), "internal");
  EXPECT_EQ(response.body.find("hunter2"), std::string::npos);
  EXPECT_NE(response.body.find("r-8"), std::string::npos);
  EXPECT_EQ(problems.guard([]() -> Response { throw 7; }, k_locale_en, "").status, 500);
}

TEST_F(ProblemTest, SaysThatTheDatabaseCannot) {
  set_log_level("error");
  const std::map<DbError::Kind, int> expected{
      {DbError::Kind::full, 507},   {DbError::Kind::busy, 503},        {DbError::Kind::lost, 503},
      {DbError::Kind::unique, 500}, {DbError::Kind::foreign_key, 500}, {DbError::Kind::other, 500}};
  for (const auto& [kind, status] : expected) {
    const auto fail = [kind = kind]() -> Response { throw DbError(kind, "redacted"); };
    const Response response = problems.guard(fail, k_locale_en, "");
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(text(document(response).at("code")), status == 500 ? "internal" : "unavailable");
  }
}

TEST_F(ProblemTest, ShowsAFindingWithoutRefusing) {
  Problem problem;
  problem.code = "member_missing";
  problem.hard = false;
  const json::object shown = shown_problem(problem, texts, k_locale_en);
  EXPECT_EQ(text(shown.at("message")), "This item is missing.");
  EXPECT_FALSE(shown.at("hard").as_bool());
}

}  // namespace
}  // namespace beian
