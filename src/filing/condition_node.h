// What a condition is inside: one tree of operators. Only for condition.cc, which asks it, and
// condition_parse.cc, which makes it.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <vector>

#include "filing/condition.h"
#include "filing/pattern.h"

namespace beian {

enum class Op {
  always,
  eq,
  ne,
  in,
  present,
  absent,
  matches,
  before,
  after,
  count,
  contains,
  length,
  number,
  same,
  distinct,
  age,
  elsewhere,
  all,
  any,
  not_
};
enum class Compare { at_least, at_most, more, less, equal };

struct Condition::Node {
  Op op = Op::always;
  std::string path;
  std::string other;                // same, elsewhere
  std::vector<std::string> paths;   // distinct
  std::vector<std::string> words;   // contains, in small letters
  std::vector<json::value> values;  // eq, ne, in: what to compare with
  Pattern pattern;
  std::string date;  // YYYY-MM-DD or $today
  Compare compare = Compare::equal;
  std::int64_t number = 0;
  std::vector<std::shared_ptr<const Node>> parts;
};

}  // namespace beian
