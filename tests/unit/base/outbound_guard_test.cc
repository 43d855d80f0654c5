#include "base/outbound_guard.h"

#include <gtest/gtest.h>

#include "support/answers.h"

namespace beian {
namespace {

using testing::Answers;
using testing::http_answer;

std::string redirect_to(const std::string& to) {
  return http_answer(302, "Location: " + to + "\r\n", "");
}

// Nothing may arrive here unless a test's own line leads to it.
TEST(OutboundGuard, ReachesNoMachineInside) {
  const Answers inside([](const std::string&) { return http_answer(200, "", "secret"); });
  const OutboundGuard guard;
  const std::string port = std::to_string(inside.port());
  for (const char* url :
       {"http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/", "http://[64:ff9b::7f00:1]/", "http://[fe80::1]/",
        "http://[fd00:ec2::254]/", "http://169.254.169.254/latest/meta-data/", "http://2130706433/",
        "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://0/",
        "http://100.100.100.200/", "https://10.0.0.1/", "http://192.168.0.1/"})
    EXPECT_EQ(guard.get(url, {}, true).error, "private_address") << url;
  for (const std::string& url :
       {"http://127.0.0.1:" + port + "/", std::string("http://8.8.8.8:22/"),
        std::string("https://8.8.8.8:8443/")})
    EXPECT_EQ(guard.get(url, {}, true).error, "port") << url;
  for (const char* url : {"file:///etc/passwd", "ftp://8.8.8.8/", "gopher://8.8.8.8/", "nonsense",
                          "http://user:word@8.8.8.8/", "http://", ""})
    EXPECT_EQ(guard.get(url, {}, true).error, "url") << url;
  EXPECT_EQ(guard.ask_whois("127.0.0.1", "example.cn", {}).error, "private_address");
  EXPECT_EQ(guard.ask_whois("localhost", "example.cn", {}).error, "private_address");
  EXPECT_TRUE(inside.asked().empty());
}

TEST(OutboundGuard, LooksAtEachRedirectAnew) {
  const Answers inside([](const std::string&) { return http_answer(200, "", "secret"); });
  std::string to;
  const Answers site([&](const std::string& line) {
    return line.starts_with("GET /here") ? http_answer(200, "", "arrived") : redirect_to(to);
  });
  const OutboundGuard guard({site.leads("a.example"), site.leads("b.example")});
  const auto after = [&](const std::string& place) {
    to = place;
    return guard.get("http://a.example/", {}, true);
  };
  EXPECT_EQ(after("http://b.example/here").body, "arrived");
  EXPECT_EQ(after("/here").url, "http://a.example/here");
  EXPECT_EQ(after("http://127.0.0.1/").error, "private_address");
  EXPECT_EQ(after("http://localhost/").error, "private_address");
  EXPECT_EQ(after("http://169.254.169.254/latest/").error, "private_address");
  EXPECT_EQ(after("http://127.0.0.1:" + std::to_string(inside.port()) + "/").error, "port");
  EXPECT_EQ(after("file:///etc/passwd").error, "url");
  EXPECT_EQ(after("http://a.example/again").error, "redirects");
  EXPECT_TRUE(inside.asked().empty());
}

TEST(OutboundGuard, BoundsWhatItTakes) {
  const Answers site([](const std::string& line) {
    if (line.starts_with("GET /long")) return http_answer(200, "", std::string(300'000, 'a'));
    if (line.starts_with("GET /none")) return std::string();
    return http_answer(404, "Content-Type: text/plain\r\n", "no");
  });
  const OutboundGuard guard({site.leads("a.example")});
  const Fetched cut = guard.get("http://a.example/long", {}, true);
  EXPECT_TRUE(cut.cut);
  EXPECT_EQ(cut.body.size(), GuardLimits{}.body_bytes);
  EXPECT_EQ(guard.get("http://a.example/long", {}, false).error, "too_large");
  EXPECT_EQ(guard.get("http://a.example/none", {}, false).error, "connect");
  const Fetched missing = guard.get("http://a.example/x", {}, false);
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.type, "text/plain");
  EXPECT_EQ(missing.address, "127.0.0.1");
}

TEST(OutboundGuard, AsksOneLineOfWhois) {
  const Answers registry([](const std::string& line) {
    if (line == "long.cn") return std::string(300'000, 'a');
    return "Domain Name: " + line + "\n";
  });
  const OutboundGuard guard({registry.leads("whois.example")});
  EXPECT_EQ(guard.ask_whois("whois.example", "a.cn", {}).body, "Domain Name: a.cn\n");
  EXPECT_EQ(guard.ask_whois("whois.example", "long.cn", {}).error, "too_large");
  EXPECT_EQ(guard.ask_whois("whois.example", "a.cn\r\nb.cn", {}).error, "url");
  EXPECT_EQ(registry.asked(), (std::vector<std::string>{"a.cn", "long.cn"}));
}

TEST(OutboundGuard, InDemoModeReachesOnlyWhatATestNames) {
  const Answers site([](const std::string&) { return http_answer(200, "", "hello"); });
  const OutboundGuard guard({site.leads("a.example")}, true);
  EXPECT_EQ(guard.get("http://a.example/", {}, true).body, "hello");
  EXPECT_EQ(guard.get("http://8.8.8.8/", {}, true).error, "name");
  EXPECT_EQ(guard.ask_whois("whois.cnnic.cn", "a.cn", {}).error, "name");
}

}  // namespace
}  // namespace beian
