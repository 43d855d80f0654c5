#include "filing/phone_spelling.h"

#include "base/text.h"
#include "filing/contact.h"

namespace beian {

std::string canonical_phone(std::string_view text) {
  std::string number, digits;
  for (char32_t c : to_code_points(clean_line(text))) {
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
  return number;
}

}  // namespace beian
