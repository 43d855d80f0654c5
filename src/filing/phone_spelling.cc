#include "filing/phone_spelling.h"

#include "base/narrow.h"
#include "base/text.h"
#include "filing/contact.h"

namespace beian {
namespace {

// "(0571)88880000" is 0571-88880000.
std::string without_brackets(const std::string& number) {
  const auto end = number.find(')');
  if (!number.starts_with("(0") || (end != 4 && end != 5)) return number;
  const auto digit = [&](std::size_t at) {
    return at < number.size() && number[at] >= '0' && number[at] <= '9';
  };
  for (std::size_t at = 1; at < end; ++at)
    if (!digit(at)) return number;
  const std::size_t rest = end + (number.substr(end + 1).starts_with('-') ? 2 : 1);
  if (!digit(rest)) return number;
  return number.substr(1, end - 1) + "-" + number.substr(rest);
}

}  // namespace

std::string canonical_phone(std::string_view text) {
  std::string number, digits;
  for (char32_t c : to_code_points(narrow_line(text))) {
    if (c == U' ') continue;
    // Hyphens and dashes that an input method or a web page writes.
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212) c = U'-';
    number += from_code_points({c});
    if (c != U'-') digits += from_code_points({c});
  }
  for (std::string_view country : {"+86", "0086", "86", ""}) {
    if (digits.starts_with(country) &&
        !check_mobile(std::string_view(digits).substr(country.size())))
      return digits.substr(country.size());
  }
  return without_brackets(number);
}

}  // namespace beian
