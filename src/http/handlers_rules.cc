// Rules for everybody (what does this bureau want?), for a filing, and for the operator's desk.
#include "base/json.h"
#include "base/shown_problem.h"
#include "base/text.h"
#include "filing/check.h"
#include "http/handlers.h"
#include "service/content_access.h"
#include "service/draft.h"
#include "service/review.h"
#include "service/rule_changes.h"
#include "service/rule_facts.h"
#include "service/rules.h"
#include "store/rules.h"

namespace beian {
namespace {

using service::Service;

service::Staff staff_of(const Context& c) { return {c.me().account, c.me().role}; }

std::string province_of(Service& s, const Context& c) {
  const std::string& province = c.param("province");
  if (!s.reference.rules->knows(province)) throw Refusal(RefusalCode::not_found, "not_found");
  return province;
}

Access rule_readers() {
  return Access::staff({Role::first_reviewer, Role::photo_reviewer, Role::dispatcher, Role::senior,
                        Role::rules_editor, Role::administrator});
}

// Rules are changed by those who answer for them.
void require_chief(const Context& c) {
  if (c.me().role != Role::senior && c.me().role != Role::administrator &&
      c.me().role != Role::rules_editor)
    throw Refusal(RefusalCode::forbidden, "rule_not_yours");
}

Response with_etag(const Context& c, const std::string& text, const std::string& etag) {
  if (c.request.header("if-none-match") == etag) return Response{304, {{"etag", etag}}, ""};
  Response out = json_response(text);
  out.with("etag", etag).with("cache-control", "public, max-age=60");
  return out;
}

Response show_rules(Service& s, const Context& c) {
  const std::string province = province_of(s, c);
  const auto set =
      s.db.read([&](Reader& reader) { return service::current_rules(s, reader, province); });
  return with_etag(c, set->document, "\"" + set->digest + "\"");
}

// Everything wrong with content that is no filing yet: for programs that ask before they file.
Response precheck(Service& s, const Context& c) {
  const json::value body = parse_json(c.request.body);
  const json::object& in = as_object(body);
  const std::string kind = opt_string(in, "kind", 40).value_or("first_filing");
  const auto known = kind_from_string(kind);
  if (!known)
    throw Refusal(RefusalCode::invalid, "content_invalid",
                  {{"kind", "choice_unknown", {}, "", "", true}});
  const json::value* given = in.if_contains("content");
  if (!given || !given->is_object())
    throw Refusal(RefusalCode::invalid, "content_invalid",
                  {{"content", "member_type", {}, "", "", true}});
  const json::object& content = given->get_object();
  const std::string province = service::text_at(content, "organiser.province");
  const Day today = shanghai_day(s.now());
  const Form& form = s.reference.form_of(*known);
  const Looked looked = look_at(form, content, today, service::counted_facts(kind, content, 0));
  const auto nation = service::recent_rules(s, std::string(k_nation));
  std::vector<Problem> problems =
      check_form(form, s.reference.catalogue, nation->file.rules, content, {}, today, looked);
  const auto report =
      service::judge_looked(s, service::recent_rules(s, province), kind, content, {}, looked);
  drop_replaced(problems, report.outcomes);
  for (Problem& problem : problems_of(report.outcomes)) problems.push_back(std::move(problem));
  json::object out = service::show_report(report, s.texts, c.locale);
  out["problems"] = shown_problems(problems, s.texts, c.locale);
  return json_response(json::serialize(out));
}

// Changes that wait for a second person.
void add_changes(Routes& routes, Service& s) {
  const Access chiefs = Access::staff({Role::senior, Role::rules_editor, Role::administrator});
  routes.get("/api/v1/desk/rule_changes", chiefs, [&s](Context& c) {
    return json_response(json::serialize(service::show_rule_changes(s, staff_of(c), c.locale)));
  });
  routes.post(
      "/api/v1/desk/rule_changes/{id}/preview", chiefs, Body::none(),
      [&s](Context& c) {
        return json_response(json::serialize(service::preview_rule_change(s, c.id("id"))));
      },
      Pace::costly);
  routes.post("/api/v1/desk/rule_changes/{id}/agree", chiefs, Body::none(), [&s](Context& c) {
    service::agree_rule_change(s, staff_of(c), c.id("id"));
    return Response{204, {}, ""};
  });
  routes.post("/api/v1/desk/rule_changes/{id}/refuse", chiefs, Body::none(), [&s](Context& c) {
    service::refuse_rule_change(s, staff_of(c), c.id("id"));
    return Response{204, {}, ""};
  });
}

void add_desk(Routes& routes, Service& s) {
  routes.get("/api/v1/desk/filings/{id}/rules", Access::staff(), [&s](Context& c) {
    return json_response(json::serialize(s.db.read([&](Reader& reader) {
      const store::Filing filing = service::case_of(s, reader, staff_of(c), c.id("id"));
      json::object out = service::show_report(
          service::judge_filing(s, reader, filing, service::parse_content(filing.content)), s.texts,
          c.locale);
      out["decisions"] = service::show_decisions(s, reader, filing.id);
      return out;
    })));
  });
  routes.post(
      "/api/v1/desk/filings/{id}/rules/{rule}", Access::staff(), Body::json(), [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        const json::object& in = as_object(body);
        service::decide_finding(s, staff_of(c), c.id("id"), c.param("rule"),
                                get_string(in, "field", 200), get_string(in, "decision", 20),
                                get_string(in, "reason", 2000));
        return Response{204, {}, ""};
      });
  routes.get("/api/v1/desk/rules/{province}", rule_readers(), [&s](Context& c) {
    const std::string province = province_of(s, c);
    return json_response(json::serialize(s.db.read(
        [&](Reader& reader) { return service::show_desk_rules(s, reader, province, c.locale); })));
  });
  routes.post(
      "/api/v1/desk/rules/{province}/{rule}/preview", rule_readers(), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        require_chief(c);
        const std::string province = province_of(s, c);
        const json::object edit = service::read_rule_edit(as_object(body));
        json::object out = service::preview_rule_edit(s, province, c.param("rule"), edit);
        out["needs_second"] =
            service::needs_second(s, staff_of(c), province, c.param("rule"), edit);
        return json_response(json::serialize(out));
      },
      Pace::costly);
  routes.post("/api/v1/desk/rules/{province}/{rule}", rule_readers(), Body::json(),
              [&s](Context& c) {
                const json::value body = parse_json(c.request.body);
                require_chief(c);
                const std::string province = province_of(s, c);
                service::publish_rule_edit(s, staff_of(c), province, c.param("rule"),
                                           service::read_rule_edit(as_object(body)),
                                           get_string(as_object(body), "note", 2000));
                json::object out = s.db.read([&](Reader& reader) {
                  return service::show_desk_rules(s, reader, province, c.locale);
                });
                out["waits"] = service::waits_for_second(s, staff_of(c), province, c.param("rule"));
                return json_response(json::serialize(out));
              });
  add_changes(routes, s);
}

}  // namespace

void add_rule_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/rules", Access::anyone(),
             [&s](Context&) { return json_response(s.reference.rules->common_json()); });
  routes.get("/api/v1/rules/{province}", Access::anyone(),
             [&s](Context& c) { return show_rules(s, c); });
  routes.post("/api/v1/precheck", Access::anyone(), Body::json(256u << 10),
              [&s](Context& c) { return precheck(s, c); });
  routes.get("/api/v1/filings/{id}/rules", Access::account(Scope::filings_read), [&s](Context& c) {
    return json_response(json::serialize(s.db.read([&](Reader& reader) {
      const store::Filing filing = service::own_filing(s, reader, c.me().account, c.id("id"));
      json::object out = service::show_report(
          service::judge_filing(s, reader, filing, service::parse_content(filing.content)), s.texts,
          c.locale);
      // The page judges as one types, by the same version and with what is known besides.
      out["known"] =
          service::outside_facts(s, reader, filing, service::parse_content(filing.content));
      out["rules"] = parse_json(service::rules_of(s, reader, filing)->document).at("rules");
      out["nation"] =
          parse_json(service::national_rules_of(s, reader, filing)->document).at("rules");
      return out;
    })));
  });
  add_desk(routes, s);
}

}  // namespace beian
