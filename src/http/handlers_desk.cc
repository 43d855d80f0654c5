#include "base/json.h"
#include "http/handlers.h"
#include "service/audit.h"
#include "service/connections.h"
#include "service/line_notes.h"
#include "service/review.h"
#include "service/views.h"
#include "store/exchange.h"
#include "store/filings.h"
#include "store/jobs.h"
#include "store/scopes.h"

namespace beian {
namespace {

using service::Service;
using service::Staff;

Staff staff_of(const Context& c) { return {c.me().account, c.me().role}; }

Response shown_case(Service& s, const Context& c, Id id, bool look = false) {
  const Staff staff = staff_of(c);
  const json::object out = s.db.read([&](Reader& reader) {
    return service::show_case(s, reader, service::case_of(s, reader, staff, id), staff, c.locale);
  });
  if (look && !out.at("masked").as_bool()) service::note_look(s, staff, id, "case");
  return json_response(json::serialize(out));
}

json::value or_null(const std::optional<std::int64_t>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

// A job about no filing is nobody's in particular: for those without a scope.
bool is_within(const Service& s, Reader& reader, const store::StaffScope& scope,
               const store::Job& job) {
  if (!job.filing_id) return false;
  const auto filing = store::find_filing(reader, s.keys, *job.filing_id);
  return filing && scope.covers(filing->province, filing->account_id);
}

json::object show_lines(Service& s, Id staff, std::string_view locale) {
  json::array lines, failing;
  s.db.read([&](Reader& reader) {
    const store::StaffScope scope = store::scope_of(reader, staff);
    for (const BureauConfig& bureau : s.config.bureaus) {
      if (!scope.covers_province(bureau.province)) continue;
      const store::BureauLine line = store::find_line(reader, bureau.province);
      lines.push_back(
          json::object{{"province", line.province},
                       {"last_sequence", line.last_sequence},
                       {"waiting", store::count_waiting(reader, line.province)},
                       {"last_contact_at", or_null(line.last_contact_at)},
                       {"paused", service::line_now(s, bureau).paused},
                       {"last_error", service::note_words(s.texts, locale, line.last_error)}});
    }
    for (const store::Job& job : store::failing_jobs(reader, 100)) {
      if (!scope.is_whole() && !is_within(s, reader, scope, job)) continue;
      failing.push_back(
          json::object{{"id", id_to_string(job.id)},
                       {"kind", job.kind},
                       {"filing_id", job.filing_id ? json::value(id_to_string(*job.filing_id))
                                                   : json::value(nullptr)},
                       {"attempts", job.attempts},
                       {"run_at", job.run_at},
                       {"last_error", service::note_words(s.texts, locale, job.last_error)}});
    }
  });
  return {{"bureaus", std::move(lines)}, {"failing_jobs", std::move(failing)}};
}

void add_case_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/desk/filings/{id}", Access::staff(),
             [&s](Context& c) { return shown_case(s, c, c.id("id"), true); });
  routes.post("/api/v1/desk/filings/{id}/claim", Access::staff(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body.empty() ? "{}" : c.request.body);
    const json::object& in = as_object(body);
    service::claim(s, staff_of(c), c.id("id"),
                   {opt_bool(in, "take_over").value_or(false),
                    opt_string(in, "reason", 1000).value_or(""), true});
    return shown_case(s, c, c.id("id"));
  });
  routes.del("/api/v1/desk/filings/{id}/claim", Access::staff(), [&s](Context& c) {
    service::release(s, staff_of(c), c.id("id"));
    return Response{204, {}, ""};
  });
  routes.put("/api/v1/desk/filings/{id}/corrections", Access::staff(), Body::json(256u << 10),
             [&s](Context& c) {
               const json::value body = parse_json(c.request.body);
               service::draft_corrections(s, staff_of(c), c.id("id"),
                                          service::read_corrections(as_object(body)));
               return shown_case(s, c, c.id("id"));
             });
  routes.post("/api/v1/desk/filings/{id}/calls", Access::staff(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    service::log_call(s, staff_of(c), c.id("id"), get_string(in, "person", 60),
                      get_string(in, "result", 20), opt_string(in, "note", 4000).value_or(""),
                      opt_int(in, "next_at"));
    Response out = shown_case(s, c, c.id("id"));
    out.status = 201;
    return out;
  });
  routes.post("/api/v1/desk/filings/{id}/actions/{action}", Access::staff(), Body::json(256u << 10),
              [&s](Context& c) {
                const json::value body = parse_json(c.request.body);
                const json::object& in = as_object(body);
                const auto action = action_from_string(c.param("action"));
                if (!action) throw Refusal(RefusalCode::not_found, "not_found");
                service::Decision decision{*action, get_int(in, "version"),
                                           opt_string(in, "note", 4000).value_or(""), std::nullopt,
                                           opt_id(in, "second").value_or(0)};
                if (in.contains("corrections"))
                  decision.corrections = service::read_corrections(in);
                service::decide(s, staff_of(c), c.id("id"), decision);
                return shown_case(s, c, c.id("id"));
              });
}

}  // namespace

void add_desk_routes(Routes& routes, Service& s) {
  add_case_routes(routes, s);
  routes.post("/api/v1/desk/next", Access::staff(), Body::json(),
              [&s](Context& c) { return shown_case(s, c, service::claim_next(s, staff_of(c))); });
  routes.get("/api/v1/desk/reasons", Access::staff(),
             [&s](Context&) { return json_response(s.reference.reasons_json); });
  routes.get("/api/v1/desk/enquiries", Access::staff(), [&s](Context&) {
    json::array out;
    for (const store::Enquiry& e :
         s.db.read([&](Reader& reader) { return store::open_enquiries(reader, s.keys, 200); }))
      out.push_back(json::object{{"id", id_to_string(e.id)},
                                 {"created_at", e.at},
                                 {"name", e.name},
                                 {"contact", e.contact},
                                 {"message", e.message}});
    return json_response(json::serialize(json::object{{"enquiries", std::move(out)}}));
  });
  routes.post("/api/v1/desk/enquiries/{id}/done", Access::staff(), Body::json(), [&s](Context& c) {
    s.db.write([&](Tx& tx) {
      if (!store::close_enquiry(tx, c.id("id"), c.me().account, s.now()))
        throw Refusal(RefusalCode::not_found, "not_found");
      service::record(s, tx, {"staff", c.me().account}, "enquiry.done",
                      "enquiry/" + id_to_string(c.id("id")));
    });
    return Response{204, {}, ""};
  });
  routes.get("/api/v1/desk/bureaus", Access::staff(), [&s](Context& c) {
    return json_response(json::serialize(show_lines(s, c.me().account, c.locale)));
  });
}

}  // namespace beian
