// Which rules speak about a filing, and why: one verdict for each rule (and website).
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "base/refusal.h"
#include "filing/date.h"
#include "filing/division.h"
#include "filing/form.h"
#include "filing/rule.h"

namespace beian {

enum class Verdict {
  fires,    // not met: a finding at the field
  reminds,  // it applies, and nothing in the filing can show whether it is met
  met,
  no_answer,     // the field it looks at is empty, or not on this form
  other_case,    // its condition does not hold here
  other_kind,    // it is for another kind of filing
  other_person,  // it is for other organisers
  out_of_date,   // not yet, or no longer, in force
};
std::string_view to_string(Verdict verdict);

struct RuleOutcome {
  const Rule* rule = nullptr;  // lives as long as the rules
  Verdict verdict = Verdict::met;
  std::string field;               // absolute path; of a paper, its material path
  std::vector<std::string> words;  // that a rule about words found
};

struct Judged {
  const json::object& content;
  std::string kind;                     // of filing; empty: rules for every kind are asked
  const json::object* known = nullptr;  // for '$' paths (condition.h)
  const std::vector<MaterialPlace>& present;
  Day today;
  const Divisions* divisions = nullptr;  // for "city_named"
};

// `visible` are the fields on the pages (visible_fields), sorted.
std::vector<RuleOutcome> judge(const std::vector<Rule>& rules, const Judged& judged,
                               const std::vector<std::string>& visible);

// What fires, as problems; what is for information only is none.
std::vector<Problem> problems_of(const std::vector<RuleOutcome>& outcomes);
// Takes out of `problems` the national ones that `bureau` says more closely at the same field. One
// that stops a submission stays.
void drop_replaced(std::vector<Problem>& problems, const std::vector<RuleOutcome>& bureau);
// One outcome as a problem, whatever its verdict.
Problem problem_of(const RuleOutcome& outcome);

}  // namespace beian
