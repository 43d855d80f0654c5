// The product's own pieces with rate limits off, no lines to bureaus and no worker, for bench/run:
//   bench_server seed FOLDER FILINGS      fills an empty store
//   bench_server seed_desk FOLDER ORGANISERS UNDER_WAY LATER   the same for bench/desk
//   bench_server seed_race FOLDER FILINGS                the same for its race
//   bench_server serve FOLDER PORT   serves it until it is told to stop
//   bench_server pages FOLDER PORT WEB   the same as the product does, with the pages of WEB
// Two routes are the bench's own: an empty handler, and the queue page counting its rows each time.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "app/composition.h"
#include "app/demo.h"
#include "base/json.h"
#include "base/log.h"
#include "desk_seed.h"
#include "http/handlers.h"
#include "http/security.h"
#include "seed.h"
#include "service/views.h"
#include "store/queues.h"

namespace {

using namespace beian;

Config config_of(const std::string& folder, int port) {
  Config config;
  config.var_dir = folder + "/var";
  config.web_dir = folder + "/web";
  config.provider_name = "bench";
  config.demo = true;  // mail stays in the inbox
  config.http.port = port;
  config.http.public_url = "http://127.0.0.1:" + std::to_string(port);
  config.log_level = "warn";
  set_log_level(config.log_level);
  return config;
}

// As handlers_desk.cc answers it, but for the total.
Response raw_queue(service::Service& s, const Context& c) {
  const store::QueueQuery query{
      store::Queue::initial_review, c.me().account, {}, store::QueueOrder::oldest, {}, 50};
  json::object out;
  s.db.read([&](Reader& reader) {
    json::array rows;
    for (const auto& row : store::list_queue(reader, s.keys, query))
      rows.push_back(service::show_queue_row(s, row, c.locale));
    out["rows"] = std::move(rows);
    out["total"] =
        reader.query_one("SELECT COUNT(*) FROM filings WHERE state = 'initial_review'")->integer(0);
  });
  return json_response(json::serialize(out));
}

int serve(const std::string& folder, int port) {
  app::block_stop_signals();
  app::Platform platform(config_of(folder, port));
  service::Service& s = platform.service();
  Problems problems(s.texts);
  Routes routes;
  add_public_routes(routes, s, "bench", "");
  add_account_routes(routes, s);
  add_filing_routes(routes, s);
  add_desk_routes(routes, s);
  add_queue_routes(routes, s);
  add_rule_routes(routes, s);
  routes.get("/api/v1/bench/empty", Access::anyone(), [](Context&) { return json_response("{}"); });
  routes.get("/api/v1/bench/queue", Access::staff(), [&s](Context& c) { return raw_queue(s, c); });
  RouterOptions options;
  options.public_url = platform.config().http.public_url;
  options.demo = true;
  options.rates = {};
  options.identify = [&s](const Request& request) { return identify(s, request); };
  const Router router(std::move(routes), std::move(options), problems);
  ServerOptions server;
  server.port = port;
  server.threads = platform.config().http.threads;
  server.common_headers = security_headers(platform.config().http.public_url);
  server.route = [&](std::string_view method, std::string_view path) {
    return router.info(method, path);
  };
  server.refuse = [&](int status, const Request& seen) { return router.refuse(status, seen); };
  Server web(std::move(server), [&](const Request& request) { return router.handle(request); });
  std::printf("listening\n");
  std::fflush(stdout);
  app::wait_for_stop();
  web.stop();
  platform.stop();
  return 0;
}

int serve_pages(const std::string& folder, int port, const std::string& web) {
  app::block_stop_signals();
  Config config = config_of(folder, port);
  config.web_dir = web;
  app::Platform platform(std::move(config));
  platform.start_web();
  std::printf("listening\n");
  std::fflush(stdout);
  app::wait_for_stop();
  platform.stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], documents::k_image_worker_argument) == 0)
    return documents::image_worker_main();
  try {
    if (argc == 4 && std::strcmp(argv[1], "seed") == 0) {
      app::Platform platform(config_of(argv[2], 1));
      bench::SeedSize size;
      size.filings = std::atoi(argv[3]);
      size.claimed = std::min(size.claimed, size.filings / 3);
      bench::seed(platform.service(), size, argv[2]);
      return 0;
    }
    if ((argc == 6 && std::strcmp(argv[1], "seed_desk") == 0) ||
        (argc == 4 && std::strcmp(argv[1], "seed_race") == 0)) {
      app::Platform platform(config_of(argv[2], 1));
      bench::DeskSize size;
      if (argc == 6)
        size = {std::atoi(argv[3]), std::atoi(argv[4]), std::atoi(argv[5]), 0};
      else
        size.racing = std::atoi(argv[3]);
      bench::seed_desk(platform.service(), size, argv[2]);
      return 0;
    }
    if (argc == 5 && std::strcmp(argv[1], "pages") == 0)
      return serve_pages(argv[2], std::atoi(argv[3]), argv[4]);
    if (argc == 4 && std::strcmp(argv[1], "serve") == 0) return serve(argv[2], std::atoi(argv[3]));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_server: %s\n", e.what());
    return 1;
  }
  std::fprintf(
      stderr,
      "usage: bench_server seed FOLDER FILINGS | serve FOLDER PORT | pages FOLDER PORT WEB | "
      "seed_desk FOLDER ORGANISERS UNDER_WAY LATER | seed_race FOLDER FILINGS\n");
  return 2;
}
