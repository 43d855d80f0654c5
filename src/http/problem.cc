#include "http/problem.h"

#include <array>
#include <typeinfo>
#include <utility>

#include "base/json.h"
#include "base/log.h"
#include "base/shown_problem.h"
#include "db/db.h"

namespace beian {
namespace {

constexpr std::string_view k_group = "problems";

struct StatusRow {
  RefusalCode code;
  int status;
};

constexpr std::array<StatusRow, 10> k_statuses{{{RefusalCode::bad_request, 400},
                                                {RefusalCode::unauthenticated, 401},
                                                {RefusalCode::forbidden, 403},
                                                {RefusalCode::not_found, 404},
                                                {RefusalCode::conflict, 409},
                                                {RefusalCode::stale, 409},
                                                {RefusalCode::invalid, 422},
                                                {RefusalCode::too_large, 413},
                                                {RefusalCode::too_many, 429},
                                                {RefusalCode::unavailable, 503}}};

// The code of the contract for a status that no Refusal stands behind.
std::string_view code_of(int status) {
  if (status == 404) return "not_found";
  if (status == 413 || status == 431) return "too_large";
  if (status == 503 || status == 507) return "unavailable";
  return status == 500 ? "internal" : "bad_request";
}

struct Document {
  int status = 0;
  std::string_view code;
  std::string reason;
  TextParams params;
  json::array problems;
};

Response answer(Document document, const Texts& texts, std::string_view locale,
                std::string_view request_id) {
  const std::string title = document.reason + ".message";
  const std::string detail = document.reason + ".fix";
  json::object body;
  body["status"] = document.status;
  body["code"] = document.code;
  body["reason"] = document.reason;
  body["title"] = texts.render(locale, k_group, title, document.params);
  if (texts.has(k_locale_zh, k_group, detail)) {
    body["detail"] = texts.render(locale, k_group, detail, document.params);
  }
  body["request_id"] = request_id;
  body["problems"] = std::move(document.problems);
  Response response = json_response(json::serialize(body), document.status);
  response.headers.clear();
  response.with("Content-Type", "application/problem+json").with("Cache-Control", "no-store");
  response.with("Content-Language", std::string(locale));
  const auto retry = document.params.find("retry_after");
  if (retry != document.params.end()) response.with("Retry-After", retry->second);
  return response;
}

int status_of(DbError::Kind kind) {
  switch (kind) {
    case DbError::Kind::full:
      return 507;
    case DbError::Kind::busy:
    case DbError::Kind::lost:
      return 503;
    case DbError::Kind::unique:
    case DbError::Kind::foreign_key:
    case DbError::Kind::other:
      return 500;
  }
  return 500;
}

void log_failure(std::string_view kind, std::string_view error, std::string_view request_id) {
  log_error("request_failed", {{"kind", std::string(kind)},
                               {"error", std::string(error)},
                               {"request_id", std::string(request_id)}});
}

}  // namespace

int status_of(RefusalCode code) {
  for (const StatusRow& row : k_statuses) {
    if (row.code == code) return row.status;
  }
  return 500;
}

Response Problems::render(const Refusal& refusal, std::string_view locale,
                          std::string_view request_id) const {
  Document document;
  document.status = status_of(refusal.code());
  document.code = to_string(refusal.code());
  document.reason = refusal.reason();
  document.params = refusal.params();
  for (const Problem& problem : refusal.problems()) {
    document.problems.push_back(shown_problem(problem, texts_, locale));
  }
  return answer(std::move(document), texts_, locale, request_id);
}

Response Problems::render_status(int status, std::string_view locale,
                                 std::string_view request_id) const {
  Document document;
  document.status = status;
  document.code = code_of(status);
  document.reason = "http_" + std::to_string(status);
  document.params["request_id"] = request_id;
  return answer(std::move(document), texts_, locale, request_id);
}

Response Problems::guard(const std::function<Response()>& work, std::string_view locale,
                         std::string_view request_id) const {
  try {
    return work();
  } catch (const Refusal& refusal) {
    return render(refusal, locale, request_id);
  } catch (const DbError& error) {
    log_failure("database", error.what(), request_id);
    return render_status(status_of(error.kind()), locale, request_id);
  } catch (const std::exception& error) {
    log_failure(typeid(error).name(), error.what(), request_id);
  } catch (...) {
    log_failure("unknown", "", request_id);
  }
  return render_status(500, locale, request_id);
}

}  // namespace beian
