// The officer's console as JSON (docs/bureau.md). Whoever has the token may do everything.
#include "base/crypto.h"
#include "base/text.h"
#include "sandbox/console_call.h"
#include "sandbox/console_lists.h"
#include "sandbox/inside.h"

namespace beian::sandbox {
namespace {

int status_of(RefusalCode code) {
  switch (code) {
    case RefusalCode::bad_request:
      return 400;
    case RefusalCode::unauthenticated:
      return 401;
    case RefusalCode::not_found:
      return 404;
    case RefusalCode::conflict:
      return 409;
    case RefusalCode::invalid:
      return 422;
    case RefusalCode::too_large:
      return 413;
    default:
      return 400;
  }
}

Response refused(const Refusal& refusal) {
  json::array problems;
  for (const auto& problem : refusal.problems()) {
    json::object params;
    for (const auto& [key, value] : problem.params) params[key] = value;
    problems.push_back(json::object{
        {"field", problem.field}, {"code", problem.code}, {"params", std::move(params)}});
  }
  const int status = status_of(refusal.code());
  Response response =
      json_response(json::serialize(json::object{{"status", status},
                                                 {"code", to_string(refusal.code())},
                                                 {"reason", refusal.reason()},
                                                 {"problems", std::move(problems)}}),
                    status);
  return response;
}

bool allowed(const Request& request, const std::string& token) {
  const auto given = request.header("console");
  const auto kept = request.cookie("console");
  return (given && equal_in_constant_time(*given, token)) ||
         (kept && equal_in_constant_time(*kept, token));
}

// POST /console/api/session {token}: keeps it in a cookie.
Response session(const Request& request, const std::string& token) {
  const json::value body = parse_json(request.body);
  const auto given = get_string(as_object(body), "token");
  if (!equal_in_constant_time(given, token)) {
    throw Refusal(RefusalCode::unauthenticated, "sandbox_token_wrong");
  }
  Response response = done();
  response.with("Set-Cookie", "console=" + token + "; Path=/; HttpOnly; SameSite=Strict");
  return response;
}

json::array provinces_json(Reader& reader, const Setup& setup) {
  std::map<std::string, json::object> counts;
  for (const auto& row :
       reader.query("SELECT province, state, COUNT(*) FROM orders GROUP BY province, state")) {
    counts[row.text(0)][row.text(1)] = row.integer(2);
  }
  json::array list;
  for (const auto& province : setup.provinces) {
    list.push_back(json::object{{"path", province.path},
                                {"code", std::to_string(province.code)},
                                {"name", province.name},
                                {"prefix", province.prefix},
                                {"bureau", province.bureau},
                                {"orders", counts[province.path]}});
  }
  return list;
}

Response state(const ConsoleCall& call) {
  return call.db.read([&](Reader& reader) {
    const auto count = [&](std::string_view sql) { return reader.query_one(sql)->integer(0); };
    return answer(json::object{
        {"now", call.now},
        {"provinces", provinces_json(reader, call.setup)},
        {"settings", parse_json(to_json_text(read_settings(reader)))},
        {"unprocessed", count("SELECT COUNT(*) FROM uploads WHERE processed_at IS NULL")},
        {"undelivered", count("SELECT COUNT(*) FROM files WHERE acked_at IS NULL")}});
  });
}

// Opens an account, or changes what kind of unit it is: access, domain, absent.
Response provider(const ConsoleCall& call) {
  const json::value body = call.body();
  const auto& object = as_object(body);
  const auto& province = province_at(call.setup, get_string(object, "province"));
  const Id isp_id = get_id(object, "isp_id");
  const auto name = opt_string(object, "name", 255).value_or("");
  const auto role = opt_string(object, "role").value_or(k_role_access);
  if (role != k_role_access && role != k_role_domain && role != k_role_absent) {
    refuse_member("role", "sandbox_setting_invalid");
  }
  if (isp_id < 1) refuse_member("isp_id", "sandbox_setting_invalid");
  call.db.write([&](Tx& tx) {
    ensure_account(tx, province.path, isp_id, name.empty() ? std::to_string(isp_id) : name, role,
                   call.now);
    tx.execute("UPDATE providers SET role = $3 WHERE province = $1 AND isp_id = $2",
               {province.path, isp_id, role});
  });
  return done();
}

Response settings(const ConsoleCall& call) {
  if (call.request.method == "GET") {
    return json_response(
        call.db.read([](Reader& reader) { return to_json_text(read_settings(reader)); }));
  }
  return json_response(call.db.write([&](Tx& tx) {
    Settings changed = read_settings(tx);
    apply_json(changed, call.request.body);
    write_settings(tx, changed);
    return to_json_text(changed);
  }));
}

std::optional<Response> own_route(const ConsoleCall& call) {
  const auto lists = [&](json::object (*read)(Reader&)) { return answer(call.db.read(read)); };
  if (call.is("GET", "state")) return state(call);
  if (call.is("GET", "providers")) return lists(providers_json);
  if (call.is("POST", "providers")) return provider(call);
  if (call.is("GET", "accepted")) return lists(accepted_json);
  if (call.is("GET", "uploads")) return lists(uploads_json);
  if (call.is("GET", "files")) return lists(files_json);
  if (call.is("GET", "codes")) return answer(codes_json(call.setup.dictionaries));
  if (call.is("GET", "settings") || call.is("PUT", "settings")) return settings(call);
  return std::nullopt;
}

Response route(const ConsoleCall& call) {
  for (const auto& family :
       {own_route, orders_route, registry_route, tasks_route, addresses_route}) {
    if (auto response = family(call)) return std::move(*response);
  }
  throw Refusal(RefusalCode::not_found, "sandbox_no_address");
}

}  // namespace

Id ConsoleCall::id(std::size_t part) const {
  const auto id = id_from_string(parts.at(part));
  if (!id) throw Refusal(RefusalCode::not_found, "sandbox_order_unknown");
  return *id;
}

bool ConsoleCall::is(std::string_view method, std::string_view path) const {
  if (request.method != method) return false;
  const auto wanted = split(path, '/');
  if (wanted.size() != parts.size()) return false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (wanted[i] != "*" && wanted[i] != parts[i]) return false;
  }
  return true;
}

Response answer(const json::value& value) { return json_response(json::serialize(value)); }
Response done() { return answer(json::object{{"ok", true}}); }

void refuse_member(const std::string& field, const std::string& code) {
  throw Refusal(RefusalCode::invalid, "request_invalid", {Problem{field, code, {}, "", "", true}});
}

Response Sandbox::Inside::console(const Request& request) {
  try {
    auto parts = split(std::string_view(request.path).substr(13), '/');
    if (parts.size() == 1 && parts[0] == "session" && request.method == "POST") {
      return session(request, setup.console_token);
    }
    if (!allowed(request, setup.console_token)) {
      throw Refusal(RefusalCode::unauthenticated, "sandbox_token_wrong");
    }
    return route(ConsoleCall{db, setup, clock.now(), request, std::move(parts)});
  } catch (const Refusal& refusal) {
    return refused(refusal);
  }
}

}  // namespace beian::sandbox
