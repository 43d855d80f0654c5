// A Problem as people read it: the contract's ShownProblem.
#pragma once

#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/refusal.h"
#include "base/texts.h"

namespace beian {

json::object shown_problem(const Problem& problem, const Texts& texts, std::string_view locale);
json::array shown_problems(const std::vector<Problem>& problems, const Texts& texts,
                           std::string_view locale);

}  // namespace beian
