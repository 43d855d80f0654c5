#include "filing/contact.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "filing/data.h"
#include "filing/problem.h"

namespace beian {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_mobile(std::string_view text) {
  return text.size() == 11 && all_digits(text) && text[0] == '1' && text[1] >= '3';
}

// "0571-88888888-123": area code of three or four digits, seven or eight digits, an extension.
struct Landline {
  std::string area;
  bool good = false;
};

// 010 and 02x are the three-digit area codes; all others have four digits.
std::size_t area_length(std::string_view digits) {
  return digits.size() > 1 && (digits[1] == '1' || digits[1] == '2') ? 3 : 4;
}

Landline read_landline(std::string_view text) {
  Landline line;
  if (text.empty() || text[0] != '0') return line;
  std::vector<std::string> parts = split(text, '-');
  if (parts.size() > 3) return line;
  const std::size_t length = area_length(parts[0]);
  if (parts[0].size() > length) {  // the area code runs into the number
    parts.insert(parts.begin() + 1, parts[0].substr(length));
    parts[0].resize(length);
  }
  line.area = parts[0];
  const bool number = parts.size() >= 2 && parts[0].size() == length && all_digits(parts[0]) &&
                      all_digits(parts[1]) && (parts[1].size() == 7 || parts[1].size() == 8);
  const bool extension =
      parts.size() < 3 || (parts.size() == 3 && all_digits(parts[2]) && parts[2].size() <= 6);
  line.good = number && extension;
  return line;
}

bool is_service_number(std::string_view text) {
  std::string digits;
  for (char c : text) {
    if (c != '-') digits.push_back(c);
  }
  return digits.size() == 10 && all_digits(digits) && text.front() != '-' &&
         (digits.starts_with("400") || digits.starts_with("800"));
}

bool is_email_text(std::string_view text, std::string_view extra) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           extra.find(c) != std::string_view::npos;
  });
}

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos || at > 64) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view host = text.substr(at + 1);
  if (!is_email_text(local, "._%+-") || local.front() == '.' || local.back() == '.' ||
      local.find("..") != std::string_view::npos) {
    return false;
  }
  const std::vector<std::string> labels = split(host, '.');
  if (labels.size() < 2 || labels.back().size() < 2 || all_digits(labels.back())) return false;
  return std::ranges::all_of(labels, [](const std::string& label) {
    return is_email_text(label, "-") && label.front() != '-' && label.back() != '-';
  });
}

// Networks that nobody outside can reach. The documentation networks are not among them, so that
// samples have addresses to use.
struct Network {
  std::uint32_t address;
  int bits;
};
constexpr std::array<Network, 9> k_unreachable{{{0x00000000, 8},
                                                {0x0A000000, 8},
                                                {0x64400000, 10},
                                                {0x7F000000, 8},
                                                {0xA9FE0000, 16},
                                                {0xAC100000, 12},
                                                {0xC0A80000, 16},
                                                {0xE0000000, 4},
                                                {0xF0000000, 4}}};

bool is_unreachable(std::uint32_t address) {
  return std::ranges::any_of(k_unreachable, [&](const Network& network) {
    return (address >> (32 - network.bits)) == (network.address >> (32 - network.bits));
  });
}

}  // namespace

AreaCodes AreaCodes::from_json(const json::value& value) {
  AreaCodes codes;
  const json::object& object = data::object(value, "area codes");
  for (const auto& [province, list] :
       data::object(data::member(object, "codes", "area codes"), "area codes")) {
    for (const json::value& code : data::array(list, "area codes")) {
      codes.provinces_[data::text(code, "area codes")] = province;
    }
  }
  return codes;
}

bool AreaCodes::has(std::string_view code) const {
  return provinces_.find(code) != provinces_.end();
}

std::optional<std::string> AreaCodes::province(std::string_view phone) const {
  const Landline line = read_landline(phone);
  const auto found = provinces_.find(line.area);
  if (!line.good || found == provinces_.end()) return std::nullopt;
  return found->second;
}

std::optional<Problem> check_mobile(std::string_view text) {
  if (is_mobile(text)) return std::nullopt;
  return problem("mobile_shape", {{"length", std::to_string(count_characters(text))}});
}

std::optional<Problem> check_phone(const AreaCodes& area_codes, std::string_view text) {
  if (is_mobile(text)) return std::nullopt;
  const bool allowed =
      !text.empty() && std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '-'; });
  if (!allowed) return problem("phone_characters");
  if (is_service_number(text)) {
    if (text.size() >= 11) return std::nullopt;
    return problem("phone_service_hyphen");
  }
  if (text[0] != '0' && text.find('-') == std::string_view::npos &&
      (text.size() == 7 || text.size() == 8)) {
    return problem("phone_area_missing");
  }
  const Landline line = read_landline(text);
  if (!line.good || text.size() < 11) return problem("phone_shape");
  if (area_codes.has(line.area)) return std::nullopt;
  return advice("phone_area_unknown", {{"area", line.area}});
}

std::optional<Problem> check_email(std::string_view text) {
  if (text.size() > 128) return problem("text_too_long", {{"max", "128"}});
  if (text.size() >= 6 && is_email(text)) return std::nullopt;
  return problem("email_shape");
}

std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
  const std::vector<std::string> parts = split(text, '.');
  if (parts.size() != 4) return std::nullopt;
  std::uint32_t address = 0;
  for (const std::string& part : parts) {
    if (!all_digits(part) || part.size() > 3 || (part.size() > 1 && part[0] == '0')) {
      return std::nullopt;
    }
    const int value = std::stoi(part);
    if (value > 255) return std::nullopt;
    address = address << 8 | static_cast<std::uint32_t>(value);
  }
  return address;
}

std::string ipv4_to_string(std::uint32_t address) {
  return std::to_string(address >> 24) + "." + std::to_string(address >> 16 & 255) + "." +
         std::to_string(address >> 8 & 255) + "." + std::to_string(address & 255);
}

std::optional<std::string> canonical_ip(std::string_view text) {
  if (const auto address = parse_ipv4(text)) return ipv4_to_string(*address);
  if (text.size() > 45 || text.find(':') == std::string_view::npos) return std::nullopt;
  in6_addr address{};
  if (inet_pton(AF_INET6, std::string(text).c_str(), &address) != 1) return std::nullopt;
  char canonical[INET6_ADDRSTRLEN];
  if (!inet_ntop(AF_INET6, &address, canonical, sizeof canonical)) return std::nullopt;
  return std::string(canonical);
}

std::optional<Problem> check_ip(std::string_view text) {
  if (const auto address = parse_ipv4(text)) {
    if (is_unreachable(*address)) return problem("ip_private", {{"ip", std::string(text)}});
    return std::nullopt;
  }
  if (!canonical_ip(text)) {
    return problem("ip_syntax", {{"ip", std::string(text.substr(0, 45))}});
  }
  return advice("ip_v6", {{"ip", std::string(text)}});
}

}  // namespace beian
