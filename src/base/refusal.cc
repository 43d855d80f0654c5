#include "base/refusal.h"

#include <utility>

namespace beian {

std::string_view to_string(RefusalCode code) {
  switch (code) {
    case RefusalCode::bad_request:
      return "bad_request";
    case RefusalCode::unauthenticated:
      return "unauthenticated";
    case RefusalCode::forbidden:
      return "forbidden";
    case RefusalCode::not_found:
      return "not_found";
    case RefusalCode::conflict:
      return "conflict";
    case RefusalCode::stale:
      return "stale";
    case RefusalCode::invalid:
      return "invalid";
    case RefusalCode::too_large:
      return "too_large";
    case RefusalCode::too_many:
      return "too_many";
    case RefusalCode::unavailable:
      return "unavailable";
  }
  return "unavailable";
}

Refusal::Refusal(RefusalCode code, std::string reason, std::vector<Problem> problems,
                 std::map<std::string, std::string> params)
    : code_(code),
      reason_(std::move(reason)),
      problems_(std::move(problems)),
      params_(std::move(params)) {}

}  // namespace beian
