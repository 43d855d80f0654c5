#include "filing/number.h"

#include <algorithm>
#include <cctype>

#include "base/narrow.h"
#include "base/text.h"

namespace beian {
namespace {

constexpr std::size_t k_max_length = 128;

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Takes `token` from the front of `rest`.
bool take(std::string_view& rest, std::string_view token) {
  if (!rest.starts_with(token)) return false;
  rest.remove_prefix(token.size());
  return true;
}

std::string take_digits(std::string_view& rest) {
  std::size_t length = 0;
  while (length < rest.size() && rest[length] >= '0' && rest[length] <= '9') ++length;
  std::string digits(rest.substr(0, length));
  rest.remove_prefix(length);
  return digits;
}

bool good_serial(const std::string& serial) { return serial.size() >= 6 && serial.size() <= 12; }

// "-1", "-2A": what follows the organiser's number.
bool read_service(std::string_view rest, FilingNumber& number) {
  if (rest.empty()) return true;
  if (!take(rest, "-")) return false;
  const std::string serial = take_digits(rest);
  if (serial.empty() || serial.size() > 6) return false;
  number.service_serial = std::stoi(serial);
  if (rest.empty()) number.service = FilingNumber::Service::website;
  if (rest == "A") number.service = FilingNumber::Service::app;
  if (rest == "X") number.service = FilingNumber::Service::mini_program;
  if (rest == "K") number.service = FilingNumber::Service::quick_app;
  return number.service != FilingNumber::Service::none && number.service_serial > 0;
}

// "ICP备2026000001号" or "ICP证030173号"
bool read_icp(std::string_view rest, FilingNumber& number) {
  if (take(rest, "备")) {
    number.style = FilingNumber::Style::filing;
  } else if (take(rest, "证")) {
    number.style = FilingNumber::Style::icp_licence;
  } else {
    return false;
  }
  number.serial = take_digits(rest);
  take(rest, "号");
  return good_serial(number.serial) && read_service(rest, number);
}

// "B2-20090059", "A2.B1.B2-20090059"
bool read_telecom(std::string_view rest, FilingNumber& number) {
  const std::size_t hyphen = rest.find('-');
  if (hyphen == std::string_view::npos || hyphen < 2 || hyphen > 32) return false;
  for (const std::string& part : split(rest.substr(0, hyphen), '.')) {
    if (part.size() < 2 || part[0] < 'A' || part[0] > 'Z' || !all_digits(part.substr(1))) {
      return false;
    }
  }
  number.style = FilingNumber::Style::telecom_licence;
  number.serial = rest.substr(0, hyphen + 1);
  rest.remove_prefix(hyphen + 1);
  const std::string digits = take_digits(rest);
  number.serial += digits;
  take(rest, "号");
  return good_serial(digits) && read_service(rest, number);
}

// Full-width folded, blanks gone, capitals; the many hyphens people type are one.
std::string normalised(std::string_view text) {
  std::vector<char32_t> points;
  for (char32_t c : to_code_points(narrow_line(text))) {
    if (c == U' ') continue;
    if (c >= 0x2010 && c <= 0x2015) c = U'-';
    if (c == 0x2212) c = U'-';
    if (c >= U'a' && c <= U'z') c = c - U'a' + U'A';
    points.push_back(c);
  }
  return from_code_points(points);
}

}  // namespace

std::string FilingNumber::organiser_number() const {
  switch (style) {
    case Style::filing:
      return prefix + "ICP备" + serial + "号";
    case Style::icp_licence:
      return prefix + "ICP证" + serial + "号";
    case Style::telecom_licence:
      break;
  }
  return prefix + serial;
}

std::string FilingNumber::text() const {
  std::string whole = organiser_number();
  if (service == Service::none) return whole;
  whole += "-" + std::to_string(service_serial);
  if (service == Service::app) whole += "A";
  if (service == Service::mini_program) whole += "X";
  if (service == Service::quick_app) whole += "K";
  return whole;
}

std::optional<FilingNumber> parse_filing_number(std::string_view text,
                                                const std::vector<std::string>& prefixes) {
  if (text.size() > k_max_length) return std::nullopt;
  const std::string plain = normalised(text);
  for (const std::string& prefix : prefixes) {
    std::string_view rest(plain);
    if (!take(rest, prefix)) continue;
    FilingNumber number;
    number.prefix = prefix;
    const bool good = take(rest, "ICP") ? read_icp(rest, number) : read_telecom(rest, number);
    if (good) return number;
  }
  return std::nullopt;
}

}  // namespace beian
