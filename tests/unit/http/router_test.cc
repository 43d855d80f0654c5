// Who may call what, and what is checked before a handler runs.
#include "http/router.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <stdexcept>

#include "base/log.h"
#include "base/refusal.h"

namespace beian {
namespace {

const Texts& texts() {
  static const Texts loaded = Texts::load(BEIAN_ROOT "/data");
  return loaded;
}

std::string reason(const Response& response) {
  return std::string(boost::json::parse(response.body).at("reason").as_string());
}

std::string header(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

constexpr std::array k_roles{Role::applicant,  Role::first_reviewer, Role::photo_reviewer,
                             Role::dispatcher, Role::senior,         Role::administrator};

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    options.public_url = "https://beian.example.cn";
    options.rates = {};
    options.identify = [](const Request& request) -> std::optional<Identity> {
      const auto cookie = request.cookie("session");
      const auto role = role_from_string(cookie.value_or(""));
      if (!role) return std::nullopt;
      return Identity{7, *role, 70, "token-of-" + *cookie};
    };
    options.pages = [](const Request& request) {
      Response response;
      response.body = "page " + request.path;
      return response;
    };
  }

  Response ask(std::string method, std::string path,
               std::multimap<std::string, std::string> headers = {}) {
    if (!router) router.emplace(routes, options, problems);
    Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.headers = std::move(headers);
    request.remote_ip = "203.0.113.5";
    return router->handle(request);
  }

  static std::multimap<std::string, std::string> as(std::string_view role) {
    return {{"cookie", "session=" + std::string(role)},
            {"x-csrf-token", "token-of-" + std::string(role)},
            {"content-type", "application/json"}};
  }

  static RouteHandler echo(std::string name) {
    return [name = std::move(name)](Context& c) {
      Response response;
      response.body = name;
      for (const auto& [key, value] : c.params) response.body += " " + key + "=" + value;
      return response;
    };
  }

  Problems problems{texts()};
  Routes routes;
  RouterOptions options;
  std::optional<Router> router;
};

TEST_F(RouterTest, FindsTheRouteAndItsParameters) {
  routes.get("/api/v1/filings", Access::anyone(), echo("list"));
  routes.get("/api/v1/filings/{id}", Access::anyone(), echo("one"));
  routes.get("/api/v1/filings/new", Access::anyone(), echo("new"));
  routes.get("/api/v1/filings/{filing}/sites/{key}", Access::anyone(), echo("site"));
  EXPECT_EQ(ask("GET", "/api/v1/filings").body, "list");
  EXPECT_EQ(ask("GET", "/api/v1/filings/8").body, "one id=8");
  EXPECT_EQ(ask("GET", "/api/v1/filings/new").body, "new");
  EXPECT_EQ(ask("GET", "/api/v1/filings/8/sites/s1").body, "site filing=8 key=s1");
  EXPECT_EQ(ask("GET", "/api/v1/filings/new/sites/备").body, "site filing=new key=备");
  for (const char* path :
       {"/api/", "/api/v1", "/api/v1/filings/", "/api/v1/filings/8/", "/api/v1//filings",
        "/api/v1/filings/8/sites", "/api/v1/filings//sites/s", "/api/V1/filings"}) {
    EXPECT_EQ(ask("GET", path).status, 404) << path;
  }
}

TEST_F(RouterTest, TakesTheParametersOfTheRouteThatFits) {
  routes.get("/api/v1/filings/{id}/sites", Access::anyone(), echo("sites"));
  routes.get("/api/v1/{subject}/{number}/events", Access::anyone(), echo("events"));
  EXPECT_EQ(ask("GET", "/api/v1/filings/8/events").body, "events number=8 subject=filings");
}

TEST_F(RouterTest, SaysWhichMethodsThereAre) {
  routes.get("/api/v1/a", Access::anyone(), echo("get"));
  routes.post("/api/v1/a", Access::anyone(), Body::json(), echo("post"));
  for (const char* method : {"DELETE", "PUT", "OPTIONS", "PATCH"}) {
    const Response response = ask(method, "/api/v1/a");
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(header(response, "Allow"), "GET, HEAD, POST");
  }
}

TEST_F(RouterTest, GivesThePagesWhateverIsNotTheApi) {
  EXPECT_EQ(ask("GET", "/apply/8").body, "page /apply/8");
  EXPECT_EQ(ask("GET", "/apis").body, "page /apis");
  EXPECT_EQ(ask("GET", "/api").body, "page /api");
  EXPECT_EQ(ask("POST", "/apply/8").status, 405);
}

TEST_F(RouterTest, RefusesATableThatContradictsItself) {
  EXPECT_THROW(routes.get("/elsewhere", Access::anyone(), echo("")), std::logic_error);
  EXPECT_THROW(routes.get("/api/v1/a{id}", Access::anyone(), echo("")), std::logic_error);
  EXPECT_THROW(routes.get("/api/v1//a", Access::anyone(), echo("")), std::logic_error);
  routes.get("/api/v1/{a}", Access::anyone(), echo(""));
  routes.get("/api/v1/{b}", Access::account(), echo(""));
  EXPECT_THROW(Router(routes, options, problems), std::logic_error);
}

// Every cell of role × access; "" is nobody.
TEST_F(RouterTest, LetsInExactlyWhoIsDeclared) {
  routes.post("/api/v1/anyone", Access::anyone(), Body::json(), echo(""));
  routes.post("/api/v1/account", Access::account(), Body::json(), echo(""));
  routes.post("/api/v1/staff", Access::staff(), Body::json(), echo(""));
  routes.post("/api/v1/two", Access::staff({Role::senior, Role::administrator}), Body::json(),
              echo(""));
  routes.post("/api/v1/ticket", Access::ticket(), Body::json(), echo(""));
  EXPECT_EQ(ask("POST", "/api/v1/anyone", as("")).status, 200);
  EXPECT_EQ(ask("POST", "/api/v1/ticket", as("")).status, 200);
  EXPECT_EQ(ask("POST", "/api/v1/account", as("")).status, 401);
  EXPECT_EQ(ask("POST", "/api/v1/staff", as("")).status, 401);
  EXPECT_EQ(ask("POST", "/api/v1/two", as("")).status, 401);
  for (const Role role : k_roles) {
    const auto headers = as(to_string(role));
    const bool is_one_of_two = role == Role::senior || role == Role::administrator;
    SCOPED_TRACE(to_string(role));
    EXPECT_EQ(ask("POST", "/api/v1/anyone", headers).status, 200);
    EXPECT_EQ(ask("POST", "/api/v1/ticket", headers).status, 200);
    EXPECT_EQ(ask("POST", "/api/v1/account", headers).status, 200);
    EXPECT_EQ(ask("POST", "/api/v1/staff", headers).status, role == Role::applicant ? 403 : 200);
    EXPECT_EQ(ask("POST", "/api/v1/two", headers).status, is_one_of_two ? 200 : 403);
  }
}

TEST_F(RouterTest, DemoRoutesExistOnlyInDemoMode) {
  routes.get("/api/v1/demo/inbox", Access::demo(), echo("inbox"));
  EXPECT_EQ(ask("GET", "/api/v1/demo/inbox").status, 404);
  router.reset();
  options.demo = true;
  EXPECT_EQ(ask("GET", "/api/v1/demo/inbox").body, "inbox");
}

TEST_F(RouterTest, NoSessionCountsWhereATicketDoes) {
  routes.post("/api/v1/tickets/{token}", Access::ticket(), Body::none(), [](Context& c) {
    EXPECT_FALSE(c.identity.has_value());
    return json_response("{}");
  });
  EXPECT_EQ(ask("POST", "/api/v1/tickets/x", {{"cookie", "session=senior"}}).status, 200);
}

class Csrf : public RouterTest {
 protected:
  Csrf() {
    const auto count = [this](Context&) {
      ++calls;
      return json_response("{}");
    };
    routes.get("/api/v1/a", Access::account(), count);
    routes.post("/api/v1/a", Access::account(), Body::json(), count);
    routes.put("/api/v1/a", Access::account(), Body::json(), count);
    routes.patch("/api/v1/a", Access::account(), Body::json(), count);
    routes.del("/api/v1/a", Access::account(), count);
    routes.post("/api/v1/open", Access::anyone(), Body::json(), count);
    routes.post("/api/v1/file", Access::account(), Body::multipart(1000), count);
  }
  // Asks every state-changing route and expects that none of them runs.
  void expect_all_refused(std::multimap<std::string, std::string> headers, std::string_view why) {
    for (const Route& route : routes.all()) {
      if (route.method == "GET") continue;
      const Response response = ask(route.method, route.pattern, headers);
      EXPECT_EQ(response.status, 403) << route.method << " " << route.pattern;
      EXPECT_EQ(reason(response), why);
    }
    EXPECT_EQ(calls, 0);
  }
  int calls = 0;
};

TEST_F(Csrf, RefusesCallsWithoutTheToken) {
  auto headers = as("applicant");
  headers.erase("x-csrf-token");
  expect_all_refused(headers, "csrf_token");
}

TEST_F(Csrf, RefusesTheTokenOfAnotherSession) {
  auto headers = as("applicant");
  headers.find("x-csrf-token")->second = "token-of-senior";
  expect_all_refused(headers, "csrf_token");
}

TEST_F(Csrf, RefusesAnEmptyTokenEvenOfASessionWithoutOne) {
  options.identify = [](const Request&) { return Identity{7, Role::applicant, 70, ""}; };
  auto headers = as("applicant");
  headers.find("x-csrf-token")->second = "";
  expect_all_refused(headers, "csrf_token");
}

TEST_F(Csrf, RefusesForeignOrigins) {
  for (const char* origin : {"https://evil.example", "null", "http://beian.example.cn",
                             "https://beian.example.cn.evil.example",
                             "https://beian.example.cn:444", "https://a@beian.example.cn", ""}) {
    auto headers = as("applicant");
    headers.emplace("origin", origin);
    SCOPED_TRACE(origin);
    expect_all_refused(headers, "foreign_origin");
  }
  auto headers = as("applicant");
  headers.emplace("sec-fetch-site", "cross-site");
  expect_all_refused(headers, "foreign_origin");
}

TEST_F(Csrf, RefusesFormsThatAnyPageCanSend) {
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "text/plain; a=b"}) {
    auto headers = as("applicant");
    headers.find("content-type")->second = type;
    for (const Route& route : routes.all()) {
      if (route.method == "GET") continue;
      EXPECT_EQ(ask(route.method, route.pattern, headers).status, 415) << route.method << type;
    }
  }
  EXPECT_EQ(calls, 0);
}

TEST_F(Csrf, LetsOwnPagesThrough) {
  auto headers = as("applicant");
  headers.emplace("origin", "https://BEIAN.example.cn:443");
  headers.emplace("sec-fetch-site", "same-origin");
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE", "GET"}) {
    EXPECT_EQ(ask(method, "/api/v1/a", headers).status, 200) << method;
  }
  headers.find("content-type")->second = "application/json; charset=utf-8";
  EXPECT_EQ(ask("POST", "/api/v1/a", headers).status, 200);
  headers.find("content-type")->second = "multipart/form-data; boundary=x";
  EXPECT_EQ(ask("POST", "/api/v1/file", headers).status, 200);
  EXPECT_EQ(ask("POST", "/api/v1/a", headers).status, 415);
  EXPECT_EQ(calls, 7);
}

TEST_F(RouterTest, HandsTheHandlerWhatItNeeds) {
  routes.get("/api/v1/filings/{id}", Access::account(), [](Context& c) {
    EXPECT_EQ(c.me().account, 7);
    EXPECT_EQ(c.me().session, 70);
    EXPECT_EQ(c.id("id"), 8);
    EXPECT_EQ(c.route, "/api/v1/filings/{id}");
    EXPECT_EQ(c.request_id, "r1");
    return json_response(std::string(c.locale));
  });
  const auto ask_in = [&](const std::string& languages) {
    auto headers = as("applicant");
    headers.emplace("accept-language", languages);
    headers.emplace("x-request-id", "r1");
    return ask("GET", "/api/v1/filings/8", headers).body;
  };
  EXPECT_EQ(ask_in("fr, en;q=0.8, zh;q=0.5"), "en");
  EXPECT_EQ(ask_in("en-GB"), "en");
  EXPECT_EQ(ask_in("zh-TW,en;q=0.9"), "zh-CN");
  EXPECT_EQ(ask_in("fr"), "zh-CN");
  EXPECT_EQ(ask_in(""), "zh-CN");
  EXPECT_EQ(ask("GET", "/api/v1/filings/x8", as("applicant")).status, 404);
}

TEST_F(RouterTest, TurnsRefusalsIntoProblems) {
  routes.get("/api/v1/a", Access::anyone(),
             [](Context&) -> Response { throw Refusal(RefusalCode::conflict, "not_found"); });
  routes.get("/api/v1/b", Access::anyone(),
             [](Context&) -> Response { throw std::runtime_error("secret detail"); });
  EXPECT_EQ(ask("GET", "/api/v1/a").status, 409);
  set_log_level("error");
  const Response response = ask("GET", "/api/v1/b", {{"x-request-id", "r9"}});
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
  EXPECT_NE(response.body.find("r9"), std::string::npos);
}

TEST_F(RouterTest, SlowsDownWhoeverAsksTooOften) {
  options.rates[static_cast<std::size_t>(Pace::secret)] = {0.001, 3};
  routes.post("/api/v1/login", Access::anyone(), Body::json(), echo("in"), Pace::secret);
  routes.get("/api/v1/a", Access::anyone(), echo("a"));
  const auto headers = as("");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask("POST", "/api/v1/login", headers).status, 200);
  const Response response = ask("POST", "/api/v1/login", headers);
  EXPECT_EQ(response.status, 429);
  EXPECT_GT(std::stoi(header(response, "Retry-After")), 900);
  EXPECT_EQ(ask("GET", "/api/v1/a").status, 200);
}

TEST_F(RouterTest, TellsTheServerPatternAndLimit) {
  routes.post("/api/v1/filings/{id}/materials", Access::account(), Body::multipart(9000), echo(""));
  ask("GET", "/");
  const RouteInfo info = router->info("POST", "/api/v1/filings/8/materials");
  EXPECT_EQ(info.pattern, "/api/v1/filings/{id}/materials");
  EXPECT_EQ(info.body_limit, 9000u);
  EXPECT_EQ(router->info("GET", "/api/v1/13000000001").pattern, "-");
  EXPECT_EQ(router->info("GET", "/m/secret-ticket").pattern, "pages");
}

TEST_F(RouterTest, DumpsItsTable) {
  routes.post("/api/v1/b", Access::staff({Role::senior, Role::dispatcher}), Body::json(100),
              echo(""), Pace::costly);
  routes.get("/api/v1/a", Access::anyone(), echo(""));
  EXPECT_EQ(routes.dump(),
            "/api/v1/a GET anyone none ordinary\n"
            "/api/v1/b POST staff:dispatcher,senior json:100 costly\n");
}

class TokenTest : public RouterTest {
 protected:
  TokenTest() {
    options.identify_token = [](const std::string& token) -> std::optional<Identity> {
      if (token == "reads")
        return Identity{7, Role::applicant, 0, "", false, {{Scope::filings_read}}};
      if (token == "boss")
        return Identity{8, Role::administrator, 0, "", false, {{Scope::filings_read}}};
      return std::nullopt;
    };
    routes.get("/api/v1/read", Access::account(Scope::filings_read), echo("read"));
    routes.post("/api/v1/read", Access::account(Scope::filings_read), Body::none(), echo("done"));
    routes.post("/api/v1/write", Access::account(Scope::filings_write), Body::none(),
                echo("written"));
    routes.get("/api/v1/person", Access::account(), echo("person"));
    routes.get("/api/v1/desk", Access::staff(), echo("desk"));
    routes.get("/api/v1/open", Access::anyone(), echo("open"));
  }
  Response by(std::string token, std::string method, std::string path) {
    return ask(std::move(method), std::move(path), {{"authorization", "Bearer " + token}});
  }
};

TEST_F(TokenTest, OpensWhatNamesItsScopeWithoutACsrfToken) {
  EXPECT_EQ(by("reads", "GET", "/api/v1/read").body, "read");
  EXPECT_EQ(by("reads", "POST", "/api/v1/read").body, "done");
  EXPECT_EQ(by("reads", "GET", "/api/v1/open").body, "open");
  EXPECT_EQ(reason(by("reads", "POST", "/api/v1/write")), "token_scope_missing");
  EXPECT_EQ(reason(by("reads", "GET", "/api/v1/person")), "token_not_admitted");
  EXPECT_EQ(reason(by("reads", "GET", "/api/v1/desk")), "role_missing");
  EXPECT_EQ(reason(by("boss", "GET", "/api/v1/desk")), "token_not_admitted");
}

TEST_F(TokenTest, StandsAloneBesideACookie) {
  auto headers = as("applicant");
  headers.emplace("authorization", "Bearer nobody's");
  EXPECT_EQ(reason(ask("GET", "/api/v1/read", headers)), "token_unknown");
  EXPECT_EQ(ask("GET", "/api/v1/open", headers).status, 401);
  EXPECT_EQ(ask("GET", "/api/v1/person", as("applicant")).body, "person");
  EXPECT_EQ(ask("GET", "/api/v1/read", {{"authorization", "Basic cmVhZHM="}}).status, 401);
  EXPECT_EQ(ask("GET", "/api/v1/read", {{"authorization", "bearer   reads"}}).body, "read");
}

TEST_F(TokenTest, HandsAPostWithAKeyToWhoeverKeepsAnswers) {
  int done = 0;
  options.once = [&](const Identity& who, const Request&, const std::function<Response()>& work) {
    ++done;
    Response response = work();
    response.body += " once for " + std::to_string(who.account);
    return response;
  };
  const std::multimap<std::string, std::string> keyed{{"authorization", "Bearer reads"},
                                                      {"idempotency-key", "k"}};
  EXPECT_EQ(ask("POST", "/api/v1/read", keyed).body, "done once for 7");
  EXPECT_EQ(ask("GET", "/api/v1/read", keyed).body, "read");
  EXPECT_EQ(by("reads", "POST", "/api/v1/read").body, "done");
  EXPECT_EQ(done, 1);
}

}  // namespace
}  // namespace beian
