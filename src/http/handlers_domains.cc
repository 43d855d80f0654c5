#include "http/handlers.h"
#include "service/domain_facts.h"
#include "service/draft.h"
#include "service/review.h"

namespace beian {
namespace {

json::object shown_case(service::Service& s, Reader& reader, const Context& c, Id id) {
  const store::Filing filing = service::case_of(s, reader, {c.me().account, c.me().role}, id);
  return service::show_domains(s, reader, filing, filing.assignee_id != c.me().account);
}

}  // namespace

void add_domain_routes(Routes& routes, service::Service& s) {
  routes.get("/api/v1/filings/{id}/domains", Access::account(Scope::filings_read),
             [&s](Context& c) {
               return json_response(json::serialize(s.db.read([&](Reader& reader) {
                 return service::show_domains(
                     s, reader, service::own_filing(s, reader, c.me().account, c.id("id")), false);
               })));
             });
  routes.post(
      "/api/v1/filings/{id}/domains", Access::account(Scope::filings_write), Body::none(),
      [&s](Context& c) {
        const std::string shown = json::serialize(s.db.write([&](Tx& tx) {
          const store::Filing filing = service::own_filing(s, tx, c.me().account, c.id("id"));
          service::ask_about_domains(s, tx, filing, true);
          return service::show_domains(s, tx, filing, false);
        }));
        s.wake_workers();
        return json_response(shown);
      },
      Pace::costly);
  routes.get("/api/v1/desk/filings/{id}/domains", Access::staff(), [&s](Context& c) {
    return json_response(json::serialize(
        s.db.read([&](Reader& reader) { return shown_case(s, reader, c, c.id("id")); })));
  });
  routes.post(
      "/api/v1/desk/filings/{id}/domains", Access::staff(), Body::none(),
      [&s](Context& c) {
        const std::string shown = json::serialize(s.db.write([&](Tx& tx) {
          service::ask_about_domains(
              s, tx, service::case_of(s, tx, {c.me().account, c.me().role}, c.id("id")), true);
          return shown_case(s, tx, c, c.id("id"));
        }));
        s.wake_workers();
        return json_response(shown);
      },
      Pace::costly);
}

}  // namespace beian
