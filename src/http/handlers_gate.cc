#include "base/json.h"
#include "http/handlers.h"

namespace beian {

void add_gate_routes(Routes& routes, GateQuestion ask) {
  routes.get("/api/v1/gate", Access::anyone(), [ask = std::move(ask)](Context& c) {
    const std::string host = c.request.query_or("host", "");
    if (host.empty() || host.size() > 512)
      throw Refusal(RefusalCode::invalid, "request_invalid",
                    {{"host", "member_missing", {}, "", "", true}});
    const std::string verdict = ask(host, c.request.query_or("address", ""));
    return json_response(
        json::serialize(json::object{{"verdict", verdict}, {"filed", verdict == "filed"}}));
  });
}

}  // namespace beian
