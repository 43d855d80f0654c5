// Which function answers which request, and who may call it. The table is the whole truth: a route
// cannot be written down without saying who may call it and what body it takes.
//
//   routes.get("/api/v1/filings/{id}", Access::account(), [&](Context& c) {
//     return json_response(show(service.filing(c.me(), c.id("id"))));
//   });
//   routes.post("/api/v1/filings", Access::account(), Body::json(), [&](Context& c) { … });
//
// Before a handler runs, the router has checked in this order: path and method (404, 405 with
// Allow), pace (429), origin (403), log-in and role (401, 403), CSRF token (403) or a token's scope
// (403), kind of body (415). A program's token opens only routes that name a scope; a POST with an
// Idempotency-Key is done once (http/once.h). What belongs to whom is for the handler's service to
// check, in its SQL. A handler ends a request by throwing a Refusal.
#pragma once

#include <array>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/message.h"
#include "filing/vocabulary.h"
#include "http/problem.h"
#include "http/rate_limit.h"
#include "http/server.h"
#include "service/scope.h"

namespace beian {

// Somebody with a live session, or with a token, as the composition root's callbacks found out.
struct Identity {
  Id account = 0;
  Role role = Role::applicant;
  Id session = 0;
  std::string csrf_token;  // secret of this session; state-changing calls repeat it in X-CSRF-Token
  bool must_enrol = false;  // staff without the second factor they need: no staff route answers
  std::optional<std::set<Scope>> scopes = std::nullopt;  // of a token, or of a member's role
  Id member = 0;  // who acts, where `account` is the agency that he acts for
};

enum class Who {
  anyone,   // no log-in needed; an identity is passed on where there is one
  account,  // anybody logged in, for what is his own
  staff,    // the roles named
  ticket,   // the holder of a one-time link: the handler checks it, no session counts
  demo,     // anyone, and only in demo mode: elsewhere the route does not exist
};
std::string_view to_string(Who who);

class Access {
 public:
  static Access anyone() { return Access(Who::anyone, {}); }
  static Access account() { return Access(Who::account, {}); }  // in person: no token
  static Access account(Scope scope) {                          // and tokens that have this scope
    Access access(Who::account, {});
    access.scope_ = scope;
    return access;
  }
  static Access staff();  // whoever works on cases: not the security and audit administrators
  static Access staff(std::initializer_list<Role> roles) { return Access(Who::staff, roles); }
  static Access ticket() { return Access(Who::ticket, {}); }
  static Access demo() { return Access(Who::demo, {}); }

  Who who() const { return who_; }
  const std::set<Role>& roles() const { return roles_; }  // of Who::staff
  std::optional<Scope> scope() const { return scope_; }
  bool allows(const std::optional<Identity>& identity) const;

 private:
  Access(Who who, std::set<Role> roles) : who_(who), roles_(std::move(roles)) {}
  Who who_;
  std::set<Role> roles_;
  std::optional<Scope> scope_;
};

// What a route reads. More than `max_bytes` is answered 413 while it arrives.
class Body {
 public:
  enum class Kind { none, json, multipart };
  static Body none() { return Body(Kind::none, 0); }
  static Body json(std::size_t max_bytes = 64u << 10) { return Body(Kind::json, max_bytes); }
  static Body multipart(std::size_t max_bytes) { return Body(Kind::multipart, max_bytes); }

  Kind kind() const { return kind_; }
  std::size_t max_bytes() const { return max_bytes_; }

 private:
  Body(Kind kind, std::size_t max_bytes) : kind_(kind), max_bytes_(max_bytes) {}
  Kind kind_;
  std::size_t max_bytes_;
};

// Classes of routes whose calls from one address are counted together.
enum class Pace {
  ordinary,
  costly,  // uploads, questions to a bureau
  secret,  // whatever guesses at or sends a secret: log in, register, forgot, tickets
};
constexpr std::size_t k_paces = 3;

struct Context {
  const Request& request;
  std::string_view route;  // the pattern
  std::map<std::string, std::string, std::less<>> params;
  std::string request_id;
  std::string_view locale;  // "zh-CN" or "en"
  std::optional<Identity> identity;

  const Identity& me() const;  // of routes for account or staff: always there
  const std::string& param(std::string_view name) const;
  Id id(std::string_view name) const;  // throws Refusal{not_found} when it is no id
};

using RouteHandler = std::function<Response(Context&)>;

struct Route {
  std::string method, pattern;
  Access access;
  Body body;
  Pace pace;
  RouteHandler handler;
};

class Routes {
 public:
  // Patterns are "/literal/{name}/…". Throw std::logic_error for a malformed or doubled one.
  void get(std::string pattern, Access access, RouteHandler handler, Pace pace = Pace::ordinary);
  void post(std::string pattern, Access access, Body body, RouteHandler handler,
            Pace pace = Pace::ordinary);
  void put(std::string pattern, Access access, Body body, RouteHandler handler,
           Pace pace = Pace::ordinary);
  void patch(std::string pattern, Access access, Body body, RouteHandler handler,
             Pace pace = Pace::ordinary);
  void del(std::string pattern, Access access, RouteHandler handler, Pace pace = Pace::ordinary);

  const std::vector<Route>& all() const { return routes_; }
  // One line a route, sorted: "/api/v1/filings POST account+filings.write json:65536 ordinary".
  std::string dump() const;

 private:
  void add(Route route);
  std::vector<Route> routes_;
};

struct RouterOptions {
  std::string public_url;  // whose origin state-changing calls must come from
  bool demo = false;
  std::array<Rate, k_paces> rates{{{50, 400}, {5, 60}, {0.5, 30}}};  // by Pace, for one address
  // From the request's cookie to a live session; nullopt for none. May block (a database read).
  std::function<std::optional<Identity>(const Request&)> identify;
  // From "Authorization: Bearer …" to the token's account; nullopt for a token that does not hold.
  std::function<std::optional<Identity>(const std::string& token)> identify_token;
  // Answers a POST that carries an Idempotency-Key, by `work` or from what it answered before.
  std::function<Response(const Identity&, const Request&, const std::function<Response()>& work)>
      once;
  // Answers GET for whatever is not below /api/: the pages.
  Handler pages;
};

class Router {
 public:
  // `problems` must outlive this object.
  Router(Routes routes, RouterOptions options, const Problems& problems);
  ~Router();

  // Never throws. Safe from any thread.
  Response handle(const Request& request) const;
  // For ServerOptions::route and ::refuse.
  RouteInfo info(std::string_view method, std::string_view path) const;
  Response refuse(int status, const Request& seen) const;

 private:
  struct Node;
  struct Match;
  Match match(std::string_view path) const;
  Response answer(const Request& request, std::string_view locale,
                  const std::string& request_id) const;
  void check_pace(const Route& route, const Request& request) const;
  std::optional<Identity> check_access(const Route& route, const Request& request) const;
  std::optional<Identity> check_token(const Route& route, const std::string& token) const;
  void check_member(const Route& route, const Identity& identity) const;

  Routes routes_;
  RouterOptions options_;
  const Problems& problems_;
  std::unique_ptr<Node> root_;
  std::array<std::unique_ptr<RateLimiter>, k_paces> limiters_;
};

}  // namespace beian
