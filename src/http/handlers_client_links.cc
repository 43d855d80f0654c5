#include "base/json.h"
#include "http/by.h"
#include "http/handlers.h"
#include "http/multipart.h"
#include "service/client_links.h"

namespace beian {
namespace {

constexpr std::size_t k_upload_bytes = 12u << 20;  // a 10 MiB picture and its form

}  // namespace

void add_client_link_routes(Routes& routes, service::Service& s) {
  routes.get(
      "/api/v1/filings/{id}/client_links", Access::account(Scope::filings_read), [&s](Context& c) {
        return json_response(json::serialize(
            json::object{{"links", service::show_client_links(s, c.me().account, c.id("id"))}}));
      });
  routes.post(
      "/api/v1/filings/{id}/client_links", Access::account(Scope::filings_write), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        const service::LinkMade made =
            service::make_client_link(s, c.me().account, by(c.me()).person, c.id("id"),
                                      opt_string(as_object(body), "send_to", 254).value_or(""));
        return json_response(json::serialize(json::object{{"url", made.url},
                                                          {"qr_path", made.qr.path},
                                                          {"qr_size", made.qr.size},
                                                          {"link", made.link}}),
                             201);
      },
      Pace::secret);
  routes.del("/api/v1/filings/{id}/client_links/{link}", Access::account(Scope::filings_write),
             [&s](Context& c) {
               service::revoke_client_link(s, c.me().account, c.id("id"), c.id("link"));
               return Response{204, {}, ""};
             });
  routes.get("/api/v1/client_links/{token}", Access::ticket(), [&s](Context& c) {
    return json_response(json::serialize(service::show_client_link(s, c.param("token"), c.locale)));
  });
  routes.post(
      "/api/v1/client_links/{token}/consent", Access::ticket(), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        service::consent_by_link(s, c.param("token"), get_string(as_object(body), "version", 40));
        return Response{204, {}, ""};
      },
      Pace::secret);
  routes.post(
      "/api/v1/client_links/{token}/materials", Access::ticket(), Body::multipart(k_upload_bytes),
      [&s](Context& c) {
        const std::vector<Part> parts = parse_multipart(c.request);
        const Part* site = opt_part(parts, "site");
        const store::Material m = service::upload_by_link(
            s, c.param("token"),
            {std::string(get_part(parts, "purpose").bytes), site ? std::string(site->bytes) : "",
             std::string(get_part(parts, "file").bytes), true});
        return json_response(json::serialize(service::show_material(m)), 201);
      },
      Pace::costly);
  routes.post(
      "/api/v1/client_links/{token}/complete", Access::ticket(), Body::json(),
      [&s](Context& c) {
        service::complete_by_link(s, c.param("token"));
        return Response{204, {}, ""};
      },
      Pace::secret);
}

}  // namespace beian
