// The one closed grammar in which forms and rules say "when" (docs/forms.md). The same evaluator
// exists in web/src/shared/form/condition.ts; tests/vectors/conditions.json is run by both.
//
//   {"eq":["path",v]} {"ne":…} {"in":["path",[…]]} {"present":"path"} {"absent":"path"}
//   {"matches":["path","regex"]} {"before":["path","YYYY-MM-DD|$today"]} {"after":…}
//   {"count":["path",">=",n]} {"all":[…]} {"any":[…]} {"not":{…}} {"always":true}
//
// A path names a value of the filing's content: "organiser.name", "sites.s1.domain". A path that
// begins with '.' is relative to the website at hand. `*` stands for every element of a list. Where
// a path leads to several values (by `*`, or because the value is a list), eq, in, matches, before
// and after hold when one of them does; ne is the opposite of eq. Missing, null, "" and [] are all
// absent.
#pragma once

#include <boost/json/fwd.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace beian {

namespace json = boost::json;

// What a condition is asked of.
struct Facts {
  const json::object& content;
  std::string today;  // YYYY-MM-DD in China
  std::string item;   // "sites.s1" for the website at hand, else empty
};

class Condition {
 public:
  Condition();  // always holds
  // Accepts true and false beside the grammar. Throws std::runtime_error naming the fault.
  static Condition from_json(const json::value& value);
  static Condition never();
  static Condition both(const Condition& a, const Condition& b);

  bool holds(const Facts& facts) const;

  struct Node;

 private:
  // Shared because a condition never changes and forms are copied.
  std::shared_ptr<const Node> node_;
};

// "sites.s1" + ".domain" -> "sites.s1.domain"; other paths stay as they are.
std::string absolute_path(std::string_view path, std::string_view item);

// The values at an absolute path; empty where there is none. Elements of the `sites` list are named
// by their "key", those of other lists by position.
std::vector<const json::value*> values_at(const json::object& content, std::string_view path);
// The single value at a path without `*`, or nullptr.
const json::value* value_at(const json::object& content, std::string_view path);
bool is_absent(const json::value* value);

}  // namespace beian
