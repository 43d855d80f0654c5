// Rules beyond the form: national ones (data/rules/national.json) and each bureau's. Every rule has
// a source, a date and a confidence; one that is neither law nor confirmed by the operator only
// warns.
#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <string>
#include <vector>

#include "filing/condition.h"

namespace beian {

struct Rule {
  std::string id;
  bool each_site = false;
  std::string field;  // where the problem is shown; begins with '.' when each_site
  Condition when;
  bool when_absent = false;  // also asked when the field is empty
  // What must hold; or a named check where a condition cannot say it: "differs" (from the value at
  // `params.from`), "later" (a date after the one at `params.from`), "age" (at least
  // `params.years`, by the birth date in the number), "months_left" (at least `params.months`),
  // "region" (two digits of an 18-character number, from position `params.offset`, are those of the
  // province at `params.of`).
  Condition must;
  std::string check;
  std::map<std::string, std::string> params;
  std::string code;  // of data/texts/*/problems
  bool hard = false;
  std::string source;
};

// A rules document, as data/rules/national.json. Throws std::runtime_error naming the fault.
std::vector<Rule> rules_from_json(const json::value& value);

}  // namespace beian
