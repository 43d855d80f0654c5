// The officer's console as JSON (docs/bureau.md). Whoever has the token may do everything.
#include <fmt/format.h>

#include <charconv>

#include "base/crypto.h"
#include "base/json.h"
#include "base/refusal.h"
#include "base/text.h"
#include "bureau/codec_v30.h"
#include "sandbox/console_json.h"
#include "sandbox/console_lists.h"
#include "sandbox/inside.h"

namespace beian::sandbox {
namespace {

constexpr int k_page = 50;

struct Context {
  Db& db;
  const Setup& setup;
  const Millis now;
  const Request& request;
  std::vector<std::string> parts;  // of the path after /console/api/

  json::value body() const { return parse_json(request.body); }
  Id id(std::size_t part) const {
    const auto id = id_from_string(parts.at(part));
    if (!id) throw Refusal(RefusalCode::not_found, "sandbox_order_unknown");
    return *id;
  }
};

Response answer(const json::value& value) { return json_response(json::serialize(value)); }
Response done() { return answer(json::object{{"ok", true}}); }

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

Response state(const Context& context) {
  return context.db.read([&](Reader& reader) {
    const auto count = [&](std::string_view sql) { return reader.query_one(sql)->integer(0); };
    return answer(json::object{
        {"now", context.now},
        {"provinces", provinces_json(reader, context.setup)},
        {"settings", parse_json(to_json_text(read_settings(reader)))},
        {"unprocessed", count("SELECT COUNT(*) FROM uploads WHERE processed_at IS NULL")},
        {"undelivered", count("SELECT COUNT(*) FROM files WHERE acked_at IS NULL")}});
  });
}

Response list(const Context& context, json::object (*read)(Reader&)) {
  return answer(context.db.read(read));
}

Response orders(const Context& context) {
  const auto before = id_from_string(context.request.query_or("before", "")).value_or(0);
  return context.db.read([&](Reader& reader) {
    json::array list;
    const auto found = list_orders(reader, context.request.query_or("state", ""),
                                   context.request.query_or("province", ""), before, k_page);
    for (const auto& order : found) list.push_back(order_json(order));
    json::value next;
    if (found.size() == k_page) next = std::to_string(found.back().id);
    return answer(json::object{{"orders", std::move(list)}, {"next", next}});
  });
}

Order require_order(Reader& reader, Id id) {
  auto order = find_order(reader, id);
  if (!order) throw Refusal(RefusalCode::not_found, "sandbox_order_unknown");
  return std::move(*order);
}

bureau::NewFiling filing_of(const Order& order) {
  auto decoded = bureau::v30::decode_upload(order.xml);
  if (decoded.value.new_filings.empty()) return {};  // its characters could not be kept (5008)
  return std::move(decoded.value.new_filings[0]);
}

std::optional<json::object> subject_json(Reader& reader, const Setup& setup, Id id) {
  const auto row =
      reader.query_one("SELECT xml, password, province FROM subjects WHERE id = $1", {id});
  if (!row) return std::nullopt;
  const auto decoded = bureau::v30::decode_download(row->blob(0));
  auto object = published_json(setup.dictionaries, decoded.value.published.at(0));
  object["id"] = std::to_string(id);
  object["province"] = row->text(2);
  object["filing_password"] = nullptr;
  if (!row->is_null(1)) object["filing_password"] = row->text(1);
  return object;
}

Response one_order(const Context& context, Id id) {
  return context.db.read([&](Reader& reader) {
    const auto order = require_order(reader, id);
    auto object = order_json(order);
    object["filing"] = filing_json(context.setup.dictionaries, filing_of(order));
    object["published"] = nullptr;
    if (auto subject = subject_json(reader, context.setup, order.subject)) {
      object["published"] = std::move(*subject);
    }
    return answer(object);
  });
}

Response picture(const Context& context, Id id, const std::string& index_text) {
  std::size_t index = 0;
  const auto [end, error] =
      std::from_chars(index_text.data(), index_text.data() + index_text.size(), index);
  const bool is_number = error == std::errc() && end == index_text.data() + index_text.size();
  auto found = context.db.read([&](Reader& reader) {
    return is_number ? picture_at(filing_of(require_order(reader, id)), index) : std::nullopt;
  });
  if (!found) throw Refusal(RefusalCode::not_found, "sandbox_order_unknown");
  Response response{200, {}, std::move(found->bytes)};
  response.with("Content-Type", found->content_type)
      .with("X-Content-Type-Options", "nosniff")
      .with("Cache-Control", "private, no-store");
  return response;
}

Response decide_order(const Context& context, Id id, bool pass) {
  const json::value body = context.body();
  const auto& object = as_object(body);
  Verdict verdict;
  verdict.pass = pass;
  verdict.reviewer = opt_string(object, "reviewer").value_or("审核员");
  verdict.phone = opt_string(object, "phone").value_or("");
  verdict.opinion = opt_string(object, "opinion").value_or("");
  if (const auto* codes = object.if_contains("codes"); codes != nullptr && codes->is_array()) {
    for (const auto& code : codes->get_array()) {
      if (!code.is_int64() || context.setup.dictionaries.results.count(code.get_int64()) == 0) {
        throw Refusal(RefusalCode::invalid, "request_invalid",
                      {Problem{"codes", "sandbox_code_unknown", {}, "", "", true}});
      }
      verdict.codes.push_back(code.get_int64());
    }
  }
  if (!pass && verdict.opinion.empty() && verdict.codes.empty()) {
    throw Refusal(RefusalCode::invalid, "request_invalid",
                  {Problem{"opinion", "member_missing", {}, "", "", true}});
  }
  context.db.write([&](Tx& tx) { decide(tx, context.setup, id, verdict, context.now); });
  return one_order(context, id);
}

Response registry(const Context& context) {
  const auto wanted = context.request.query_or("q", "");
  const auto before = id_from_string(context.request.query_or("before", "")).value_or(0);
  return context.db.read([&](Reader& reader) {
    const auto rows = reader.query(
        "SELECT id, province, number, name, published_at FROM subjects "
        "WHERE ($1 = '' OR number = $1 OR name = $1 OR id IN (SELECT sites.subject_id FROM sites "
        "JOIN domains ON domains.site_id = sites.id WHERE domains.name = $2 OR sites.number = $1)) "
        "AND ($3 = 0 OR id < $3) ORDER BY id DESC LIMIT $4",
        {wanted, domain_claim(wanted), before, std::int64_t{k_page}});
    json::array list;
    for (const auto& row : rows) {
      list.push_back(json::object{{"id", std::to_string(row.integer(0))},
                                  {"province", row.text(1)},
                                  {"number", row.text(2)},
                                  {"name", row.text(3)},
                                  {"published_at", row.integer(4)}});
    }
    json::value next;
    if (rows.size() == k_page) next = std::to_string(rows.back().integer(0));
    return answer(json::object{{"subjects", std::move(list)}, {"next", next}});
  });
}

Response one_subject(const Context& context, Id id) {
  auto object =
      context.db.read([&](Reader& reader) { return subject_json(reader, context.setup, id); });
  if (!object) throw Refusal(RefusalCode::not_found, "sandbox_order_unknown");
  return answer(*object);
}

Response settings(const Context& context) {
  if (context.request.method == "GET") {
    return json_response(
        context.db.read([](Reader& reader) { return to_json_text(read_settings(reader)); }));
  }
  return json_response(context.db.write([&](Tx& tx) {
    Settings changed = read_settings(tx);
    apply_json(changed, context.request.body);
    write_settings(tx, changed);
    return to_json_text(changed);
  }));
}

// kind "domain": value is the name. kind "certificate": value is "<type>:<number>".
Response blacklist(const Context& context) {
  if (context.request.method == "GET") {
    return context.db.read([](Reader& reader) {
      json::array list;
      for (const auto& row : reader.query("SELECT kind, value FROM blacklist ORDER BY 1, 2")) {
        list.push_back(json::object{{"kind", row.text(0)}, {"value", row.text(1)}});
      }
      return answer(json::object{{"blacklist", std::move(list)}});
    });
  }
  const json::value body = context.body();
  const auto kind = get_string(as_object(body), "kind");
  const auto given = get_string(as_object(body), "value");
  if (kind != "domain" && kind != "certificate") {
    throw Refusal(RefusalCode::invalid, "request_invalid",
                  {Problem{"kind", "sandbox_setting_invalid", {}, "", "", true}});
  }
  const auto value = kind == "domain" ? domain_claim(given) : given;
  context.db.write([&](Tx& tx) {
    tx.execute(context.request.method == "DELETE"
                   ? "DELETE FROM blacklist WHERE kind = $1 AND value = $2"
                   : "INSERT INTO blacklist (kind, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
               {kind, value});
  });
  return done();
}

// Which addresses a provider has filed as its own (checked when check_ip_library is set).
Response ip_library(const Context& context) {
  const json::value body = context.body();
  const auto& object = as_object(body);
  const Id isp_id = get_id(object, "isp_id");
  const auto first = get_int(object, "first");
  const auto last = get_int(object, "last");
  context.db.write([&](Tx& tx) {
    tx.execute(context.request.method == "DELETE"
                   ? "DELETE FROM ip_library WHERE isp_id = $1 AND first = $2 AND last = $3"
                   : "INSERT INTO ip_library (isp_id, first, last) VALUES ($1, $2, $3) "
                     "ON CONFLICT DO NOTHING",
               {isp_id, first, last});
  });
  return done();
}

Response read_route(const Context& context) {
  const auto& parts = context.parts;
  const auto& first = parts[0];
  if (parts.size() == 1) {
    if (first == "state") return state(context);
    if (first == "providers") return list(context, providers_json);
    if (first == "orders") return orders(context);
    if (first == "registry") return registry(context);
    if (first == "settings") return settings(context);
    if (first == "accepted") return list(context, accepted_json);
    if (first == "uploads") return list(context, uploads_json);
    if (first == "files") return list(context, files_json);
    if (first == "codes") return answer(codes_json(context.setup.dictionaries));
    if (first == "blacklist") return blacklist(context);
  }
  if (first == "orders" && parts.size() == 2) return one_order(context, context.id(1));
  if (first == "orders" && parts.size() == 4 && parts[2] == "attachments") {
    return picture(context, context.id(1), parts[3]);
  }
  if (first == "registry" && parts.size() == 2) return one_subject(context, context.id(1));
  throw Refusal(RefusalCode::not_found, "sandbox_no_address");
}

Response write_route(const Context& context) {
  const auto& parts = context.parts;
  const auto& method = context.request.method;
  if (parts.size() == 1 && parts[0] == "settings" && method == "PUT") return settings(context);
  const bool adds_or_removes = method == "POST" || method == "DELETE";
  if (parts.size() == 1 && parts[0] == "blacklist" && adds_or_removes) return blacklist(context);
  if (parts.size() == 1 && parts[0] == "ip_library" && adds_or_removes) return ip_library(context);
  if (parts.size() == 3 && parts[0] == "orders" && method == "POST") {
    if (parts[2] == "pass") return decide_order(context, context.id(1), true);
    if (parts[2] == "return") return decide_order(context, context.id(1), false);
  }
  throw Refusal(RefusalCode::not_found, "sandbox_no_address");
}

}  // namespace

Response Sandbox::Inside::console(const Request& request) {
  try {
    auto parts = split(std::string_view(request.path).substr(13), '/');
    if (parts.size() == 1 && parts[0] == "session" && request.method == "POST") {
      return session(request, setup.console_token);
    }
    if (!allowed(request, setup.console_token)) {
      throw Refusal(RefusalCode::unauthenticated, "sandbox_token_wrong");
    }
    const Context context{db, setup, clock.now(), request, std::move(parts)};
    return request.method == "GET" ? read_route(context) : write_route(context);
  } catch (const Refusal& refusal) {
    return refused(refusal);
  }
}

}  // namespace beian::sandbox
