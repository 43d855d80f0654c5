// The provider's products as administrators keep them.
#include "base/json.h"
#include "http/handlers_administration.h"
#include "http/multipart.h"
#include "service/product_desk.h"

namespace beian {
namespace {

using service::Service;
using service::Staff;

constexpr std::size_t k_table_bytes = 13u << 20;  // a table of 12 MiB and its form
constexpr std::size_t k_product_bytes = 64u << 10;

Staff staff_of(const Context& c) { return {c.me().account, c.me().role}; }
Access administrators() { return Access::staff({Role::administrator}); }
Response answer(const json::object& object, int status = 200) {
  return json_response(json::serialize(object), status);
}

service::ProductWish wish_in(const json::object& in) {
  service::ProductWish out;
  const auto text = [&](std::string_view name) { return opt_string(in, name, 2000).value_or(""); };
  out.instance = text("instance");
  out.kind = text("kind");
  if (const json::value* ips = in.if_contains("ips"); ips && ips->is_array())
    for (const json::value& ip : ips->get_array())
      if (ip.is_string()) out.ips.emplace_back(ip.get_string());
  out.host_name = text("host_name");
  out.region = text("region");
  out.term_from = text("term_from");
  out.term_until = text("term_until");
  out.slots = opt_int(in, "slots").value_or(0);
  out.owner_email = text("owner_email");
  return out;
}

Response import_table(Service& s, Context& c) {
  const std::vector<Part> parts = parse_multipart(c.request);
  const Staff by = staff_of(c);
  service::ProductImport done = service::import_products(s, &by, get_part(parts, "file").bytes);
  if (!done.problems.empty())
    throw Refusal(RefusalCode::invalid, "products_invalid", std::move(done.problems));
  return answer({{"added", done.added}, {"changed", done.changed}, {"same", done.same}});
}

}  // namespace

void add_product_desk_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/desk/products", administrators(), [&s](Context& c) {
    return answer(service::list_products_of_all(
        s, {c.request.query_or("q", ""), c.request.query_or("state", ""),
            c.request.query_or("after", "")}));
  });
  routes.post("/api/v1/desk/products", administrators(), Body::json(k_product_bytes),
              [&s](Context& c) {
                const json::value body = parse_json(c.request.body, k_product_bytes);
                const Id id = service::add_product(s, staff_of(c), wish_in(as_object(body)));
                return answer(service::open_product(s, staff_of(c), id), 201);
              });
  routes.post(
      "/api/v1/desk/products/import", administrators(), Body::multipart(k_table_bytes),
      [&s](Context& c) { return import_table(s, c); }, Pace::costly);
  routes.get("/api/v1/desk/products/{id}", administrators(), [&s](Context& c) {
    return answer(service::open_product(s, staff_of(c), c.id("id")));
  });
  routes.put("/api/v1/desk/products/{id}", administrators(), Body::json(k_product_bytes),
             [&s](Context& c) {
               const json::value body = parse_json(c.request.body, k_product_bytes);
               const json::object& in = as_object(body);
               service::change_product(s, staff_of(c), c.id("id"), get_int(in, "version"),
                                       wish_in(in), opt_string(in, "note", 2000).value_or(""));
               return answer(service::open_product(s, staff_of(c), c.id("id")));
             });
  routes.post("/api/v1/desk/products/{id}/end", administrators(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    service::end_product(s, staff_of(c), c.id("id"), get_int(in, "version"),
                         opt_string(in, "note", 2000).value_or(""));
    return answer(service::open_product(s, staff_of(c), c.id("id")));
  });
}

}  // namespace beian
