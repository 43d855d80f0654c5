// Server, router, problems and pages put together as the program does it, seen from outside.
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "http/router.h"
#include "http/security.h"
#include "http/server.h"
#include "http/static_files.h"
#include "unit/http/raw_client.h"

namespace beian {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view k_public_url = "https://beian.example.cn";

class EdgeTest : public ::testing::Test {
 protected:
  EdgeTest()
      : texts_(Texts::load(BEIAN_ROOT "/data")),
        problems_(texts_),
        pages_(load_pages()),
        router_(make_routes(), router_options(), problems_),
        server_(server_options(),
                [this](const Request& request) { return router_.handle(request); }) {}

  RawAnswer ask(const std::string& head, const std::string& body = "") {
    return RawClient(server_.port())
        .ask(head + " HTTP/1.1\r\nHost: x\r\nAccept-Language: en\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n\r\n" + body);
  }

 private:
  static StaticFiles load_pages() {
    const fs::path folder = fs::temp_directory_path() / ("edge_test." + std::to_string(getpid()));
    fs::create_directories(folder);
    std::ofstream(folder / "index.html") << "<!doctype html>";
    StaticFiles pages = StaticFiles::load(folder.string());
    fs::remove_all(folder);
    return pages;
  }
  static Routes make_routes() {
    Routes routes;
    routes.post("/api/v1/enquiries", Access::anyone(), Body::json(100),
                [](Context&) { return json_response("{}"); });
    routes.get("/api/v1/account/sessions", Access::account(),
               [](Context&) { return json_response("{}"); });
    return routes;
  }
  RouterOptions router_options() {
    RouterOptions options;
    options.public_url = k_public_url;
    options.pages = [this](const Request& request) { return pages_.serve(request); };
    return options;
  }
  ServerOptions server_options() {
    ServerOptions options;
    options.threads = 2;
    options.common_headers = security_headers(k_public_url);
    options.route = [this](std::string_view method, std::string_view path) {
      return router_.info(method, path);
    };
    options.refuse = [this](int status, const Request& seen) {
      return router_.refuse(status, seen);
    };
    options.on_finished = [](const AccessRecord&) {};
    return options;
  }

  Texts texts_;
  Problems problems_;
  StaticFiles pages_;
  Router router_;

 protected:
  Server server_;
};

TEST_F(EdgeTest, EveryAnswerCarriesTheSecurityHeaders) {
  const std::string long_field = "GET / HTTP/1.1\r\nX: " + std::string(20000, 'a') + "\r\n\r\n";
  const std::vector<RawAnswer> answers{
      ask("GET /"),
      ask("GET /api/v1/nowhere"),
      ask("GET /api/v1/account/sessions"),
      ask("GET /assets/gone.js"),
      ask("BREW /"),
      ask("POST /api/v1/enquiries", std::string(101, 'a')),
      RawClient(server_.port()).ask(long_field),
      RawClient(server_.port()).ask("nonsense\r\n\r\n"),
  };
  const std::vector<int> statuses{200, 404, 401, 404, 501, 413, 431, 400};
  for (std::size_t i = 0; i < answers.size(); ++i) {
    SCOPED_TRACE(statuses[i]);
    EXPECT_EQ(answers[i].status, statuses[i]);
    for (const auto& [name, value] : security_headers(k_public_url)) {
      const std::string lower = to_lower_ascii(name);
      ASSERT_EQ(answers[i].headers.count(lower), 1u) << name;
      if (name != "Cache-Control") {
        EXPECT_EQ(answers[i].headers.at(lower), value);
      }
    }
  }
}

TEST_F(EdgeTest, TheServersOwnRefusalsHaveWordsToo) {
  const RawAnswer answer = ask("POST /api/v1/enquiries", std::string(101, 'a'));
  EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
  const auto body = boost::json::parse(answer.body).as_object();
  EXPECT_EQ(body.at("code").as_string(), "too_large");
  EXPECT_EQ(body.at("request_id").as_string(), answer.headers.at("x-request-id"));
  EXPECT_EQ(body.at("title").as_string(), "What was sent is larger than this address takes.");
}

TEST_F(EdgeTest, PagesMayBeKeptAndRevalidatedAnswersNotKept) {
  EXPECT_EQ(ask("GET /apply/8").headers.at("cache-control"), "no-cache");
  EXPECT_EQ(ask("GET /api/v1/nowhere").headers.at("cache-control"), "no-store");
}

}  // namespace
}  // namespace beian
