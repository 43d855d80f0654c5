#include "http/request_target.h"

#include <algorithm>

#include "base/text.h"

namespace beian {
namespace {

constexpr std::size_t k_max_target = 8u << 10;
constexpr std::size_t k_max_segments = 64;
constexpr std::size_t k_max_fields = 64;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// Clean UTF-8 without control characters, or nullopt.
std::optional<std::string> decode(std::string_view text, bool plus_is_blank) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_blank) {
      c = ' ';
    }
    decoded.push_back(c);
  }
  if (std::any_of(decoded.begin(), decoded.end(), is_control)) return std::nullopt;
  if (!is_utf8(decoded)) return std::nullopt;
  return decoded;
}

std::optional<std::string> decode_path(std::string_view raw) {
  std::string path;
  std::size_t segments = 0;
  while (!raw.empty()) {
    raw.remove_prefix(1);  // the slash
    const std::size_t end = std::min(raw.find('/'), raw.size());
    const auto segment = decode(raw.substr(0, end), false);
    raw.remove_prefix(end);
    if (!segment || ++segments > k_max_segments) return std::nullopt;
    if (*segment == "." || *segment == "..") return std::nullopt;
    if (segment->find_first_of("/\\") != std::string::npos) return std::nullopt;
    path += '/';
    path += *segment;
  }
  return path;
}

bool decode_query(std::string_view raw, std::map<std::string, std::string>& query) {
  for (std::size_t fields = 0; !raw.empty(); ++fields) {
    if (fields == k_max_fields) return false;
    const std::size_t end = std::min(raw.find('&'), raw.size());
    const std::string_view field = raw.substr(0, end);
    raw.remove_prefix(std::min(end + 1, raw.size()));
    const std::size_t equals = std::min(field.find('='), field.size());
    const auto name = decode(field.substr(0, equals), true);
    const auto value = decode(field.substr(std::min(equals + 1, field.size())), true);
    if (!name || !value) return false;
    if (!name->empty()) query.emplace(*name, *value);
  }
  return true;
}

}  // namespace

std::optional<RequestTarget> parse_request_target(std::string_view target) {
  if (target.empty() || target.size() > k_max_target || target.front() != '/' ||
      target.find('#') != std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t mark = std::min(target.find('?'), target.size());
  const auto path = decode_path(target.substr(0, mark));
  if (!path) return std::nullopt;
  RequestTarget result;
  result.path = *path;
  if (!decode_query(target.substr(std::min(mark + 1, target.size())), result.query)) {
    return std::nullopt;
  }
  return result;
}

}  // namespace beian
