#include "base/opening_hours.h"

#include <regex>

namespace beian {

bool are_hours(const std::string& text) {
  static const std::regex k_hours(
      "(([01][0-9]|2[0-4]):[0-5][0-9]-([01][0-9]|2[0-4]):[0-5][0-9](,(?!$)|$))*");
  return std::regex_match(text, k_hours);
}

}  // namespace beian
