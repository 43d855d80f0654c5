// What stands around a case on the desk: related filings, learnt reasons, notes, reminders, and
// handing it to a colleague.
#include "base/json.h"
#include "base/text.h"
#include "http/handlers.h"
#include "service/colleagues.h"
#include "service/reasons.h"
#include "service/related.h"
#include "service/review.h"
#include "service/second.h"
#include "service/views.h"
#include "store/reason_use.h"

namespace beian {
namespace {

using service::Service;

constexpr std::size_t k_note_bytes = 16u << 10;

service::Staff staff_of(const Context& c) { return {c.me().account, c.me().role}; }

void add_note_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/desk/filings/{id}/notes", Access::staff(), [&s](Context& c) {
    json::array out;
    for (const store::Note& note : service::notes_of(s, staff_of(c), c.id("id")))
      out.push_back(service::show_note(note, staff_of(c)));
    return json_response(json::serialize(json::object{{"notes", std::move(out)}}));
  });
  routes.post("/api/v1/desk/filings/{id}/notes", Access::staff(), Body::json(k_note_bytes),
              [&s](Context& c) {
                const json::value body = parse_json(c.request.body);
                const auto note = service::write_note(
                    s, staff_of(c), c.id("id"),
                    opt_string(as_object(body), "text", k_note_bytes).value_or(""));
                return json_response(json::serialize(service::show_note(note, staff_of(c))), 201);
              });
  routes.get("/api/v1/desk/colleagues", Access::staff(), [&s](Context& c) {
    std::vector<Id> filings;
    for (const std::string& text : split(c.request.query_or("filings", ""), ',')) {
      if (text.empty()) continue;
      const auto id = id_from_string(text);
      if (!id) throw Refusal(RefusalCode::not_found, "not_found");
      filings.push_back(*id);
    }
    return json_response(json::serialize(service::show_colleagues(s, staff_of(c), filings)));
  });
  routes.get("/api/v1/desk/reminders", Access::staff(), [&s](Context& c) {
    const std::string before = c.request.query_or("before", "0");
    return json_response(json::serialize(
        service::show_reminders(s, staff_of(c), id_from_string(before).value_or(0))));
  });
  routes.post("/api/v1/desk/mentions/seen", Access::staff(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body.empty() ? "{}" : c.request.body);
    const Id filing = opt_id(as_object(body), "filing").value_or(0);
    s.db.write([&](Tx& tx) { store::see_mentions(tx, c.me().account, filing, s.now()); });
    return Response{204, {}, ""};
  });
}

}  // namespace

void add_colleague_routes(Routes& routes, Service& s) {
  service::second_policy_of(s);  // a mistake in it is said at the start
  add_note_routes(routes, s);
  routes.get("/api/v1/desk/filings/{id}/related", Access::staff(), [&s](Context& c) {
    return json_response(json::serialize(s.db.read([&](Reader& reader) {
      return service::show_related(s, reader, staff_of(c),
                                   service::case_of(s, reader, staff_of(c), c.id("id")), c.locale);
    })));
  });
  routes.get("/api/v1/desk/filings/{id}/reasons", Access::staff(), [&s](Context& c) {
    return json_response(json::serialize(s.db.read([&](Reader& reader) {
      return service::show_reason_uses(s, reader, staff_of(c),
                                       service::case_of(s, reader, staff_of(c), c.id("id")));
    })));
  });
  routes.del("/api/v1/desk/wordings/{id}", Access::staff(), [&s](Context& c) {
    if (!s.db.write([&](Tx& tx) { return store::remove_wording(tx, c.me().account, c.id("id")); }))
      throw Refusal(RefusalCode::not_found, "not_found");
    return Response{204, {}, ""};
  });
  routes.post("/api/v1/desk/filings/{id}/hand_over", Access::staff(), Body::json(k_note_bytes),
              [&s](Context& c) {
                const json::value body = parse_json(c.request.body);
                const json::object& in = as_object(body);
                service::hand_over(s, staff_of(c), c.id("id"), get_id(in, "to"),
                                   opt_string(in, "note", k_note_bytes).value_or(""));
                return json_response(json::serialize(s.db.read([&](Reader& reader) {
                  return service::show_case(s, reader,
                                            service::case_of(s, reader, staff_of(c), c.id("id")),
                                            staff_of(c), c.locale);
                })));
              });
}

}  // namespace beian
