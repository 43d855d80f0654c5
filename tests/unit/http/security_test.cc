#include "http/security.h"

#include <gtest/gtest.h>

#include <map>

namespace beian {
namespace {

std::map<std::string, std::string> headers_for(std::string_view url) {
  std::map<std::string, std::string> headers;
  for (const auto& [name, value] : security_headers(url)) headers[name] = value;
  return headers;
}

TEST(SecurityHeaders, LetNothingInlineRunAndNobodyFrame) {
  const auto headers = headers_for("https://beian.example.cn");
  const std::string& policy = headers.at("Content-Security-Policy");
  EXPECT_TRUE(policy.starts_with("default-src 'none'"));
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(policy.find("data:"), std::string::npos);
  for (const char* part : {"script-src 'self';", "style-src 'self';", "frame-ancestors 'none'",
                           "base-uri 'none'", "object-src 'none'"}) {
    EXPECT_NE(policy.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(headers.at("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(headers.at("Referrer-Policy"), "same-origin");
  EXPECT_EQ(headers.at("Cross-Origin-Opener-Policy"), "same-origin");
  EXPECT_EQ(headers.at("Strict-Transport-Security"), "max-age=31536000; includeSubDomains");
  EXPECT_EQ(headers_for("http://127.0.0.1:8080").count("Strict-Transport-Security"), 0u);
}

TEST(Origin, IsSchemeHostAndPort) {
  EXPECT_EQ(origin_of("https://Example.cn/a?b#c"), "https://example.cn");
  EXPECT_EQ(origin_of("https://example.cn:443"), "https://example.cn");
  EXPECT_EQ(origin_of("http://example.cn:80/"), "http://example.cn");
  EXPECT_EQ(origin_of("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
  EXPECT_EQ(origin_of("http://[::1]:8080/"), "http://[::1]:8080");
  for (const char* none : {"", "null", "example.cn", "https://", "ftp://example.cn",
                           "https://a@example.cn", "file:///etc"}) {
    EXPECT_EQ(origin_of(none), "") << none;
  }
}

TEST(SessionCookie, IsBoundToTheSiteAndHiddenFromScripts) {
  EXPECT_EQ(session_cookie("https://example.cn", "t", 3600),
            "__Host-session=t; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure");
  EXPECT_EQ(session_cookie("http://127.0.0.1:8080", "t", 60),
            "session=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
  EXPECT_EQ(ended_session_cookie("http://127.0.0.1:8080"),
            "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
}

TEST(UntrustedContent, CannotAct) {
  const Response response = untrusted_content("<script>", "image/jpeg");
  std::map<std::string, std::string> headers(response.headers.begin(), response.headers.end());
  EXPECT_NE(headers.at("Content-Security-Policy").find("sandbox"), std::string::npos);
  EXPECT_EQ(headers.at("Cache-Control"), "no-store");
  EXPECT_EQ(headers.at("Content-Type"), "image/jpeg");
}

}  // namespace
}  // namespace beian
