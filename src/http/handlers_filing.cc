#include <algorithm>

#include "base/json.h"
#include "base/shown_problem.h"
#include "http/by.h"
#include "http/handlers.h"
#include "http/multipart.h"
#include "http/security.h"
#include "service/apply.h"
#include "service/begin.h"
#include "service/determine.h"
#include "service/draft.h"
#include "service/filing_cache.h"
#include "service/materials.h"
#include "service/products.h"
#include "service/review.h"
#include "service/views.h"

namespace beian {
namespace {

using service::Service;

// The account in person, or a token of its.
Access read_access() { return Access::account(Scope::filings_read); }
Access write_access() { return Access::account(Scope::filings_write); }

constexpr std::size_t k_upload_bytes = 12u << 20;  // a 10 MiB picture and its form
constexpr std::int64_t k_most_listed = 200;
constexpr std::size_t k_content_bytes = 512u << 10;

Response shown(Service& s, const store::Filing& filing, std::string_view locale, int status = 200) {
  return json_response(json::serialize(s.db.read([&](Reader& reader) {
                         return service::show_filing(s, reader, filing, locale);
                       })),
                       status);
}

service::Size size_of(const Request& request) {
  const std::string size = request.query_or("size", "full");
  if (size == "thumbnail") return service::Size::thumbnail;
  if (size == "fitted") return service::Size::fitted;
  if (size == "full") return service::Size::full;
  throw Refusal(RefusalCode::invalid, "choice_unknown",
                {{"size", "choice_unknown", {}, "", "", true}});
}

// "updated_at.id" of the last one of the page before; empty for the first page.
std::optional<store::FilingPlace> read_after(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto dot = text.find('.');
  const auto at = id_from_string(text.substr(0, dot));
  const auto id = dot == std::string::npos ? std::nullopt : id_from_string(text.substr(dot + 1));
  if (!at || !id) throw Refusal(RefusalCode::invalid, "page_invalid");
  return store::FilingPlace{*at, *id};
}

void add_product_routes(Routes& routes, Service& s) {
  routes.post(
      "/api/v1/determinations", read_access(), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        const auto determined =
            service::determine(s, c.me().account, service::read_determination(as_object(body)));
        return json_response(json::serialize(service::show_determination(s, determined, c.locale)));
      },
      Pace::costly);
  routes.get("/api/v1/products", read_access(), [&s](Context& c) {
    json::array out;
    for (const store::Product& p : service::products_of(s, c.me().account))
      out.push_back(service::show_product(s, p, true));
    return json_response(json::serialize(json::object{{"products", std::move(out)}}));
  });
  routes.post("/api/v1/products/check", read_access(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    const service::ProductAnswer answer =
        service::check_product(s, c.me().account,
                               {opt_id(in, "product_id"), opt_string(in, "ip", 64),
                                opt_string(in, "host_name", 253), opt_string(in, "code", 64)});
    json::object out{{"problems", shown_problems(answer.problems, s.texts, c.locale)}};
    // Somebody else's product is not shown, only whether it will do.
    if (answer.product) out["product"] = service::show_product(s, *answer.product, false);
    return json_response(json::serialize(out));
  });
  routes.post("/api/v1/products/{id}/codes", write_access(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const std::string code = service::issue_code(s, c.me().account, c.id("id"),
                                                 get_string(as_object(body), "for_email", 254));
    return json_response(json::serialize(json::object{{"code", code}}), 201);
  });
}

void add_content_routes(Routes& routes, Service& s) {
  routes.patch("/api/v1/filings/{id}/content", write_access(), Body::json(k_content_bytes),
               [&s](Context& c) {
                 const json::value body = parse_json(c.request.body);
                 const service::Saved saved = service::change_content(
                     s, c.me().account, c.id("id"), service::read_changes(as_object(body)));
                 return json_response(json::serialize(json::object{
                     {"version", saved.filing.version},
                     {"saved_at", saved.filing.updated_at},
                     {"problems", shown_problems(saved.problems, s.texts, c.locale)}}));
               });
  routes.post("/api/v1/filings/{id}/sites", write_access(), Body::json(), [&s](Context& c) {
    return shown(s, service::add_website(s, c.me().account, c.id("id")), c.locale, 201);
  });
  routes.del("/api/v1/filings/{id}/sites/{key}", write_access(), [&s](Context& c) {
    return shown(s, service::remove_website(s, c.me().account, c.id("id"), c.param("key")),
                 c.locale);
  });
  routes.post("/api/v1/filings/{id}/actions/{action}", write_access(), Body::json(),
              [&s](Context& c) {
                const json::value body = parse_json(c.request.body);
                const auto action = action_from_string(c.param("action"));
                if (!action) throw Refusal(RefusalCode::not_found, "not_found");
                return shown(s,
                             service::applicant_step(s, by(c.me()), c.id("id"), *action,
                                                     get_int(as_object(body), "version")),
                             c.locale);
              });
  routes.post("/api/v1/filings/{id}/backdrop", write_access(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    const store::Backdrop order = service::order_backdrop(
        s, by(c.me()), c.id("id"),
        {get_string(in, "recipient", 240), get_string(in, "phone", 32),
         get_string(in, "province", 6), get_string(in, "city", 6),
         opt_string(in, "county", 6).value_or(""), get_string(in, "address", 800)});
    return json_response(json::serialize(service::show_backdrop(s, order)), 201);
  });
}

void add_material_routes(Routes& routes, Service& s) {
  routes.post(
      "/api/v1/filings/{id}/materials", write_access(), Body::multipart(k_upload_bytes),
      [&s](Context& c) {
        const std::vector<Part> parts = parse_multipart(c.request);
        const Part* site = opt_part(parts, "site");
        const store::Material m = service::upload_material(
            s, by(c.me()), c.id("id"),
            {std::string(get_part(parts, "purpose").bytes), site ? std::string(site->bytes) : "",
             std::string(get_part(parts, "file").bytes), false});
        return json_response(json::serialize(service::show_material(m)), 201);
      },
      Pace::costly);
  routes.get("/api/v1/filings/{id}/materials/{material}", read_access(), [&s](Context& c) {
    const service::Size size = size_of(c.request);
    const std::string bytes =
        is_staff(c.me().role)
            ? service::read_material_as_staff(s, {c.me().account, c.me().role}, c.id("id"),
                                              c.id("material"), size)
            : service::read_material(s, c.me().account, c.id("id"), c.id("material"), size);
    return untrusted_content(bytes, "image/jpeg");
  });
  routes.del("/api/v1/filings/{id}/materials/{material}", write_access(), [&s](Context& c) {
    service::remove_material(s, by(c.me()), c.id("id"), c.id("material"));
    return Response{204, {}, ""};
  });
  routes.post("/api/v1/filings/{id}/tickets", write_access(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    const service::TicketMade made =
        service::make_ticket(s, c.me().account, c.id("id"), get_string(in, "purpose", 60),
                             opt_string(in, "site", 20).value_or(""));
    return json_response(json::serialize(json::object{{"url", made.url},
                                                      {"qr_path", made.qr.path},
                                                      {"qr_size", made.qr.size},
                                                      {"expires_at", made.expires_at}}),
                         201);
  });
  routes.get(
      "/api/v1/tickets/{token}", Access::ticket(),
      [&s](Context& c) {
        const service::TicketShown t = service::read_ticket(s, c.param("token"));
        return json_response(json::serialize(json::object{{"purpose", t.purpose},
                                                          {"site_name", t.site_name},
                                                          {"expires_at", t.expires_at},
                                                          {"state", t.state}}));
      },
      Pace::ordinary);
  routes.post(
      "/api/v1/tickets/{token}/material", Access::ticket(), Body::multipart(k_upload_bytes),
      [&s](Context& c) {
        const std::vector<Part> parts = parse_multipart(c.request);
        const store::Material m = service::upload_by_ticket(
            s, c.param("token"), std::string(get_part(parts, "file").bytes));
        return json_response(json::serialize(service::show_material(m)), 201);
      },
      Pace::costly);
}

}  // namespace

void add_filing_routes(Routes& routes, Service& s) {
  add_product_routes(routes, s);
  add_content_routes(routes, s);
  add_material_routes(routes, s);
  routes.get("/api/v1/filings", read_access(), [&s](Context& c) {
    const auto limit = static_cast<int>(std::clamp<std::int64_t>(
        id_from_string(c.request.query_or("limit", "")).value_or(50), 1, k_most_listed));
    const auto after = read_after(c.request.query_or("after", ""));
    json::array out;
    json::value next = nullptr;
    s.db.read([&](Reader& reader) {
      const auto found = store::list_filings(reader, s.keys, c.me().account, limit + 1, after);
      for (const store::Filing& filing : found) {
        if (static_cast<int>(out.size()) == limit) break;
        out.push_back(service::show_summary(s, reader, filing, c.locale));
      }
      if (static_cast<int>(found.size()) > limit) {
        const store::Filing& last = found[static_cast<std::size_t>(limit) - 1];
        next = json::string(std::to_string(last.updated_at) + "." + id_to_string(last.id));
      }
    });
    return json_response(
        json::serialize(json::object{{"filings", std::move(out)}, {"next", std::move(next)}}));
  });
  routes.post("/api/v1/filings", write_access(), Body::json(k_content_bytes), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    return shown(s,
                 service::create_filing(s, by(c.me()), service::read_determination(in),
                                        service::read_changes(in), opt_string(in, "password", 64),
                                        opt_id(in, "client_id")),
                 c.locale, 201);
  });
  const auto cache = std::make_shared<service::FilingCache>();
  routes.get("/api/v1/filings/{id}", read_access(), [&s, cache](Context& c) {
    const Identity& me = c.me();
    std::string filing = cache->show(s, me.account, c.id("id"), c.locale);
    // A member who only reads is offered nothing that his role would be refused.
    if (me.member != 0 && me.scopes && !me.scopes->contains(Scope::filings_write)) {
      json::value seen = json::parse(filing);
      seen.as_object()["allowed_actions"] = json::array();
      seen.as_object()["editable_paths"] = json::array();
      filing = json::serialize(seen);
    }
    return json_response(filing);
  });
}

}  // namespace beian
