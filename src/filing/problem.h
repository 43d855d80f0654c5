// Making problems; the words are in data/texts/*/problems/filing.json.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/refusal.h"

namespace beian {

inline Problem problem_at(std::string_view field, std::string code,
                          std::map<std::string, std::string> params = {}, bool hard = true) {
  Problem problem;
  problem.field = field;
  problem.code = std::move(code);
  problem.params = std::move(params);
  problem.hard = hard;
  return problem;
}

// Without a field: the caller knows where it stands.
inline Problem problem(std::string code, std::map<std::string, std::string> params = {}) {
  return problem_at("", std::move(code), std::move(params));
}
inline Problem advice(std::string code, std::map<std::string, std::string> params = {}) {
  return problem_at("", std::move(code), std::move(params), false);
}

}  // namespace beian
