// What ends a request. A caller that would branch on an outcome gets a value instead; everything
// that stops the work is one Refusal, caught in exactly two places: the HTTP edge (http/problem.cc)
// and the job loop (worker/loop.cc).
#pragma once

#include <exception>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace beian {

// One defect, in words a program can use. `code` names an entry of data/texts/*/problems.json,
// which says in plain Chinese and English what is wrong and what to do; `params` fill its holes.
struct Problem {
  std::string field;  // path in the filing ("organiser.name", "sites.s1.domain"), or empty
  std::string code;   // e.g. "id_check_digit"
  std::map<std::string, std::string> params;
  std::string rule;  // id of the rule that asks for it, or empty
  std::string
      source;        // where that rule is written (law and article, bureau page and date), or empty
  bool hard = true;  // false: shown as advice, stops nothing

  bool operator==(const Problem&) const = default;
};

enum class RefusalCode {
  bad_request,      // 400 cannot be read
  unauthenticated,  // 401
  forbidden,        // 403
  not_found,        // 404 also for what belongs to somebody else
  conflict,         // 409 the state does not allow it
  stale,            // 409 somebody changed it meanwhile; problems say what
  invalid,          // 422 problems say which fields
  too_large,        // 413
  too_many,         // 429
  unavailable,      // 503 try again later
};

std::string_view to_string(RefusalCode code);

class Refusal : public std::exception {
 public:
  // `reason` names an entry of data/texts/*/problems.json for the request as a whole.
  explicit Refusal(RefusalCode code, std::string reason, std::vector<Problem> problems = {},
                   std::map<std::string, std::string> params = {});

  RefusalCode code() const { return code_; }
  const std::string& reason() const { return reason_; }
  const std::vector<Problem>& problems() const { return problems_; }
  const std::map<std::string, std::string>& params() const { return params_; }
  const char* what() const noexcept override { return reason_.c_str(); }

 private:
  RefusalCode code_;
  std::string reason_;
  std::vector<Problem> problems_;
  std::map<std::string, std::string> params_;
};

}  // namespace beian
