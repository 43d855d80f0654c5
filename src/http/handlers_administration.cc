// Administration: settings with their history, the words of notices, jobs, announcements, what was
// erased.
#include "http/handlers_administration.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "http/handlers.h"
#include "service/account.h"
#include "service/announcements.h"
#include "service/job_desk.h"
#include "service/retention.h"
#include "service/setting_changes.h"

namespace beian {
namespace {

using service::Service;
using service::Staff;

constexpr std::size_t k_setting_bytes = 80u << 10;

Staff staff_of(const Context& c) { return {c.me().account, c.me().role}; }
Access administrators() { return Access::staff({Role::administrator}); }
Access editors() { return Access::staff({Role::administrator, Role::rules_editor}); }

Response answer(const json::object& object) { return json_response(json::serialize(object)); }
Response no_content() { return Response{204, {}, ""}; }

// A rules editor has a part in the words of notices only.
std::string setting_of(const Context& c) {
  const std::string& name = c.param("name");
  if (!service::may_change_setting(c.me().role, name))
    throw Refusal(RefusalCode::forbidden, "role_forbidden");
  return name;
}

json::value value_in(const json::object& body) {
  const json::value* value = body.if_contains("value");
  if (!value)
    throw Refusal(RefusalCode::invalid, "setting_invalid",
                  {{"value", "required", {}, "", "", true}});
  return *value;
}

Id id_in(const json::object& body, std::string_view name) {
  return id_from_string(get_string(body, name, 20)).value_or(0);
}

void add_setting_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/desk/settings", administrators(),
             [&s](Context&) { return answer(service::list_settings(s)); });
  routes.get("/api/v1/desk/notices", editors(),
             [&s](Context& c) { return answer(service::list_notice_texts(s, c.locale)); });
  routes.get("/api/v1/desk/settings/{name}", editors(),
             [&s](Context& c) { return answer(service::show_setting(s, setting_of(c))); });
  routes.post(
      "/api/v1/desk/settings/{name}/preview", editors(), Body::json(k_setting_bytes),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        return answer(service::preview_setting(s, setting_of(c), value_in(as_object(body))));
      });
  routes.put("/api/v1/desk/settings/{name}", editors(), Body::json(k_setting_bytes),
             [&s](Context& c) {
               const json::value body = parse_json(c.request.body);
               const json::object& in = as_object(body);
               service::change_setting(s, staff_of(c),
                                       {setting_of(c), value_in(in), id_in(in, "version"),
                                        opt_string(in, "note", 2000).value_or("")});
               return answer(service::show_setting(s, c.param("name")));
             });
  routes.post("/api/v1/desk/settings/{name}/undo", editors(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    service::undo_setting(s, staff_of(c), setting_of(c), id_in(in, "change"), id_in(in, "version"));
    return answer(service::show_setting(s, c.param("name")));
  });
}

std::string word_of(const Context& c, const char* name) {
  const std::string text = c.request.query_or(name, "");
  if (text.size() > 60 ||
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") != std::string::npos)
    throw Refusal(RefusalCode::invalid, "page_invalid");
  return text;
}

// Named one by one, or all of a kind and state: {ids} or {kind, state}; one of them is given.
store::JobQuery jobs_in(const json::object& body) {
  store::JobQuery out;
  out.kind = opt_string(body, "kind", 60).value_or("");
  out.state = opt_string(body, "state", 20).value_or("");
  if (const json::value* ids = body.if_contains("ids"); ids && ids->is_array())
    for (const json::value& id : ids->get_array())
      if (id.is_string() && out.ids.size() < 500)
        if (const auto known = id_from_string(std::string(id.get_string())))
          out.ids.push_back(*known);
  if (out.ids.empty() && out.state.empty())
    throw Refusal(RefusalCode::invalid, "jobs_unnamed", {{"ids", "required", {}, "", "", true}});
  return out;
}

void add_job_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/desk/jobs", administrators(), [&s](Context& c) {
    store::JobQuery query;
    query.kind = word_of(c, "kind");
    query.state = word_of(c, "state");
    query.after = id_from_string(c.request.query_or("after", "")).value_or(0);
    return answer(service::show_jobs(s, query, c.locale));
  });
  routes.post("/api/v1/desk/jobs/retry", administrators(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    return answer({{"done", service::retry_jobs(s, staff_of(c), jobs_in(as_object(body)))}});
  });
  routes.post("/api/v1/desk/jobs/give_up", administrators(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    return answer({{"done", service::give_up_jobs(s, staff_of(c), jobs_in(as_object(body)))}});
  });
}

json::object show_announcement(const store::Announcement& a) {
  return {{"id", id_to_string(a.id)},
          {"audience", a.audience},
          {"tone", a.tone},
          {"text_zh", a.text_zh},
          {"text_en", a.text_en},
          {"from_at", a.from_at},
          {"until_at", a.until_at},
          {"by_name", a.by_name},
          {"at", a.at},
          {"ended_at", a.ended_at ? json::value(*a.ended_at) : json::value(nullptr)}};
}

Response listed_announcements(Service& s, int status) {
  json::array out;
  for (const store::Announcement& a : service::list_announcements(s))
    out.push_back(show_announcement(a));
  Response response = answer({{"announcements", std::move(out)}});
  response.status = status;
  return response;
}

store::Announcement announcement_in(const Context& c, Id id) {
  const json::value body = parse_json(c.request.body);
  const json::object& in = as_object(body);
  store::Announcement out;
  out.id = id;
  out.audience = get_string(in, "audience", 20);
  out.tone = get_string(in, "tone", 20);
  out.text_zh = get_string(in, "text_zh", 4000);
  out.text_en = get_string(in, "text_en", 4000);
  out.from_at = get_int(in, "from_at");
  out.until_at = get_int(in, "until_at");
  return out;
}

void add_announcement_routes(Routes& routes, Service& s) {
  // Everybody's: applicants and visitors; the staff's own are asked for with an account.
  routes.get("/api/v1/announcements", Access::anyone(), [&s](Context& c) {
    return answer({{"announcements", service::current_announcements(s, "applicants", c.locale)}});
  });
  routes.get("/api/v1/account/announcements", Access::account(), [&s](Context& c) {
    return answer(
        {{"announcements", service::current_announcements(
                               s, is_staff(c.me().role) ? "staff" : "applicants", c.locale)}});
  });
  routes.get("/api/v1/desk/announcements", administrators(),
             [&s](Context&) { return listed_announcements(s, 200); });
  routes.post("/api/v1/desk/announcements", administrators(), Body::json(), [&s](Context& c) {
    service::put_announcement(s, staff_of(c), announcement_in(c, 0));
    return listed_announcements(s, 201);
  });
  routes.put("/api/v1/desk/announcements/{id}", administrators(), Body::json(), [&s](Context& c) {
    service::put_announcement(s, staff_of(c), announcement_in(c, c.id("id")));
    return listed_announcements(s, 200);
  });
  routes.post("/api/v1/desk/announcements/{id}/end", administrators(), Body::none(),
              [&s](Context& c) {
                service::end_announcement(s, staff_of(c), c.id("id"));
                return no_content();
              });
}

}  // namespace

void add_administration_routes(Routes& routes, Service& s) {
  add_setting_routes(routes, s);
  add_job_routes(routes, s);
  add_announcement_routes(routes, s);
  add_product_desk_routes(routes, s);
  add_connection_routes(routes, s);
  routes.get(
      "/api/v1/desk/retention",
      Access::staff({Role::administrator, Role::security_administrator, Role::audit_administrator}),
      [&s](Context& c) { return answer(service::show_retention(s, c.locale)); });
}

}  // namespace beian
