#include <gtest/gtest.h>

#include "bureau/gbk.h"
#include "sandbox/china_time.h"
#include "sandbox/identity.h"
#include "unit/sandbox/fixture.h"

namespace beian::sandbox {
namespace {

using bureau::sample::filing;

class Console : public SandboxTest {};

TEST_F(Console, NothingWithoutTheToken) {
  for (const char* path : {"state", "orders", "providers", "settings", "accepted", "registry"}) {
    EXPECT_EQ(console("GET", path, "", "wrong").status, 401) << path;
    EXPECT_EQ(console("GET", path, "", "").status, 401) << path;
  }
  EXPECT_EQ(console("PUT", "settings", "{}", "wrong").status, 401);
  EXPECT_EQ(console("GET", "state").status, 200);
}

TEST_F(Console, TheTokenMayBeKeptInACookie) {
  Request request;
  request.method = "POST";
  request.path = "/console/api/session";
  request.body = R"({"token":"wrong"})";
  EXPECT_EQ(sandbox_->handle(request).status, 401);
  request.body = R"({"token":")" + k_token + "\"}";
  const auto response = sandbox_->handle(request);
  EXPECT_EQ(response.status, 200);
  std::string cookie;
  for (const auto& [name, value] : response.headers) {
    if (name == "Set-Cookie") cookie = value;
  }
  EXPECT_NE(cookie.find("HttpOnly"), std::string::npos);
  EXPECT_NE(cookie.find("SameSite=Strict"), std::string::npos);
  Request state;
  state.method = "GET";
  state.path = "/console/api/state";
  state.headers.emplace("cookie", cookie.substr(0, cookie.find(';')));
  EXPECT_EQ(sandbox_->handle(state).status, 200);
}

TEST_F(Console, AnOrderShowsWhatWasSentWithItsPictures) {
  auto sent = filing();
  sent.websites[0].approvals = {{1, "新闻2026-1", {bureau::sample::jpeg()}}};
  ASSERT_TRUE(send(1, sent).answered(0));
  tick();
  const auto order = first_order();
  const auto shown = read("orders/" + order);
  const auto& organiser = shown.at("filing").at("organiser");
  EXPECT_EQ(organiser.at("name").as_string(), "示例有限公司");
  EXPECT_EQ(organiser.at("nature_name").as_string(), "企业");
  EXPECT_EQ(organiser.at("principal").at("mobile").as_string(), "13000000000");
  const auto& site = shown.at("filing").at("websites").at(0);
  EXPECT_EQ(site.at("accesses").at(0).at("ips").at(0).at("first").as_string(), "106.2.48.1");
  EXPECT_EQ(site.at("services").at(0).at("id").as_int64(), 8);
  EXPECT_EQ(shown.at("filing").at("attachments").as_array().size(), 3u);
  const auto first = console("GET", "orders/" + order + "/attachments/0");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, bureau::sample::jpeg());
  EXPECT_EQ(first.headers.at(0).second, "image/jpeg");
  EXPECT_EQ(console("GET", "orders/" + order + "/attachments/1").headers.at(0).second, "image/png");
  const auto scan = console("GET", "orders/" + order + "/attachments/3");  // of the approval
  EXPECT_EQ(scan.body, bureau::sample::jpeg());
  for (const char* index : {"4", "-1", "x", "99999999999999999999"}) {
    EXPECT_EQ(console("GET", "orders/" + order + "/attachments/" + index).status, 404) << index;
  }
}

TEST_F(Console, TheRegistryIsFoundByNumberNameAndDomain) {
  ASSERT_TRUE(send(1, filing()).answered(0));
  tick();
  pass(first_order());
  for (const char* wanted :
       {"", "浙ICP备2026000001号", "浙ICP备2026000001号-1", "示例有限公司", "Example.cn"}) {
    const auto subjects = read(std::string("registry?q=") + wanted).at("subjects").as_array();
    ASSERT_EQ(subjects.size(), 1u) << wanted;
    const auto one = read("registry/" + std::string(subjects[0].at("id").as_string()));
    EXPECT_EQ(one.at("websites").at(0).at("number").as_string(), "浙ICP备2026000001号-1");
  }
  EXPECT_TRUE(read("registry?q=nothing").at("subjects").as_array().empty());
}

TEST_F(Console, SettingsAreCheckedAndKept) {
  EXPECT_EQ(read("settings").at("automatic").as_string(), "off");
  for (const char* wrong :
       {R"({"automatic":"maybe"})", R"({"automatic_delay_ms":-1})", R"({"unknown":1})",
        R"({"garbage":true})", R"({"upload_hours":"9-17"})", "[]", "{"}) {
    EXPECT_GE(console("PUT", "settings", wrong).status, 400) << wrong;
  }
  set(R"({"automatic":"pass","slow_ms":5})");
  open();
  EXPECT_EQ(read("settings").at("automatic").as_string(), "pass");
  EXPECT_EQ(read("settings").at("slow_ms").as_int64(), 5);
}

TEST_F(Console, ProvidersShowTheirConnectionParameters) {
  const auto providers = read("providers").at("providers").as_array();
  ASSERT_EQ(providers.size(), 1u);
  EXPECT_EQ(providers[0].at("password").as_string(), account_.password);
  EXPECT_EQ(providers[0].at("isp_id").as_string(), std::to_string(k_isp));
}

TEST_F(Console, OrdersComeInPages) {
  for (int i = 1; i <= 51; ++i) {
    auto one = filing(100 * i + 1, "p" + std::to_string(i) + ".example.cn");
    one.attachments.clear();
    one.websites[0].isp_id = 1'000'000 + 100 * i;
    ASSERT_TRUE(send(i, one).answered(0));
  }
  tick();
  const auto first = read("orders?state=");
  EXPECT_EQ(first.at("orders").as_array().size(), 50u);
  const auto rest = read("orders?before=" + std::string(first.at("next").as_string()));
  EXPECT_EQ(rest.at("orders").as_array().size(), 1u);
  EXPECT_TRUE(rest.at("next").is_null());
}

TEST_F(Console, UnknownAddressesAre404) {
  for (const char* path : {"", "nothing", "orders/x", "orders/1/2", "orders/999", "registry/1"}) {
    EXPECT_EQ(console("GET", path).status, 404) << path;
  }
  EXPECT_EQ(console("POST", "orders/999/pass", "{}").status, 404);
  EXPECT_EQ(console("DELETE", "orders/1").status, 404);
}

TEST_F(Console, ThePublicQueryNeedsNoTokenAndShowsNoPerson) {
  ASSERT_TRUE(send(1, filing()).answered(0));
  tick();
  pass(first_order());
  Request request;
  request.method = "POST";
  request.path = "/public/query";
  request.body = R"({"unitName":"example.cn","serviceType":1,"pageNum":1,"pageSize":10})";
  const auto response = sandbox_->handle(request);
  EXPECT_EQ(response.status, 200);
  const auto list = json::parse(response.body).at("params").at("list").as_array();
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].at("serviceLicence").as_string(), "浙ICP备2026000001号-1");
  EXPECT_EQ(list[0].at("mainLicence").as_string(), "浙ICP备2026000001号");
  EXPECT_EQ(list[0].at("natureName").as_string(), "企业");
  EXPECT_EQ(response.body.find("测试甲"), std::string::npos);
  EXPECT_EQ(response.body.find("13000000000"), std::string::npos);
  for (const char* wrong : {"", "[]", R"({"unitName":5})"}) {
    request.body = wrong;
    EXPECT_EQ(sandbox_->handle(request).status, 400) << wrong;
  }
}

TEST_F(Console, ATokenThatCanBeGuessedIsNotTaken) {
  sandbox::Setup setup = read_setup(std::string(BEIAN_ROOT) + "/data");
  EXPECT_THROW(Sandbox(*db_, clock_, setup), std::invalid_argument);
}

TEST(SandboxIdentity, TheExamplesOfTheStandards) {
  EXPECT_TRUE(is_citizen_number("11010519491231002X"));  // GB 11643-1999
  EXPECT_TRUE(is_citizen_number("11010519491231002x"));
  EXPECT_FALSE(is_citizen_number("110105194912310021"));
  EXPECT_FALSE(is_citizen_number("11010519491331002X"));
  EXPECT_TRUE(is_social_credit_code("91350100M000100Y43"));  // GB 32100-2015
  EXPECT_FALSE(is_social_credit_code("91350100M000100Y44"));
  EXPECT_FALSE(is_social_credit_code("91350100M000100Y4"));
  EXPECT_TRUE(is_citizen_number(bureau::sample::citizen_number(5)));
  EXPECT_TRUE(is_social_credit_code(bureau::sample::credit_code(5)));
}

TEST(SandboxTime, IsChinas) {
  EXPECT_EQ(china_date(1798732799999), "2026-12-31");
  EXPECT_EQ(china_date(1798732800000), "2027-01-01");  // 16:00 UTC
  EXPECT_EQ(china_year(1798732800000), 2027);
  EXPECT_EQ(china_stamp(1798732800000), "20270101000000");
  EXPECT_EQ(china_minute_of_day(1798732800000 - 60000), 1439);
}

TEST(SandboxSetup, ProvincesAndDictionariesAreThere) {
  const auto setup = read_setup(std::string(BEIAN_ROOT) + "/data");
  EXPECT_EQ(setup.provinces.size(), 31u);
  EXPECT_EQ(setup.dictionaries.natures.at(4).certificates.count(1), 1u);
  EXPECT_TRUE(setup.dictionaries.natures.at(5).person);
  EXPECT_EQ(setup.dictionaries.person_certificates.count(2), 1u);
  EXPECT_EQ(setup.dictionaries.certificates.at(2).numbers.count("citizen_id"), 1u);
  EXPECT_EQ(setup.dictionaries.results.at(1005).field, ".domain");
  EXPECT_TRUE(setup.dictionaries.results.at(1001).success);
  EXPECT_THROW(read_setup("/nonexistent"), std::runtime_error);
}

TEST(SandboxSetup, TheMinistrysWordsCanBeSent) {
  const auto setup = read_setup(std::string(BEIAN_ROOT) + "/data");
  for (const int code : {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,  11,  12,
                         13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 901, 902, 999}) {
    EXPECT_EQ(setup.dictionaries.messages.count(code), 1u) << code;
  }
  for (const auto& [code, result] : setup.dictionaries.results) {
    EXPECT_TRUE(bureau::to_gbk(result.text).has_value()) << code;
  }
}

}  // namespace
}  // namespace beian::sandbox
