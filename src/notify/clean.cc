#include "notify/clean.h"

#include "base/text.h"

namespace beian::notify {
namespace {

bool is_line_or_control(char32_t point) {
  return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0x2028 || point == 0x2029;
}

// Zero-width characters, direction marks and overrides (UAX #9), byte order mark.
bool is_invisible(char32_t point) {
  return (point >= 0x200b && point <= 0x200f) || (point >= 0x202a && point <= 0x202e) ||
         (point >= 0x2060 && point <= 0x2069) || point == 0x061c || point == 0xfeff;
}

}  // namespace

std::string clean_value(std::string_view text, std::size_t max_characters) {
  if (!is_utf8(text)) return "?";
  std::vector<char32_t> kept;
  for (char32_t point : to_code_points(text)) {
    if (is_invisible(point)) continue;
    kept.push_back(is_line_or_control(point) ? U' ' : point);
  }
  if (kept.size() > max_characters) {
    kept.resize(max_characters - 1);
    kept.push_back(U'…');
  }
  return from_code_points(kept);
}

std::string without_links(std::string text) {
  constexpr std::string_view k_mark = "://";
  for (std::size_t at = text.find(k_mark); at != std::string::npos; at = text.find(k_mark, at)) {
    text.replace(at, k_mark.size(), "：//");
  }
  return text;
}

}  // namespace beian::notify
