// What is registered, and the filings that begin from it.
#include "base/json.h"
#include "http/by.h"
#include "http/handlers.h"
#include "service/begin.h"
#include "service/consequences.h"
#include "service/registry_views.h"
#include "service/views.h"

namespace beian {

void add_registry_routes(Routes& routes, service::Service& s) {
  const auto shown = [&s](const store::Filing& filing, std::string_view locale) {
    return json_response(json::serialize(s.db.read([&](Reader& reader) {
                           return service::show_filing(s, reader, filing, locale);
                         })),
                         201);
  };
  routes.get("/api/v1/registry", Access::account(Scope::filings_read), [&s](Context& c) {
    return json_response(json::serialize(s.db.read([&](Reader& reader) {
      return service::show_registry(s, reader, c.me().account, c.locale);
    })));
  });
  routes.get(
      "/api/v1/registry/sites/{id}/certificate", Access::account(Scope::filings_read),
      [&s](Context& c) {
        Response response;
        response.body = service::site_sheet(s, c.me().account, c.id("id"), c.locale);
        response.with("Content-Type", "application/pdf")
            .with("Content-Disposition", "attachment; filename=\"beian.pdf\"");
        return response;
      },
      Pace::costly);
  routes.post(
      "/api/v1/registry/{id}/consequences", Access::account(Scope::filings_read), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        const auto what = service::read_from_registry(as_object(body));
        json::array out;
        s.db.read([&](Reader& reader) {
          const auto chosen =
              service::choose_registered(s, reader, c.me().account, c.id("id"), what);
          out = service::show_consequences(
              s, service::consequences_of(s, reader, what.kind, chosen), c.locale);
        });
        return json_response(json::serialize(json::object{{"consequences", std::move(out)}}));
      });
  routes.post(
      "/api/v1/registry/{id}/filings", Access::account(Scope::filings_write), Body::json(),
      [&s, shown](Context& c) {
        const json::value body = parse_json(c.request.body);
        return shown(service::begin_from_registry(s, by(c.me()), c.id("id"),
                                                  service::read_from_registry(as_object(body))),
                     c.locale);
      },
      Pace::costly);
  routes.post("/api/v1/filings/{id}/copy", Access::account(Scope::filings_write), Body::json(),
              [&s, shown](Context& c) {
                return shown(service::copy_filing(s, by(c.me()), c.id("id")), c.locale);
              });
}

}  // namespace beian
