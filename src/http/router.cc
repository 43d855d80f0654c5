#include "http/router.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/crypto.h"
#include "base/refusal.h"
#include "base/text.h"
#include "http/security.h"

namespace beian {
namespace {

constexpr std::size_t k_unrouted_body = 64u << 10;  // read to be able to answer 404 or 405

// "/api" itself is the page that explains it.
bool is_api(std::string_view path) { return path.starts_with("/api/"); }

bool changes_state(std::string_view method) { return method != "GET" && method != "OPTIONS"; }

std::vector<std::string> segments_of(std::string_view path) { return split(path.substr(1), '/'); }

bool is_hole(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

// The media type without its parameters, in lower case.
std::string media_type(const Request& request) {
  const auto header = request.header("content-type");
  if (!header) return "";
  std::string type = to_lower_ascii(header->substr(0, header->find(';')));
  type.resize(type.find_last_not_of(" \t") + 1);
  return type;
}

bool is_body_kind_right(const Route& route, const Request& request) {
  if (!changes_state(route.method)) return true;
  const std::string type = media_type(request);
  switch (route.body.kind()) {
    case Body::Kind::none:
      return type.empty() || type == "application/json";
    case Body::Kind::json:
      // A call that may do without a body need not name its kind.
      return type == "application/json" || (type.empty() && request.body.empty());
    case Body::Kind::multipart:
      return type == "multipart/form-data";
  }
  return false;
}

std::string_view to_string(Body::Kind kind) {
  switch (kind) {
    case Body::Kind::none:
      return "none";
    case Body::Kind::json:
      return "json";
    case Body::Kind::multipart:
      return "multipart";
  }
  return "none";
}

std::string_view to_string(Pace pace) {
  switch (pace) {
    case Pace::ordinary:
      return "ordinary";
    case Pace::costly:
      return "costly";
    case Pace::secret:
      return "secret";
  }
  return "ordinary";
}

std::string locale_of_request(const Request& request) {
  return std::string(locale_of(request.header("accept-language").value_or("")));
}

// The token of "Authorization: Bearer …"; nullopt without such a header.
std::optional<std::string> bearer_of(const Request& request) {
  const auto header = request.header("authorization");
  if (!header) return std::nullopt;
  constexpr std::string_view k_scheme = "bearer ";
  if (to_lower_ascii(header->substr(0, k_scheme.size())) != k_scheme) return "";
  std::string token = header->substr(k_scheme.size());
  token.erase(0, token.find_first_not_of(' '));
  return token;
}

std::string request_id_of(const Request& request) {
  return request.header("x-request-id").value_or("-");
}

}  // namespace

std::string_view to_string(Who who) {
  switch (who) {
    case Who::anyone:
      return "anyone";
    case Who::account:
      return "account";
    case Who::staff:
      return "staff";
    case Who::ticket:
      return "ticket";
    case Who::demo:
      return "demo";
  }
  return "anyone";
}

Access Access::staff() {
  return Access(Who::staff, {Role::first_reviewer, Role::photo_reviewer, Role::dispatcher,
                             Role::senior, Role::administrator});
}

bool Access::allows(const std::optional<Identity>& identity) const {
  switch (who_) {
    case Who::anyone:
    case Who::ticket:
    case Who::demo:
      return true;
    case Who::account:
      return identity.has_value();
    case Who::staff:
      return identity && roles_.count(identity->role) > 0;
  }
  return false;
}

const Identity& Context::me() const {
  if (!identity) throw Refusal(RefusalCode::unauthenticated, "login_required");
  return *identity;
}

const std::string& Context::param(std::string_view name) const {
  const auto found = params.find(name);
  if (found == params.end()) throw std::logic_error("the route has no such parameter");
  return found->second;
}

Id Context::id(std::string_view name) const {
  const auto parsed = id_from_string(param(name));
  if (!parsed) throw Refusal(RefusalCode::not_found, "not_found");
  return *parsed;
}

void Routes::get(std::string pattern, Access access, RouteHandler handler, Pace pace) {
  add({"GET", std::move(pattern), std::move(access), Body::none(), pace, std::move(handler)});
}

void Routes::post(std::string pattern, Access access, Body body, RouteHandler handler, Pace pace) {
  add({"POST", std::move(pattern), std::move(access), body, pace, std::move(handler)});
}

void Routes::put(std::string pattern, Access access, Body body, RouteHandler handler, Pace pace) {
  add({"PUT", std::move(pattern), std::move(access), body, pace, std::move(handler)});
}

void Routes::patch(std::string pattern, Access access, Body body, RouteHandler handler, Pace pace) {
  add({"PATCH", std::move(pattern), std::move(access), body, pace, std::move(handler)});
}

void Routes::del(std::string pattern, Access access, RouteHandler handler, Pace pace) {
  add({"DELETE", std::move(pattern), std::move(access), Body::none(), pace, std::move(handler)});
}

void Routes::add(Route route) {
  if (!is_api(route.pattern)) throw std::logic_error("not below /api/: " + route.pattern);
  for (const std::string& segment : segments_of(route.pattern)) {
    const bool braced = segment.find_first_of("{}") != std::string::npos;
    if (segment.empty() || (braced && !is_hole(segment))) {
      throw std::logic_error("malformed pattern: " + route.pattern);
    }
  }
  routes_.push_back(std::move(route));
}

std::string Routes::dump() const {
  std::vector<std::string> lines;
  for (const Route& route : routes_) {
    std::string who(to_string(route.access.who()));
    for (const Role role : route.access.roles()) {
      who += (who.find(':') == who.npos ? ":" : ",") + std::string(to_string(role));
    }
    if (route.access.scope()) who += "+" + std::string(to_string(*route.access.scope()));
    std::string body(to_string(route.body.kind()));
    if (route.body.max_bytes() > 0) body += fmt::format(":{}", route.body.max_bytes());
    lines.push_back(fmt::format("{} {} {} {} {}\n", route.pattern, route.method, who, body,
                                to_string(route.pace)));
  }
  std::sort(lines.begin(), lines.end());
  return join(lines, "");
}

// A segment of paths: literal names come before the hole, so /filings/new wins over /filings/{id}.
struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> hole;
  std::vector<const Route*> routes;  // that end here, one for each method

  const Node* find(const std::vector<std::string>& path, std::size_t depth,
                   std::vector<std::string>& values) const {
    if (depth == path.size()) return routes.empty() ? nullptr : this;
    if (const auto next = literals.find(path[depth]); next != literals.end()) {
      if (const Node* found = next->second->find(path, depth + 1, values)) return found;
    }
    if (!hole || path[depth].empty()) return nullptr;
    values.push_back(path[depth]);
    if (const Node* found = hole->find(path, depth + 1, values)) return found;
    values.pop_back();
    return nullptr;
  }

  void add(const Route& route) {
    Node* node = this;
    for (const std::string& segment : segments_of(route.pattern)) {
      auto& next = is_hole(segment) ? node->hole : node->literals[segment];
      if (!next) next = std::make_unique<Node>();
      node = next.get();
    }
    if (node->route(route.method) != nullptr) {
      throw std::logic_error("route declared twice: " + route.method + " " + route.pattern);
    }
    node->routes.push_back(&route);
  }

  const Route* route(std::string_view method) const {
    const auto found = std::find_if(routes.begin(), routes.end(),
                                    [&](const Route* route) { return route->method == method; });
    return found == routes.end() ? nullptr : *found;
  }

  std::string allowed_methods() const {
    std::vector<std::string> methods;
    for (const Route* route : routes) {
      methods.push_back(route->method);
      if (route->method == "GET") methods.push_back("HEAD");
    }
    return join(methods, ", ");
  }
};

struct Router::Match {
  const Node* node = nullptr;
  std::vector<std::string> values;  // of the holes, from left to right
};

Router::Router(Routes routes, RouterOptions options, const Problems& problems)
    : routes_(std::move(routes)),
      options_(std::move(options)),
      problems_(problems),
      root_(std::make_unique<Node>()) {
  for (const Route& route : routes_.all()) {
    if (route.access.who() != Who::demo || options_.demo) root_->add(route);
  }
  for (std::size_t i = 0; i < k_paces; ++i) {
    limiters_[i] = std::make_unique<RateLimiter>(options_.rates[i]);
  }
}

Router::~Router() = default;

Router::Match Router::match(std::string_view path) const {
  Match match;
  match.node = root_->find(segments_of(path), 0, match.values);
  return match;
}

RouteInfo Router::info(std::string_view method, std::string_view path) const {
  RouteInfo info;
  info.body_limit = k_unrouted_body;
  if (!is_api(path)) {
    info.pattern = "pages";
    return info;
  }
  const Match found = match(path);
  const Route* route = found.node == nullptr ? nullptr : found.node->route(method);
  if (route == nullptr) return info;
  return {route->pattern, route->body.max_bytes()};
}

Response Router::refuse(int status, const Request& seen) const {
  return problems_.render_status(status, locale_of_request(seen), request_id_of(seen));
}

Response Router::handle(const Request& request) const {
  const std::string locale = locale_of_request(request);
  const std::string request_id = request_id_of(request);
  return problems_.guard([&] { return answer(request, locale, request_id); }, locale, request_id);
}

Response Router::answer(const Request& request, std::string_view locale,
                        const std::string& request_id) const {
  if (!is_api(request.path)) {
    if (!options_.pages) return refuse(404, request);
    if (request.method == "GET") return options_.pages(request);
    return refuse(405, request).with("Allow", "GET, HEAD");
  }
  Match found = match(request.path);
  if (found.node == nullptr) return refuse(404, request);
  const Route* route = found.node->route(request.method);
  if (route == nullptr) {
    return refuse(405, request).with("Allow", found.node->allowed_methods());
  }
  check_pace(*route, request);
  Context context{request, route->pattern, {}, request_id, locale, check_access(*route, request)};
  if (!is_body_kind_right(*route, request)) return refuse(415, request);
  auto value = found.values.begin();
  for (const std::string& segment : segments_of(route->pattern)) {
    if (is_hole(segment)) {
      context.params.emplace(segment.substr(1, segment.size() - 2), std::move(*value++));
    }
  }
  const auto work = [&] { return route->handler(context); };
  if (route->method == "POST" && context.identity && options_.once &&
      request.header("idempotency-key"))
    return options_.once(*context.identity, request, work);
  return work();
}

void Router::check_pace(const Route& route, const Request& request) const {
  RateLimiter& limiter = *limiters_[static_cast<std::size_t>(route.pace)];
  const auto wait = limiter.take(rate_key(request.remote_ip), std::chrono::steady_clock::now());
  if (wait.count() == 0) return;
  const auto seconds = (wait.count() + 999) / 1000;
  throw Refusal(RefusalCode::too_many, "rate_limited", {},
                {{"retry_after", std::to_string(seconds)}});
}

std::optional<Identity> Router::check_access(const Route& route, const Request& request) const {
  const bool changes = changes_state(request.method);
  if (changes && !is_same_origin(request, options_.public_url)) {
    throw Refusal(RefusalCode::forbidden, "foreign_origin");
  }
  const bool counts = route.access.who() != Who::ticket && route.access.who() != Who::demo;
  // A program shows its token and nothing that a browser sends by itself.
  if (const auto token = bearer_of(request); token && counts) return check_token(route, *token);
  std::optional<Identity> identity;
  if (counts && options_.identify) identity = options_.identify(request);
  if (!route.access.allows(identity)) {
    if (identity) throw Refusal(RefusalCode::forbidden, "role_missing");
    throw Refusal(RefusalCode::unauthenticated, "login_required");
  }
  if (route.access.who() == Who::staff && identity->must_enrol)
    throw Refusal(RefusalCode::forbidden, "second_factor_missing");
  if (changes && identity) {
    const std::string sent = request.header("x-csrf-token").value_or("");
    if (sent.empty() || !equal_in_constant_time(sent, identity->csrf_token)) {
      throw Refusal(RefusalCode::forbidden, "csrf_token");
    }
  }
  if (identity && identity->member != 0) check_member(route, *identity);
  return identity;
}

void Router::check_member(const Route& route, const Identity& identity) const {
  if (route.access.who() == Who::anyone) return;
  const auto scope = route.access.scope();
  if (!scope) throw Refusal(RefusalCode::forbidden, "agency_in_person");
  if (identity.scopes->count(*scope) == 0) throw Refusal(RefusalCode::forbidden, "agency_role");
}

std::optional<Identity> Router::check_token(const Route& route, const std::string& token) const {
  auto identity = options_.identify_token ? options_.identify_token(token) : std::nullopt;
  if (!identity || !identity->scopes) throw Refusal(RefusalCode::unauthenticated, "token_unknown");
  if (route.access.who() == Who::anyone) return identity;
  if (!route.access.allows(identity)) throw Refusal(RefusalCode::forbidden, "role_missing");
  const auto scope = route.access.scope();
  if (!scope) throw Refusal(RefusalCode::forbidden, "token_not_admitted");
  if (identity->scopes->count(*scope) == 0)
    throw Refusal(RefusalCode::forbidden, "token_scope_missing", {},
                  {{"scope", std::string(to_string(*scope))}});
  return identity;
}

}  // namespace beian
