#include "base/json.h"
#include "base/text.h"
#include "http/handlers.h"
#include "service/tokens.h"

namespace beian {
namespace {

json::object show_token(const store::ApiToken& t) {
  json::array scopes;
  for (const std::string& scope : split(t.scopes, ' ')) scopes.push_back(json::value(scope));
  json::object out{{"id", id_to_string(t.id)},    {"name", t.name},
                   {"scopes", std::move(scopes)}, {"shown", t.shown},
                   {"created_at", t.created_at},  {"expires_at", t.expires_at},
                   {"last_used_at", nullptr}};
  if (t.last_used_at) out["last_used_at"] = *t.last_used_at;
  return out;
}

std::vector<std::string> scopes_in(const json::object& in) {
  std::vector<std::string> out;
  const json::value* list = in.if_contains("scopes");
  if (list == nullptr || !list->is_array()) return out;
  for (const json::value& item : list->get_array())
    if (const json::string* text = item.if_string(); text && out.size() < 20)
      out.emplace_back(text->subview(0, 60));
  return out;
}

}  // namespace

void add_token_routes(Routes& routes, service::Service& s) {
  routes.get("/api/v1/account/tokens", Access::account(), [&s](Context& c) {
    json::array out;
    for (const store::ApiToken& token : service::tokens_of(s, c.me().account))
      out.push_back(show_token(token));
    return json_response(json::serialize(json::object{{"tokens", std::move(out)}}));
  });
  routes.post("/api/v1/account/tokens", Access::account(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    const service::TokenMade made = service::make_token(
        s, c.me().account, {get_string(in, "name", 400), scopes_in(in), get_int(in, "days")});
    json::object out = show_token(made.row);
    out["token"] = made.token;
    return json_response(json::serialize(out), 201);
  });
  routes.del("/api/v1/account/tokens/{id}", Access::account(), [&s](Context& c) {
    service::revoke_token(s, c.me().account, c.id("id"));
    return Response{204, {}, ""};
  });
}

std::optional<Identity> identify_token(service::Service& s, const std::string& token) {
  auto holder = service::identify_token(s, token);
  if (!holder) return std::nullopt;
  return Identity{holder->account.id,       holder->account.role, 0, "", false,
                  std::move(holder->scopes)};
}

}  // namespace beian
