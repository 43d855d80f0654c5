#include "base/text.h"

#include <algorithm>

namespace beian {
namespace {

constexpr char32_t k_replacement = 0xFFFD;
constexpr char32_t k_bad = 0xFFFFFFFF;

// One code point from the front of `rest`, which it shortens; k_bad (and one byte less) when the
// bytes there are no UTF-8: overlong forms, surrogates and anything past U+10FFFF included.
char32_t take_code_point(std::string_view& rest) {
  const auto lead = static_cast<unsigned char>(rest.front());
  const std::size_t size = lead < 0x80             ? 1
                           : (lead & 0xE0) == 0xC0 ? 2
                           : (lead & 0xF0) == 0xE0 ? 3
                           : (lead & 0xF8) == 0xF0 ? 4
                                                   : 0;
  static constexpr char32_t k_least[] = {0, 0, 0x80, 0x800, 0x10000};
  static constexpr unsigned char k_lead_mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  if (size == 0 || size > rest.size()) {
    rest.remove_prefix(1);
    return k_bad;
  }
  char32_t point = static_cast<char32_t>(lead & k_lead_mask[size]);
  bool good = true;
  for (std::size_t i = 1; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(rest[i]);
    good = good && (byte & 0xC0) == 0x80;
    point = (point << 6) | static_cast<char32_t>(byte & 0x3F);
  }
  good = good && point >= k_least[size] && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
  rest.remove_prefix(good ? size : 1);
  return good ? point : k_bad;
}

void append_code_point(std::string& out, char32_t point) {
  const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | (point >> 6));
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | (point >> 12));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | (point >> 18));
    put(0x80 | ((point >> 12) & 0x3F));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

// Unicode's White_Space property, line ends included: a pasted line break is a blank in one line.
bool is_blank(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

// What shows nothing and changes how other characters are compared or shown: controls, zero-width
// marks, soft hyphen, direction overrides. Variation selectors stay: they are part of rare names.
bool is_invisible(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || c == 0x180E ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB);
}

bool is_han(char32_t c) {
  return (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x323AF);
}

// Brackets stay as typed: bureaus compare names with the certificate's, width included.
bool is_wide_bracket(char32_t c) { return c == 0xFF08 || c == 0xFF09; }

// Full-width ！，：；？: the marks that Chinese sentences are written with.
bool is_sentence_mark(char32_t c) {
  return c == 0xFF01 || c == 0xFF0C || c == 0xFF1A || c == 0xFF1B || c == 0xFF1F;
}

std::string mask_middle(std::string_view text, std::size_t head, std::size_t tail) {
  std::vector<char32_t> points = to_code_points(text);
  if (points.size() <= head + tail) head = tail = 0;
  std::fill(points.begin() + static_cast<std::ptrdiff_t>(head),
            points.end() - static_cast<std::ptrdiff_t>(tail), U'*');
  return from_code_points(points);
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    if (take_code_point(text) == k_bad) return false;
  }
  return true;
}

std::size_t count_characters(std::string_view utf8) {
  std::size_t count = 0;
  for (; !utf8.empty(); ++count) take_code_point(utf8);
  return count;
}

std::vector<char32_t> to_code_points(std::string_view utf8) {
  std::vector<char32_t> points;
  points.reserve(utf8.size());
  while (!utf8.empty()) {
    const char32_t point = take_code_point(utf8);
    points.push_back(point == k_bad ? k_replacement : point);
  }
  return points;
}

std::string from_code_points(const std::vector<char32_t>& points) {
  std::string out;
  out.reserve(points.size() * 3);
  for (const char32_t point : points) append_code_point(out, point);
  return out;
}

std::string clean_line(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  bool blank_pending = false;
  char32_t before = 0;
  for (char32_t point : to_code_points(utf8)) {
    if (is_blank(point)) {
      blank_pending = !out.empty();
      continue;
    }
    if (is_invisible(point)) continue;
    const bool in_sentence = is_sentence_mark(point) && before > 0x7F && !blank_pending;
    if (point >= 0xFF01 && point <= 0xFF5E && !in_sentence && !is_wide_bracket(point))
      point -= 0xFEE0;
    if (blank_pending) out.push_back(' ');
    blank_pending = false;
    append_code_point(out, point);
    before = point;
  }
  return out;
}

std::string to_lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t start = 0;;) {
    const std::size_t end = text.find(separator, start);
    parts.emplace_back(text.substr(start, end - start));
    if (end == std::string_view::npos) return parts;
    start = end + 1;
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += separator;
    out += parts[i];
  }
  return out;
}

std::string mask_id_number(std::string_view number) {
  const std::size_t size = count_characters(number);
  if (size >= 15) return mask_middle(number, 6, 4);
  if (size >= 8) return mask_middle(number, 2, 2);
  return mask_middle(number, 1, 0);
}

std::string mask_phone(std::string_view phone) {
  const std::size_t size = count_characters(phone);
  if (size >= 11) return mask_middle(phone, 3, 4);
  return mask_middle(phone, 0, size >= 7 ? 3 : 0);
}

std::string mask_name(std::string_view name) {
  const std::vector<char32_t> points = to_code_points(name);
  // A name of four Chinese characters is nearly always a surname of two and a given name of two.
  const bool two_and_two = points.size() == 4 && std::all_of(points.begin(), points.end(), is_han);
  return mask_middle(name, two_and_two ? 2 : 1, 0);
}

std::string mask_email(std::string_view email) {
  const std::size_t at = email.rfind('@');
  if (at == std::string_view::npos || at == 0) return "***";
  std::string_view rest = email;
  take_code_point(rest);
  const std::size_t first = email.size() - rest.size();
  return std::string(email.substr(0, first)) + "***" + std::string(email.substr(at));
}

}  // namespace beian
