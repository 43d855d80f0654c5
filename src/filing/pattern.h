// The regular expressions of forms and rules. They are written as JavaScript has them, because the
// pages run the same ones; letters, not bytes, are matched.
#pragma once

#include <boost/regex.hpp>
#include <string>
#include <string_view>

namespace beian {

class Pattern {
 public:
  Pattern() = default;
  // Throws boost::regex_error.
  explicit Pattern(std::string_view text);
  // Only the beginning of a long answer is looked at. False also where the pattern would take too
  // long on this text.
  bool found_in(std::string_view text) const;

 private:
  std::string literal_;  // the whole pattern, where it is nothing but characters
  boost::wregex regex_;
};

}  // namespace beian
