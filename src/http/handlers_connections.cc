// The connections to the bureaus, for administrators.
#include "base/json.h"
#include "http/handlers_administration.h"
#include "service/connections.h"

namespace beian {

void add_connection_routes(Routes& routes, service::Service& s) {
  const Access administrators = Access::staff({Role::administrator});
  routes.get("/api/v1/desk/connections", administrators, [&s](Context& c) {
    return json_response(json::serialize(service::show_connections(s, c.locale)));
  });
  routes.post(
      "/api/v1/desk/connections/{province}/test", administrators, Body::none(),
      [&s](Context& c) {
        return json_response(json::serialize(service::test_connection(
            s, {c.me().account, c.me().role}, c.param("province"), c.locale)));
      },
      Pace::costly);
}

}  // namespace beian
