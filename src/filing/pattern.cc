#include "filing/pattern.h"

#include <vector>

#include "base/text.h"

namespace beian {
namespace {

// Longer answers are compared by their beginning: no pattern of ours needs more, and a pattern
// never gets to spend its time on a megabyte.
constexpr std::size_t k_max_matched = 2000;

// Into a buffer that each thread keeps: a check asks dozens of patterns.
const std::wstring& to_wide(std::string_view text) {
  thread_local std::wstring wide;
  wide.clear();
  for (char32_t point : to_code_points(text.substr(0, k_max_matched * 4))) {
    if (wide.size() == k_max_matched) break;
    wide.push_back(static_cast<wchar_t>(point));
  }
  return wide;
}

int hex_digit(char32_t c) {
  if (c >= U'0' && c <= U'9') return static_cast<int>(c - U'0');
  if (c >= U'a' && c <= U'f') return static_cast<int>(c - U'a' + 10);
  if (c >= U'A' && c <= U'F') return static_cast<int>(c - U'A' + 10);
  return -1;
}

// JavaScript's \u4e00, which Boost reads otherwise, becomes the character itself.
std::wstring pattern_text(std::string_view text) {
  const std::vector<char32_t> points = to_code_points(text);
  std::wstring pattern;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i] == U'\\' && i + 1 < points.size()) {
      int code = points[i + 1] == U'u' && i + 5 < points.size() ? 0 : -1;
      for (std::size_t k = i + 2; code >= 0 && k < i + 6; ++k) {
        const int digit = hex_digit(points[k]);
        code = digit < 0 ? -1 : code * 16 + digit;
      }
      if (code >= 0) {
        pattern.push_back(static_cast<wchar_t>(code));
        i += 5;
        continue;
      }
      pattern.push_back(static_cast<wchar_t>(points[i++]));
    }
    pattern.push_back(static_cast<wchar_t>(points[i]));
  }
  return pattern;
}

}  // namespace

Pattern::Pattern(std::string_view text) : regex_(pattern_text(text)) {
  if (!text.empty() && text.find_first_of("\\^$.|?*+()[]{}") == text.npos) literal_ = text;
}

bool Pattern::found_in(std::string_view text) const {
  if (!literal_.empty() && text.size() <= k_max_matched) return text.find(literal_) != text.npos;
  try {
    return boost::regex_search(to_wide(text), regex_);
  } catch (const std::runtime_error&) {
    return false;  // it took too long on this text
  }
}

}  // namespace beian
