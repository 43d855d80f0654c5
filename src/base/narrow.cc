#include "base/narrow.h"

#include "base/text.h"

namespace beian {

std::string narrow_line(std::string_view utf8) {
  std::vector<char32_t> points = to_code_points(clean_line(utf8));
  for (char32_t& point : points) {
    if (point == 0xFF08) point = U'(';
    if (point == 0xFF09) point = U')';
  }
  return from_code_points(points);
}

}  // namespace beian
