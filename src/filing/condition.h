// The one closed grammar in which forms and rules say "when" (docs/forms.md). The same evaluator
// exists in web/src/shared/form/condition.ts; tests/vectors/conditions.json is run by both.
//
//   {"eq":["path",v]} {"ne":…} {"in":["path",[…]]} {"present":"path"} {"absent":"path"}
//   {"matches":["path","regex"]} {"before":["path","YYYY-MM-DD|$today"]} {"after":…}
//   {"count":["path",">=",n]} {"all":[…]} {"any":[…]} {"not":{…}} {"always":true}
//   {"contains":["path",["word",…]]}    one of the words occurs in the text (ASCII case aside)
//   {"length":["path",">=",n]}          characters of the text; an absent text has none
//   {"number":["path",">=",n]}          a whole number; never holds where there is none
//   {"same":["path","path"]}            both there and equal (blanks, hyphens, ASCII case aside)
//   {"distinct":[["path",…],">=",n]}    so many different values among them
//   {"age":["path",">=",n]}             completed years by the birth date in the identity number;
//                                       never holds where the number has none
//   {"elsewhere":["path",o,"path"]}     the two digits from position o of an 18-character number
//                                       are not those of the province at the second path; never
//                                       holds where that cannot be told
//
// Paths: filing/path.h. Where a path leads to several values (by `*`, or because the value is a
// list), eq, in, matches, before and after hold when one of them does; ne is the opposite of eq.
#pragma once

#include <boost/json/fwd.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "filing/path.h"

namespace beian {

class Condition {
 public:
  Condition();  // always holds
  // Accepts true and false beside the grammar. Throws std::runtime_error naming the fault.
  static Condition from_json(const json::value& value);
  static Condition never();
  static Condition both(const Condition& a, const Condition& b);
  static Condition either(const Condition& a, const Condition& b);

  bool holds(const Facts& facts) const;
  // The words of `contains` that occur, in the order of the data, each once: what a message quotes.
  std::vector<std::string> words_found(const Facts& facts) const;
  // The paths it asks, as written.
  std::vector<std::string> paths() const;

  struct Node;

 private:
  // Shared because a condition never changes and forms are copied.
  std::shared_ptr<const Node> node_;
};

}  // namespace beian
