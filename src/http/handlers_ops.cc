// Administration: the second factor and the data of one's own account, and who works here.
#include "base/json.h"
#include "base/text.h"
#include "http/handlers.h"
#include "http/handlers_administration.h"
#include "service/account.h"
#include "service/privacy.h"
#include "service/retention.h"
#include "service/second_factor.h"
#include "service/staff.h"

namespace beian {
namespace {

using service::Service;
using service::Staff;

Staff staff_of(const Context& c) { return {c.me().account, c.me().role}; }

Response no_content() { return Response{204, {}, ""}; }

store::Account account_of(Service& s, const Context& c) {
  return s.db.read(
      [&](Reader& reader) { return store::find_account(reader, s.keys, c.me().account).value(); });
}

void add_second_factor_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/account/second_factor", Access::account(), [&s](Context& c) {
    const service::FactorStanding now = service::factor_standing(s, account_of(s, c));
    return json_response(json::serialize(json::object{{"required", now.required},
                                                      {"enrolled", now.enrolled},
                                                      {"recovery_codes", now.recovery_codes}}));
  });
  routes.post("/api/v1/account/second_factor", Access::account(), Body::none(), [&s](Context& c) {
    const service::Enrolment made = service::begin_enrolment(s, account_of(s, c));
    return json_response(json::serialize(json::object{
        {"secret", made.secret}, {"qr_path", made.qr.path}, {"qr_size", made.qr.size}}));
  });
  routes.post(
      "/api/v1/account/second_factor/confirm", Access::account(), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        json::array codes;
        for (const std::string& code :
             service::confirm_enrolment(s, c.me().account, get_string(as_object(body), "code", 40)))
          codes.push_back(json::value(code));
        return json_response(json::serialize(json::object{{"recovery_codes", std::move(codes)}}));
      },
      Pace::secret);
  routes.post(
      "/api/v1/account/second_factor/remove", Access::account(), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        service::remove_enrolment(s, account_of(s, c), get_string(as_object(body), "code", 40));
        return no_content();
      },
      Pace::secret);
}

void add_privacy_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/account/privacy", Access::account(), [&s](Context& c) {
    const service::PrivacyStanding now = service::privacy_standing(s, account_of(s, c));
    json::array consents, under_way;
    for (const store::Consent& one : now.consents)
      consents.push_back(json::object{
          {"purpose", one.purpose}, {"version", one.version}, {"given_at", one.given_at}});
    for (const Id id : now.under_way) under_way.push_back(json::value(id_to_string(id)));
    const json::object retention = service::show_retention(s, c.locale);
    json::array rules;  // what was erased of everybody is not this reader's matter
    for (const json::value& rule : retention.at("rules").as_array())
      rules.push_back(json::object{
          {"name", rule.at("name")}, {"days", rule.at("days")}, {"source", rule.at("source")}});
    return json_response(json::serialize(json::object{{"notice", service::k_privacy_notice},
                                                      {"agreed", now.agreed_version},
                                                      {"consents", std::move(consents)},
                                                      {"under_way", std::move(under_way)},
                                                      {"approved", now.approved},
                                                      {"rules", std::move(rules)},
                                                      {"kept", retention.at("kept")}}));
  });
  routes.post("/api/v1/account/consent", Access::account(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    service::agree(s, c.me().account, get_string(as_object(body), "version", 40));
    return no_content();
  });
  routes.post(
      "/api/v1/account/export", Access::account(), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        Response out{200,
                     {},
                     service::export_account(s, account_of(s, c),
                                             get_string(as_object(body), "password", 1024))};
        out.with("content-type", "application/zip")
            .with("content-disposition", "attachment; filename=\"beian-export.zip\"")
            .with("cache-control", "no-store");
        return out;
      },
      Pace::secret);
  routes.post(
      "/api/v1/account/erase", Access::account(), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        service::erase_account(s, account_of(s, c), get_string(as_object(body), "password", 1024));
        return no_content();
      },
      Pace::secret);
}

json::object show_scope(const store::StaffScope& scope, const std::vector<std::string>& customers) {
  json::array provinces, addresses;
  for (const std::string& province : scope.provinces) provinces.push_back(json::value(province));
  for (const std::string& address : customers) addresses.push_back(json::value(address));
  return {{"provinces", std::move(provinces)}, {"customers", std::move(addresses)}};
}

std::vector<std::string> strings_of(const json::object& body, std::string_view name) {
  std::vector<std::string> out;
  const json::value* list = body.if_contains(name);
  if (!list) return out;
  if (!list->is_array() || list->get_array().size() > 1000)
    throw Refusal(RefusalCode::invalid, "grant_invalid",
                  {{std::string(name), "member_type", {}, "", "", true}});
  for (const json::value& one : list->get_array()) {
    if (!one.is_string() || one.get_string().size() > 254)
      throw Refusal(RefusalCode::invalid, "grant_invalid",
                    {{std::string(name), "member_type", {}, "", "", true}});
    out.emplace_back(one.get_string());
  }
  return out;
}

json::object show_staff(const service::StaffRow& row) {
  return {{"id", id_to_string(row.account.id)},
          {"email", row.account.email},
          {"display_name", row.account.display_name},
          {"role", to_string(row.account.role)},
          {"state", row.account.state},
          {"second_factor", row.second_factor},
          {"scope", show_scope(row.scope, row.customers)},
          {"last_seen_at",
           row.last_seen_at == 0 ? json::value(nullptr) : json::value(row.last_seen_at)}};
}

json::object show_grant(const service::OpenGrant& open) {
  const store::RoleGrant& grant = open.grant;
  return {{"id", id_to_string(grant.id)},
          {"account_id", id_to_string(grant.account_id)},
          {"email", grant.email},
          {"display_name", grant.display_name},
          {"role", grant.role},
          {"previous_role", grant.previous_role},
          {"scope", show_scope(grant.scope, open.customers)},
          {"asked_by", id_to_string(grant.asked_by)},
          {"asked_by_name", grant.asked_by_name},
          {"asked_at", grant.asked_at}};
}

void add_staff_routes(Routes& routes, Service& s) {
  const Access both = Access::staff({Role::security_administrator, Role::administrator});
  const Access security = Access::staff({Role::security_administrator});
  routes.get("/api/v1/desk/staff", both, [&s](Context&) {
    json::array staff, grants;
    for (const auto& row : service::list_staff(s)) staff.push_back(show_staff(row));
    for (const auto& grant : service::open_grants(s)) grants.push_back(show_grant(grant));
    return json_response(
        json::serialize(json::object{{"staff", std::move(staff)}, {"grants", std::move(grants)}}));
  });
  routes.post("/api/v1/desk/staff/grants", security, Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    const auto role = role_from_string(get_string(in, "role", 60));
    const Id id = service::ask_grant(
        s, staff_of(c),
        {get_string(in, "email", 254), opt_string(in, "display_name", 200).value_or(""),
         role.value_or(Role::applicant), strings_of(in, "provinces"), strings_of(in, "customers")});
    Response out = json_response(json::serialize(json::object{{"id", id_to_string(id)}}));
    out.status = 201;
    return out;
  });
  routes.post("/api/v1/desk/staff/grants/{id}/grant", both, Body::none(), [&s](Context& c) {
    service::decide_grant(s, staff_of(c), c.id("id"), true);
    return no_content();
  });
  routes.post("/api/v1/desk/staff/grants/{id}/refuse", both, Body::none(), [&s](Context& c) {
    service::decide_grant(s, staff_of(c), c.id("id"), false);
    return no_content();
  });
  routes.post("/api/v1/desk/staff/{id}/disable", security, Body::none(), [&s](Context& c) {
    service::disable_staff(s, staff_of(c), c.id("id"));
    return no_content();
  });
  routes.del("/api/v1/desk/staff/{id}/second_factor", security, [&s](Context& c) {
    service::reset_second_factor(s, staff_of(c), c.id("id"));
    return no_content();
  });
}

}  // namespace

void add_operation_routes(Routes& routes, Service& s) {
  add_second_factor_routes(routes, s);
  add_privacy_routes(routes, s);
  add_staff_routes(routes, s);
  add_audit_routes(routes, s);
}

}  // namespace beian
