#include "base/json.h"
#include "http/by.h"
#include "http/handlers.h"
#include "service/agencies.h"
#include "service/clients.h"

namespace beian {
namespace {

using service::Service;

constexpr std::string_view k_agency_header = "beian-agency";

// A member for his agency, the agency's own account, or a token of it.
Access read_access() { return Access::account(Scope::filings_read); }
Access write_access() { return Access::account(Scope::filings_write); }
Access owner_access() { return Access::account(Scope::agency_owner); }

Id person_of(const Identity& me) { return by(me).person; }
bool is_owner(const Identity& me) { return !me.scopes || me.scopes->contains(Scope::agency_owner); }

Response no_content() { return Response{204, {}, ""}; }
Response shown(const json::object& body, int status = 200) {
  return json_response(json::serialize(body), status);
}

void add_person_routes(Routes& routes, Service& s) {
  routes.post("/api/v1/account/agency", Access::account(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    service::ask_agency(s, c.me().account,
                        {get_string(in, "name", 400), opt_string(in, "note", 6000).value_or("")});
    return no_content();
  });
  routes.get("/api/v1/account/agencies", Access::account(), [&s](Context& c) {
    return shown(s.db.read(
        [&](Reader& reader) { return service::show_agencies_of(s, reader, c.me().account); }));
  });
  routes.del("/api/v1/account/agencies/{id}", Access::account(), [&s](Context& c) {
    service::remove_member(s, c.id("id"), c.me().account, c.me().account);
    return no_content();
  });
  routes.get(
      "/api/v1/account/agency_invitations/{token}", Access::account(),
      [&s](Context& c) {
        return shown(service::show_invitation(s, c.me().account, c.param("token")));
      },
      Pace::secret);
  routes.post(
      "/api/v1/account/agency_invitations/{token}", Access::account(), Body::none(),
      [&s](Context& c) {
        service::accept_invitation(s, c.me().account, c.param("token"));
        return no_content();
      },
      Pace::secret);
}

void add_member_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/agency", read_access(), [&s](Context& c) {
    return shown(service::show_agency(s, c.me().account, person_of(c.me())));
  });
  routes.get("/api/v1/agency/members", read_access(), [&s](Context& c) {
    return shown(service::show_members(s, c.me().account, person_of(c.me()), is_owner(c.me())));
  });
  routes.patch("/api/v1/agency/members/{id}", owner_access(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    service::change_member(s, c.me().account, person_of(c.me()), c.id("id"),
                           get_string(as_object(body), "role", 20));
    return no_content();
  });
  routes.del("/api/v1/agency/members/{id}", owner_access(), [&s](Context& c) {
    service::remove_member(s, c.me().account, person_of(c.me()), c.id("id"));
    return no_content();
  });
  routes.post(
      "/api/v1/agency/invitations", owner_access(), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        const json::object& in = as_object(body);
        service::invite_member(s, c.me().account, person_of(c.me()), get_string(in, "email", 254),
                               get_string(in, "role", 20));
        return no_content();
      },
      Pace::secret);
  routes.del("/api/v1/agency/invitations/{id}", owner_access(), [&s](Context& c) {
    service::take_back_invitation(s, c.me().account, person_of(c.me()), c.id("id"));
    return no_content();
  });
}

store::FilingPage read_page(const Request& request) {
  store::FilingPage page;
  const std::string client = request.query_or("client", "");
  if (client == "none")
    page.client = 0;
  else if (!client.empty())
    page.client = id_from_string(client).value_or(-1);
  page.turn = request.query_or("turn", "");
  page.word = request.query_or("q", "").substr(0, 200);
  service::read_position(request.query_or("after", "").substr(0, 60), page);
  return page;
}

void add_client_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/agency/clients", read_access(), [&s](Context& c) {
    return shown(
        service::show_clients(s, c.me().account, c.request.query_or("q", "").substr(0, 200)));
  });
  routes.post("/api/v1/agency/clients", write_access(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    return shown(service::add_client(s, c.me().account, get_string(as_object(body), "name", 400)),
                 201);
  });
  routes.get("/api/v1/agency/clients/{id}", read_access(), [&s](Context& c) {
    return shown(service::show_client(s, c.me().account, c.id("id")));
  });
  routes.patch("/api/v1/agency/clients/{id}", write_access(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    return shown(service::rename_client(s, c.me().account, c.id("id"),
                                        get_string(as_object(body), "name", 400)));
  });
  routes.del("/api/v1/agency/clients/{id}", write_access(), [&s](Context& c) {
    service::remove_client(s, c.me().account, c.id("id"));
    return no_content();
  });
  routes.get("/api/v1/agency/filings", read_access(), [&s](Context& c) {
    return shown(service::show_agency_filings(s, c.me().account, read_page(c.request), c.locale));
  });
  routes.put("/api/v1/agency/filings/{id}/client", write_access(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    service::move_filing_to_client(s, c.me().account, c.id("id"),
                                   get_id(as_object(body), "client_id"));
    return no_content();
  });
}

void add_desk_routes_of_agencies(Routes& routes, Service& s) {
  const Access administrator = Access::staff({Role::administrator});
  routes.get("/api/v1/desk/agencies", administrator, [&s](Context&) {
    return shown({{"agencies", service::list_agencies(s)}});
  });
  routes.post("/api/v1/desk/agencies", administrator, Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    service::appoint_agency(s, {c.me().account, c.me().role}, get_string(in, "email", 254),
                            get_string(in, "name", 400));
    return no_content();
  });
  routes.post("/api/v1/desk/agencies/{id}", administrator, Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    const std::string what = get_string(in, "decision", 20);
    using service::AgencyDecision;
    const auto decision = what == "accept"   ? std::optional(AgencyDecision::accept)
                          : what == "refuse" ? std::optional(AgencyDecision::refuse)
                          : what == "end"    ? std::optional(AgencyDecision::end)
                                             : std::nullopt;
    if (!decision)
      throw Refusal(RefusalCode::invalid, "request_invalid",
                    {{"decision", "choice_unknown", {}, "", "", true}});
    service::decide_agency(s, {c.me().account, c.me().role}, c.id("id"), *decision,
                           opt_string(in, "reason", 4000).value_or(""));
    return no_content();
  });
}

}  // namespace

Identity acting_for(Service& s, const Request& request, Identity person) {
  std::string named = request.header(k_agency_header).value_or("");
  // A link (a picture, a download) cannot carry a header.
  if (named.empty() && request.method == "GET") named = request.query_or("agency", "");
  if (named.empty()) return person;
  const auto agency = id_from_string(named);
  if (!agency || is_staff(person.role)) throw Refusal(RefusalCode::forbidden, "agency_not_member");
  if (*agency == person.account) return person;
  person.scopes = service::scopes_of(service::acting_role(s, *agency, person.account));
  person.member = person.account;
  person.account = *agency;
  return person;
}

void add_agency_routes(Routes& routes, Service& s) {
  add_person_routes(routes, s);
  add_member_routes(routes, s);
  add_client_routes(routes, s);
  add_desk_routes_of_agencies(routes, s);
}

}  // namespace beian
