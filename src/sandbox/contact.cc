#include "sandbox/contact.h"

#include <algorithm>
#include <chrono>

#include "base/text.h"

namespace beian::sandbox {
namespace {

bool all_parts(const std::string& joined, bool (*right)(std::string_view)) {
  const auto parts = split(joined, ';');
  return !parts.empty() &&
         std::all_of(parts.begin(), parts.end(), [&](const auto& part) { return right(part); });
}

bool is_mobile(std::string_view text) {
  return text.size() == 11 && text[0] == '1' && consists_of(text, "0123456789");
}

bool is_office_phone(std::string_view text) {
  return text.size() >= 7 && consists_of(text, "0123456789-") && text.front() != '-' &&
         text.back() != '-';
}

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  return at != std::string_view::npos && at > 0 &&
         text.find('@', at + 1) == std::string_view::npos &&
         text.find('.', at + 2) != std::string_view::npos && text.back() != '.' &&
         text.find(' ') == std::string_view::npos;
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') {
    return false;
  }
  return std::all_of(label.begin(), label.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

bool consists_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_mobile_list(const std::string& text) { return all_parts(text, is_mobile); }
bool is_phone(const std::string& text) { return all_parts(text, is_office_phone); }
bool is_email_list(const std::string& text) { return all_parts(text, is_email); }

bool is_domain(const std::string& name) {
  const auto labels = split(name, '.');
  return labels.size() >= 2 && std::all_of(labels.begin(), labels.end(), is_label) &&
         !consists_of(labels.back(), "0123456789");
}

bool is_home_url(const std::string& url) {
  std::string_view rest = url;
  const auto scheme = rest.find("://");
  if (scheme != std::string_view::npos) {
    const auto name = to_lower_ascii(rest.substr(0, scheme));
    if (name != "http" && name != "https") return false;
    rest.remove_prefix(scheme + 3);
  }
  const auto host = rest.substr(0, rest.find_first_of("/:?#"));
  return url.find_first_of(" \t\r\n\"<>") == std::string::npos && is_domain(std::string(host));
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [&](std::size_t at, std::size_t count) {
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
      if (text[i] < '0' || text[i] > '9') return -1;
      value = value * 10 + (text[i] - '0');
    }
    return value;
  };
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (year < 1 || month < 1 || day < 1) return false;
  return std::chrono::year_month_day(std::chrono::year(year),
                                     std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day)))
      .ok();
}

}  // namespace beian::sandbox
