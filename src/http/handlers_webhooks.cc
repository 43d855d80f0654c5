#include <algorithm>

#include "base/json.h"
#include "http/handlers.h"
#include "service/webhooks.h"

namespace beian {
namespace {

using service::Service;

constexpr std::int64_t k_page = 50, k_most_page = 200;

Access hooks_access() { return Access::account(Scope::webhooks); }

json::value or_none(const std::optional<std::int64_t>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::object show_webhook(const store::Webhook& w) {
  json::object out{{"id", id_to_string(w.id)},       {"url", w.url},
                   {"created_at", w.created_at},     {"paused_at", or_none(w.paused_at)},
                   {"pause_reason", w.pause_reason}, {"failing_since", or_none(w.failing_since)}};
  return out;
}

json::object show_delivery(const store::Delivery& d) {
  json::object out{{"id", id_to_string(d.id)},
                   {"event", d.event},
                   {"filing_id", nullptr},
                   {"state", d.state},
                   {"attempts", d.attempts},
                   {"last_status", or_none(d.last_status)},
                   {"last_error", d.last_error},
                   {"created_at", d.created_at},
                   {"next_at", or_none(d.next_at)},
                   {"delivered_at", or_none(d.delivered_at)},
                   {"body", d.body}};
  if (d.filing_id) out["filing_id"] = id_to_string(*d.filing_id);
  return out;
}

std::int64_t number_of(const Request& request, std::string_view name, std::int64_t otherwise) {
  const std::string text = request.query_or(name, "");
  if (text.empty()) return otherwise;
  const auto parsed = id_from_string(text);
  if (!parsed)
    throw Refusal(RefusalCode::invalid, "request_invalid",
                  {{std::string(name), "member_type", {{"expected", "number"}}, "", "", true}});
  return *parsed;
}

void add_delivery_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/account/webhooks/{id}/deliveries", hooks_access(), [&s](Context& c) {
    const auto limit =
        std::clamp<std::int64_t>(number_of(c.request, "limit", k_page), 1, k_most_page);
    const auto found = service::deliveries_of(
        s, c.me().account, c.id("id"), number_of(c.request, "before", 0), static_cast<int>(limit));
    json::array out;
    for (const store::Delivery& delivery : found) out.push_back(show_delivery(delivery));
    json::object page{{"deliveries", std::move(out)}, {"next_before", nullptr}};
    if (found.size() == static_cast<std::size_t>(limit))
      page["next_before"] = id_to_string(found.back().id);
    return json_response(json::serialize(page));
  });
  routes.post("/api/v1/account/webhooks/{id}/replay", hooks_access(), Body::none(),
              [&s](Context& c) {
                return json_response(json::serialize(json::object{{
                                         "count",
                                         service::replay_undelivered(s, c.me().account, c.id("id")),
                                     }}),
                                     202);
              });
  routes.post("/api/v1/account/webhooks/{id}/deliveries/{delivery}/replay", hooks_access(),
              Body::none(), [&s](Context& c) {
                return json_response(json::serialize(show_delivery(service::replay_delivery(
                                         s, c.me().account, c.id("id"), c.id("delivery")))),
                                     202);
              });
}

}  // namespace

void add_webhook_routes(Routes& routes, Service& s) {
  add_delivery_routes(routes, s);
  routes.get("/api/v1/account/webhooks", hooks_access(), [&s](Context& c) {
    json::array out;
    for (const store::Webhook& webhook : service::webhooks_of(s, c.me().account))
      out.push_back(show_webhook(webhook));
    return json_response(json::serialize(json::object{{"webhooks", std::move(out)}}));
  });
  routes.post("/api/v1/account/webhooks", hooks_access(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const store::Webhook made =
        service::add_webhook(s, c.me().account, get_string(as_object(body), "url", 2000));
    json::object out = show_webhook(made);
    out["secret"] = made.secret;
    return json_response(json::serialize(out), 201);
  });
  routes.patch("/api/v1/account/webhooks/{id}", hooks_access(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    return json_response(json::serialize(show_webhook(service::pause_webhook(
        s, c.me().account, c.id("id"), get_bool(as_object(body), "paused")))));
  });
  routes.del("/api/v1/account/webhooks/{id}", hooks_access(), [&s](Context& c) {
    service::remove_webhook(s, c.me().account, c.id("id"));
    return Response{204, {}, ""};
  });
  routes.post("/api/v1/account/webhooks/{id}/test", hooks_access(), Body::none(), [&s](Context& c) {
    return json_response(
        json::serialize(show_delivery(service::test_webhook(s, c.me().account, c.id("id")))), 202);
  });
}

}  // namespace beian
