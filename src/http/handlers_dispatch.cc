#include "base/json.h"
#include "base/text.h"
#include "http/handlers.h"
#include "http/multipart.h"
#include "http/security.h"
#include "service/dispatch.h"

namespace beian {
namespace {

using service::Service;
using service::Staff;

constexpr std::size_t k_table_bytes = 2u << 20;

Staff staff_of(const Context& c) { return {c.me().account, c.me().role}; }

// Whoever posts backdrops, and whoever answers for it.
Access post_room() { return Access::staff({Role::dispatcher, Role::senior, Role::administrator}); }

store::OrderQuery query_of(const Context& c) {
  store::OrderQuery query;
  query.state = c.request.query_or("state", "requested");
  query.q = clean_line(c.request.query_or("q", ""));
  if (const std::string after = c.request.query_or("after", ""); !after.empty()) {
    const auto parts = split(after, '.');
    const auto at = parts.size() == 2 ? id_from_string(parts[0]) : std::nullopt;
    const auto id = parts.size() == 2 ? id_from_string(parts[1]) : std::nullopt;
    if (!at || !id) throw Refusal(RefusalCode::invalid, "page_invalid");
    query.after_at = *at;
    query.after_id = *id;
  }
  return query;
}

std::vector<Id> ids_of(const json::object& in) {
  std::vector<Id> out;
  const json::value* list = in.if_contains("orders");
  if (!list || !list->is_array()) return out;
  for (const json::value& one : list->as_array()) {
    const auto id = one.is_string() ? id_from_string(one.as_string()) : std::nullopt;
    if (!id) throw Refusal(RefusalCode::not_found, "not_found");
    out.push_back(*id);
  }
  return out;
}

service::BackdropAddress address_from(const json::object& to) {
  const auto text = [&](const char* name) { return opt_string(to, name, 800).value_or(""); };
  return {text("recipient"), text("phone"),  text("province"),
          text("city"),      text("county"), text("address")};
}

std::optional<service::BackdropAddress> address_of(const json::object& in) {
  const json::value* given = in.if_contains("address");
  if (!given || given->is_null()) return std::nullopt;
  return address_from(as_object(*given));
}

Response shown(const json::object& out, int status = 200) {
  return json_response(json::serialize(out), status);
}

Response shown_again(Service& s, const store::Backdrop& b, bool in_clear) {
  return shown(s.db.read([&](Reader& reader) {
    return service::show_order(s, store::find_orders(reader, s.keys, {}, {b.id}).at(0), in_clear);
  }));
}

void add_order_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/desk/backdrops", Access::staff(),
             [&s](Context& c) { return shown(service::show_orders(s, staff_of(c), query_of(c))); });
  routes.post("/api/v1/desk/backdrops/{id}/reveal", post_room(), Body::none(), [&s](Context& c) {
    return shown(service::reveal_order(s, staff_of(c), c.id("id")));
  });
  routes.post(
      "/api/v1/desk/backdrops/{id}/posted", Access::staff(), Body::json(), [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        const json::object& in = as_object(body);
        return shown_again(
            s,
            service::post_backdrop(s, staff_of(c), c.id("id"), get_string(in, "carrier", 160),
                                   get_string(in, "tracking_number", 60)),
            false);
      });
  routes.post("/api/v1/desk/backdrops/{id}/delivered", Access::staff(), Body::none(),
              [&s](Context& c) {
                return shown_again(s, service::deliver_backdrop(s, staff_of(c), c.id("id")), false);
              });
  routes.post("/api/v1/desk/backdrops/{id}/returned", post_room(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    service::return_backdrop(s, staff_of(c), c.id("id"), get_string(in, "reason", 40),
                             opt_bool(in, "restock").value_or(false));
    return Response{204, {}, ""};
  });
  routes.post("/api/v1/desk/backdrops/{id}/again", post_room(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    return shown_again(
        s, service::send_backdrop_again(s, staff_of(c), c.id("id"), address_of(as_object(body))),
        false);
  });
  routes.post("/api/v1/desk/backdrops/{id}/cancelled", post_room(), Body::none(), [&s](Context& c) {
    service::cancel_backdrop(s, staff_of(c), c.id("id"));
    return Response{204, {}, ""};
  });
}

void add_correction_routes(Routes& routes, Service& s) {
  routes.put("/api/v1/desk/backdrops/{id}/address", post_room(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    return shown_again(s,
                       service::correct_backdrop_address(s, staff_of(c), c.id("id"),
                                                         address_from(as_object(body))),
                       false);
  });
  routes.put("/api/v1/desk/backdrops/{id}/tracking", post_room(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    return shown_again(
        s,
        service::correct_tracking(s, staff_of(c), c.id("id"), get_string(in, "carrier", 160),
                                  get_string(in, "tracking_number", 60)),
        false);
  });
  routes.del("/api/v1/desk/backdrops/{id}/tracking", post_room(), [&s](Context& c) {
    return shown_again(s, service::unpost_backdrop(s, staff_of(c), c.id("id")), false);
  });
}

}  // namespace

void add_dispatch_routes(Routes& routes, Service& s) {
  add_order_routes(routes, s);
  add_correction_routes(routes, s);
  routes.get("/api/v1/desk/dispatch", Access::staff(),
             [&s](Context& c) { return shown(service::dispatch_choices(s, c.locale)); });
  routes.post("/api/v1/desk/dispatch/labels", post_room(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    return untrusted_content(
        service::print_labels(s, staff_of(c), ids_of(in), get_string(in, "format", 60),
                              opt_int(in, "start").value_or(1) - 1),
        "application/pdf", "labels.pdf");
  });
  routes.post(
      "/api/v1/desk/dispatch/tracking", post_room(), Body::multipart(k_table_bytes),
      [&s](Context& c) {
        const std::vector<Part> parts = parse_multipart(c.request);
        return shown(
            service::post_by_table(s, staff_of(c), get_part(parts, "file").bytes, c.locale));
      },
      Pace::costly);
  routes.get("/api/v1/desk/dispatch/stock", Access::staff(),
             [&s](Context& c) { return shown(service::show_stock(s, c.locale)); });
  routes.post("/api/v1/desk/dispatch/stock", post_room(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    service::change_stock(s, staff_of(c), get_string(in, "kind", 60), get_string(in, "reason", 20),
                          get_int(in, "n"), opt_string(in, "note", 400).value_or(""));
    return shown(service::show_stock(s, c.locale));
  });
}

}  // namespace beian
