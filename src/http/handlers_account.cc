#include "base/json.h"
#include "http/handlers.h"
#include "http/security.h"
#include "service/account.h"
#include "service/agencies.h"

namespace beian {
namespace {

using service::Service;

Response no_content() { return Response{204, {}, ""}; }

std::string secret_of(const Service& s, const Request& request) {
  return request.cookie(session_cookie_name(s.config.http.public_url)).value_or("");
}

json::object show_account(const store::Account& a) {
  return {{"id", id_to_string(a.id)},
          {"email", a.email},
          {"display_name", a.display_name},
          {"role", to_string(a.role)}};
}

json::object show_session(const store::Session& session, Id current) {
  return {{"id", id_to_string(session.id)},
          {"created_at", session.created_at},
          {"last_seen_at", session.last_seen_at},
          {"current", session.id == current},
          {"device", session.device},
          {"ip", session.ip}};
}

json::object agencies_of(Service& s, Id account) {
  return s.db.read([&](Reader& reader) { return service::show_agencies_of(s, reader, account); });
}

void add_entry_routes(Routes& routes, Service& s) {
  routes.post(
      "/api/v1/account/register", Access::anyone(), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        const json::object& in = as_object(body);
        service::register_account(s,
                                  {get_string(in, "email", 254), get_string(in, "password", 1024),
                                   get_string(in, "consent", 40), std::string(c.locale)});
        return Response{202, {}, ""};
      },
      Pace::secret);
  routes.post(
      "/api/v1/account/activate", Access::anyone(), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        service::activate(s, get_string(as_object(body), "token", 100));
        return no_content();
      },
      Pace::secret);
  routes.post(
      "/api/v1/account/login", Access::anyone(), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        const json::object& in = as_object(body);
        const service::LoggedIn done =
            service::log_in(s, get_string(in, "email", 254), get_string(in, "password", 1024),
                            opt_string(in, "code", 40).value_or(""),
                            {c.request.header("user-agent").value_or(""), c.request.remote_ip});
        Response out = json_response(
            json::serialize(json::object{{"account", show_account(done.account)},
                                         {"csrf_token", done.csrf},
                                         {"second_factor_missing", done.must_enrol},
                                         {"agencies", agencies_of(s, done.account.id)}}));
        out.with("set-cookie",
                 session_cookie(s.config.http.public_url, done.secret,
                                static_cast<int>(service::k_session_absolute / 1000)));
        return out;
      },
      Pace::secret);
  routes.post(
      "/api/v1/account/forgot", Access::anyone(), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        service::forgot_password(s, get_string(as_object(body), "email", 254));
        return Response{202, {}, ""};
      },
      Pace::secret);
  routes.post(
      "/api/v1/account/reset", Access::anyone(), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        const json::object& in = as_object(body);
        service::reset_password(s, get_string(in, "token", 100), get_string(in, "password", 1024),
                                {c.request.header("user-agent").value_or(""), c.request.remote_ip});
        return no_content();
      },
      Pace::secret);
}

}  // namespace

std::optional<Identity> identify(Service& s, const Request& request) {
  const std::string secret = secret_of(s, request);
  if (secret.empty()) return std::nullopt;
  const auto known = service::identify(s, secret);
  if (!known) return std::nullopt;
  return acting_for(s, request,
                    {known->account.id, known->account.role, known->session.id, known->session.csrf,
                     known->must_enrol, std::nullopt});
}

void add_account_routes(Routes& routes, Service& s) {
  add_entry_routes(routes, s);
  routes.get("/api/v1/account", Access::anyone(), [&s](Context& c) {
    json::object out{{"account", nullptr},
                     {"csrf_token", ""},
                     {"second_factor_missing", false},
                     {"notice_changed", false},
                     {"agencies", nullptr}};
    if (const auto known = service::identify(s, secret_of(s, c.request))) {
      out["account"] = show_account(known->account);
      out["csrf_token"] = known->session.csrf;
      out["second_factor_missing"] = known->must_enrol;
      out["notice_changed"] = known->account.role == Role::applicant &&
                              known->account.consent != service::k_privacy_notice;
      out["agencies"] = agencies_of(s, known->account.id);
    }
    return json_response(json::serialize(out));
  });
  routes.post("/api/v1/account/logout", Access::account(), Body::none(), [&s](Context& c) {
    service::log_out(s, secret_of(s, c.request));
    Response out = no_content();
    out.with("set-cookie", ended_session_cookie(s.config.http.public_url))
        .with("clear-site-data", "\"cache\"");
    return out;
  });
  routes.get("/api/v1/account/sessions", Access::account(), [&s](Context& c) {
    json::array sessions;
    for (const store::Session& session : service::sessions_of(s, c.me().account))
      sessions.push_back(show_session(session, c.me().session));
    return json_response(json::serialize(json::object{{"sessions", std::move(sessions)}}));
  });
  routes.del("/api/v1/account/sessions/{id}", Access::account(), [&s](Context& c) {
    service::end_session(s, c.me().account, c.id("id"));
    return no_content();
  });
}

}  // namespace beian
