// Inside the console: one call, and the families of addresses. Not for other parts of the sandbox.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/message.h"
#include "base/refusal.h"
#include "db/db.h"
#include "sandbox/setup.h"

namespace beian::sandbox {

struct ConsoleCall {
  Db& db;
  const Setup& setup;
  const Millis now;
  const Request& request;
  std::vector<std::string> parts;  // of the path after /console/api/

  json::value body() const { return parse_json(request.body); }
  Id id(std::size_t part) const;
  Id before() const { return id_from_string(request.query_or("before", "")).value_or(0); }
  // GET orders, POST blacklist …: the method, and the path with '*' for whatever stands there.
  bool is(std::string_view method, std::string_view path) const;
};

Response answer(const json::value& value);
Response done();
[[noreturn]] void refuse_member(const std::string& field, const std::string& code);

inline constexpr int k_console_page = 50;

// Each handles its own addresses and leaves the others alone.
std::optional<Response> orders_route(const ConsoleCall& call);
std::optional<Response> registry_route(const ConsoleCall& call);
std::optional<Response> tasks_route(const ConsoleCall& call);
std::optional<Response> addresses_route(const ConsoleCall& call);

}  // namespace beian::sandbox
