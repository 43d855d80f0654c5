#include "documents/paper_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace beian::documents {
namespace {

bool is_han(char32_t c) { return (c >= 0x3400 && c <= 0x9FFF) || c >= 0x20000; }
bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_latin(char32_t c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

constexpr std::string_view k_code_letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";

// What a character of print may be instead, the likeliest first.
std::string_view alike(char c) {
  switch (c) {
    case '0':
      return "DQUC";
    case '1':
      return "LTJ7";
    case '2':
      return "7";
    case '3':
      return "8";
    case '4':
      return "A";
    case '5':
      return "6";
    case '6':
      return "GC85";
    case '7':
      return "1T";
    case '8':
      return "B3";
    case '9':
      return "Q";
    case 'A':
      return "4";
    case 'B':
      return "8R";
    case 'C':
      return "G0";
    case 'D':
      return "0";
    case 'E':
      return "F";
    case 'F':
      return "E";
    case 'G':
      return "6C";
    case 'H':
      return "N";
    case 'J':
      return "1";
    case 'L':
      return "1";
    case 'M':
      return "N";
    case 'N':
      return "HM";
    case 'Q':
      return "0";
    case 'R':
      return "B";
    case 'T':
      return "17";
    case 'U':
      return "0";
    case 'W':
      return "M";
    case 'X':
      return "Y";
    case 'Y':
      return "X";
    default:
      return "";
  }
}

// The standard leaves out the letters I, O, S, V, Z: print that looks like them is something else.
std::string as_code(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    switch (c) {
      case 'O':
        c = '0';
        break;
      case 'I':
        c = '1';
        break;
      case 'S':
        c = '5';
        break;
      case 'Z':
        c = '2';
        break;
      case 'V':
        c = 'Y';
        break;
      default:
        break;
    }
    out += c;
  }
  return out;
}

// Windows of `length` characters, from the end: labels stand before the number.
template <typename Good>
std::optional<std::string> window(const std::string& text, std::size_t length, Good good) {
  for (std::size_t at = text.size() + 1; at-- > length;) {
    const std::string part = text.substr(at - length, length);
    if (good(part)) return part;
  }
  return std::nullopt;
}

std::optional<std::string> mended_code(const std::string& text) {
  std::set<std::string> good;
  for (std::size_t at = text.size() + 1; at-- > 18;) {
    const std::string part = text.substr(at - 18, 18);
    for (std::size_t i = 0; i < part.size(); ++i)
      for (char other : alike(part[i])) {
        std::string mended = part;
        mended[i] = other;
        if (is_credit_code(mended)) good.insert(mended);
      }
  }
  if (good.size() != 1) return std::nullopt;
  return *good.begin();
}

}  // namespace

std::u32string plain_print(std::string_view utf8) {
  if (!is_utf8(utf8)) return {};
  const std::vector<char32_t> points = to_code_points(utf8);
  std::u32string out;
  for (char32_t c : points) {
    if (c >= 0xFF01 && c <= 0xFF5E) c = c - 0xFF01 + '!';  // full-width ASCII
    if (c != 0x3000 && c != ' ' && c != ':') out += c;
  }
  return out;
}

std::string to_utf8(std::u32string_view text) {
  return from_code_points(std::vector<char32_t>(text.begin(), text.end()));
}

bool is_citizen_id(std::string_view number) {
  if (number.size() != 18) return false;
  constexpr int k_weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) {
    if (!is_digit(static_cast<unsigned char>(number[i]))) return false;
    sum += (number[i] - '0') * k_weights[i];
  }
  const int year = (number[6] - '0') * 10 + number[7] - '0';
  const int month = (number[10] - '0') * 10 + number[11] - '0';
  const int day = (number[12] - '0') * 10 + number[13] - '0';
  if ((year != 19 && year != 20) || month < 1 || month > 12 || day < 1 || day > 31) return false;
  return number[17] == "10X98765432"[sum % 11];
}

bool is_credit_code(std::string_view code) {
  if (code.size() != 18) return false;
  constexpr int k_weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
  int sum = 0;
  for (std::size_t i = 0; i < 18; ++i) {
    const auto value = k_code_letters.find(code[i]);
    if (value == std::string_view::npos) return false;
    if (i >= 2 && i < 8 && value > 9) return false;  // the region
    if (i < 17) sum += static_cast<int>(value) * k_weights[i];
  }
  return k_code_letters[static_cast<std::size_t>((31 - sum % 31) % 31)] == code[17];
}

std::string only_latin(std::string_view line) {
  std::string out;
  for (char32_t c : plain_print(line))
    if (is_latin(c)) out += static_cast<char>(c);
  return out;
}

std::optional<std::string> find_citizen_id(std::string_view line) {
  std::string text;
  for (char c : as_code(only_latin(line))) {
    if (c == 'D' || c == 'Q') c = '0';
    if (c == 'L' || c == 'T') c = '1';
    if (c == 'B') c = '8';
    if ((c >= '0' && c <= '9') || c == 'X') text += c;
  }
  return window(text, 18, [](const std::string& part) { return is_citizen_id(part); });
}

std::optional<std::string> find_credit_code(std::string_view line) {
  const std::string text = as_code(only_latin(line));
  if (auto found = window(text, 18, [](const std::string& part) { return is_credit_code(part); }))
    return found;
  return mended_code(text);
}

std::vector<std::string> find_dates(std::string_view line) {
  const std::u32string text = plain_print(line);
  std::vector<int> groups;
  std::vector<std::size_t> lengths, ends;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_digit(text[i])) {
      ++i;
      continue;
    }
    int value = 0;
    std::size_t length = 0;
    while (i < text.size() && is_digit(text[i]) && length < 9) {
      value = value * 10 + static_cast<int>(text[i] - '0');
      ++i;
      ++length;
    }
    groups.push_back(value);
    lengths.push_back(length);
    ends.push_back(i);
  }
  std::vector<std::string> out;
  const auto put = [&](int year, int month, int day) {
    if (year < 1900 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31) return false;
    out.push_back(fmt::format("{:04}-{:02}-{:02}", year, month, day));
    return true;
  };
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (lengths[i] == 8) {
      put(groups[i] / 10000, groups[i] / 100 % 100, groups[i] % 100);
    } else if (lengths[i] == 4 && i + 2 < groups.size() && lengths[i + 1] <= 2 &&
               lengths[i + 2] <= 2) {
      if (put(groups[i], groups[i + 1], groups[i + 2])) i += 2;
    }
  }
  if (text.find(U"长期") != std::u32string::npos) out.push_back("long");
  return out;
}

std::string tidy(std::string_view value) {
  std::u32string text = plain_print(value);
  const auto stray = [](char32_t c) { return !is_han(c) && !is_latin(c) && c != '(' && c != ')'; };
  while (!text.empty() && (stray(text.front()) || text.front() == ')')) text.erase(0, 1);
  while (!text.empty() && (stray(text.back()) || text.back() == '(')) text.pop_back();
  for (char32_t& c : text) {
    // No name has any other brackets; the engine takes them for each other.
    if (std::u32string_view(U"([{〈《〔【").find(c) != std::u32string_view::npos) c = U'（';
    if (std::u32string_view(U")]}〉》〕】").find(c) != std::u32string_view::npos) c = U'）';
  }
  return to_utf8(text);
}

std::vector<std::string> find_validity(std::string_view line) {
  std::vector<std::string> dates = find_dates(line);
  const std::u32string text = plain_print(line);
  const std::size_t last = text.find_last_of(U"0123456789");
  if (dates.size() == 1 && dates[0] != "long" &&
      text.find_first_of(U"长期", last + 1) != std::u32string::npos)
    dates.emplace_back("long");
  return dates;
}

std::string only_name(std::string_view value) {
  constexpr std::u32string_view k_dots = U"·.•・‧∙⋅。,-'`*°";
  const std::u32string text = plain_print(value);
  const auto han_at = [&](std::size_t i) { return i < text.size() && is_han(text[i]); };
  std::u32string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // Names that have a dot have two characters or more on either side of it.
    const bool parts = i >= 2 && han_at(i - 2) && han_at(i - 1) && han_at(i + 1) && han_at(i + 2);
    if (han_at(i))
      out += text[i];
    else if (parts && k_dots.find(text[i]) != std::u32string_view::npos)
      out += U'·';
  }
  return to_utf8(out);
}

}  // namespace beian::documents
