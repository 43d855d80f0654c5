#include <algorithm>

#include "base/json.h"
#include "http/by.h"
#include "http/handlers.h"
#include "service/letters.h"
#include "service/notices.h"

namespace beian {
namespace {

using service::Service;

constexpr std::size_t k_letter_bytes = 16u << 10;
constexpr std::int64_t k_page = 50, k_most_page = 200;

service::Staff staff_of(const Context& c) { return {c.me().account, c.me().role}; }

json::object show_letter(const store::Letter& l, Id reader) {
  json::object out{{"id", id_to_string(l.id)},
                   {"from", l.by_staff ? "staff" : "applicant"},
                   {"mine", l.author_id == reader},
                   {"text", l.text},
                   {"at", l.at},
                   {"seen_at", nullptr}};
  if (l.seen_at) out["seen_at"] = *l.seen_at;
  return out;
}

Response show_letters(const std::vector<store::Letter>& letters, Id reader) {
  json::array out;
  for (const store::Letter& letter : letters) out.push_back(show_letter(letter, reader));
  return json_response(json::serialize(json::object{{"letters", std::move(out)}}));
}

// None is empty, which the service refuses once it knows whose filing it is.
std::string text_in(const Request& request) {
  const json::value body = parse_json(request.body);
  return opt_string(as_object(body), "text", k_letter_bytes).value_or("");
}

json::object show_notice(const store::SentMessage& one) {
  const store::Message& m = one.message;
  json::object out{{"id", id_to_string(m.id)},
                   {"notice", m.notice},
                   {"channel", m.channel},
                   {"to", service::masked_address(m)},
                   {"filing_id", nullptr},
                   {"subject", m.subject},
                   {"text", m.channel == "mail" ? "" : m.text},
                   {"state", m.state},
                   {"error", one.error},
                   {"created_at", m.created_at},
                   {"sent_at", nullptr},
                   {"seen_at", nullptr}};
  if (m.filing_id) out["filing_id"] = id_to_string(*m.filing_id);
  if (one.sent_at && m.state == "sent") out["sent_at"] = *one.sent_at;
  if (one.seen_at) out["seen_at"] = *one.seen_at;
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

void add_letter_routes(Routes& routes, Service& s) {
  // A program that reads them does not make them seen by a person.
  routes.get(
      "/api/v1/filings/{id}/letters", Access::account(Scope::filings_read), [&s](Context& c) {
        return show_letters(service::letters_of(s, c.me().account, c.id("id"), !c.me().scopes),
                            c.me().account);
      });
  routes.post("/api/v1/filings/{id}/letters", Access::account(Scope::filings_write),
              Body::json(k_letter_bytes), [&s](Context& c) {
                const auto letter =
                    service::write_letter(s, by(c.me()), c.id("id"), text_in(c.request));
                return json_response(json::serialize(show_letter(letter, c.me().account)), 201);
              });
  routes.get("/api/v1/desk/filings/{id}/letters", Access::staff(), [&s](Context& c) {
    return show_letters(service::letters_at_desk(s, staff_of(c), c.id("id"), true), c.me().account);
  });
  routes.post("/api/v1/desk/filings/{id}/letters", Access::staff(), Body::json(k_letter_bytes),
              [&s](Context& c) {
                const auto letter =
                    service::write_letter_as_staff(s, staff_of(c), c.id("id"), text_in(c.request));
                return json_response(json::serialize(show_letter(letter, c.me().account)), 201);
              });
}

void add_notice_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/account/notices", Access::account(Scope::filings_read), [&s](Context& c) {
    const auto limit =
        std::clamp<std::int64_t>(number_of(c.request, "limit", k_page), 1, k_most_page);
    const auto page =
        service::notices_of(s, c.me().account, number_of(c.request, "filing", 0),
                            number_of(c.request, "before", 0), static_cast<int>(limit));
    json::array out;
    for (const store::SentMessage& one : page.messages) out.push_back(show_notice(one));
    json::object answer{
        {"notices", std::move(out)}, {"unseen", page.unseen}, {"next_before", nullptr}};
    if (page.messages.size() == static_cast<std::size_t>(limit))
      answer["next_before"] = id_to_string(page.messages.back().message.id);
    return json_response(json::serialize(answer));
  });
  routes.post("/api/v1/account/notices/seen", Access::account(), Body::none(), [&s](Context& c) {
    service::see_notices(s, c.me().account);
    return Response{204, {}, ""};
  });
  routes.post(
      "/api/v1/account/notices/{id}/resend", Access::account(), Body::none(),
      [&s](Context& c) {
        service::resend(s, c.me().account, c.id("id"));
        return Response{202, {}, ""};
      },
      Pace::costly);
  routes.get("/api/v1/account/notice_settings", Access::account(), [&s](Context& c) {
    return json_response(
        json::serialize(service::notice_settings_of(s, c.me().account, c.me().role)));
  });
  routes.put(
      "/api/v1/account/notice_settings/{group}", Access::account(), Body::json(), [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        const json::object& in = as_object(body);
        service::set_notice_setting(
            s, c.me().account, c.me().role,
            {c.param("group"), get_bool(in, "mail"), get_bool(in, "sms"), get_bool(in, "app")});
        return json_response(
            json::serialize(service::notice_settings_of(s, c.me().account, c.me().role)));
      });
  routes.get("/api/v1/desk/filings/{id}/messages", Access::staff(), [&s](Context& c) {
    json::array out;
    for (const store::SentMessage& one : service::messages_at_desk(s, staff_of(c), c.id("id"))) {
      json::object shown = show_notice(one);
      shown["text"] = "";
      out.push_back(std::move(shown));
    }
    return json_response(json::serialize(json::object{{"messages", std::move(out)}}));
  });
  routes.post("/api/v1/desk/filings/{id}/messages/{message}/resend", Access::staff(), Body::none(),
              [&s](Context& c) {
                service::resend_at_desk(s, staff_of(c), c.id("id"), c.id("message"));
                return Response{202, {}, ""};
              });
}

}  // namespace

void add_message_routes(Routes& routes, Service& s) {
  add_letter_routes(routes, s);
  add_notice_routes(routes, s);
}

}  // namespace beian
