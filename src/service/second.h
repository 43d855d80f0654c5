// A second pair of eyes: filings that two people must pass, one after the other. Which those are is
// data (data/second_review.json). The first one's word is no step of the life cycle: the filing
// stays where it is, like a case that changes hands, until another person passes or returns it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "service/review.h"
#include "service/service.h"
#include "store/colleagues.h"

namespace beian::service {

// Counts where everything it names is so; an empty list is anything.
struct SecondRule {
  std::vector<Kind> kinds;
  std::vector<State> states;  // initial_review, photo_review
  std::vector<std::int64_t> natures;
  std::vector<std::string> provinces;
  enum class Findings { any, some, hard } findings = Findings::any;
  Day since;
  json::object why;  // text by locale
};

class SecondPolicy {
 public:
  // Throws std::runtime_error naming what is wrong.
  static SecondPolicy from_json(const json::value& document);
  // The rules that ask for a second person; `problems` are what was found in the filing.
  std::vector<const SecondRule*> rules_for(const store::Filing& filing,
                                           const std::vector<Problem>& problems, Day today) const;
  bool empty() const { return rules_.empty(); }

 private:
  std::vector<SecondRule> rules_;
};
const SecondPolicy& second_policy_of(const Service& s);

// A pass by the first of two: written down, and the case is given to `to`, or with 0 to whoever of
// those that may decide has the fewest cases. False: nobody else is needed (any more). Throws
// Refusal{conflict, "second_must_be_other"} for the same person, "second_nobody" when there is no
// other, Refusal{invalid, "second_not_fit"} for a colleague who may not decide.
bool ask_second(Service& s, Tx& tx, const Staff& staff, const store::Filing& filing, Id to,
                const std::string& note);
// Throws Refusal{conflict, "second_must_be_other"} when this person saw it first.
void require_other(Reader& reader, const Staff& staff, const store::Filing& filing);

// null where one is enough.
json::value show_second(Service& s, Reader& reader, const store::Filing& filing, const Staff& staff,
                        const std::vector<Problem>& problems, std::string_view locale);

}  // namespace beian::service
