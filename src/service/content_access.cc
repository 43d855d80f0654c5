#include "service/content_access.h"

#include "base/text.h"
#include "filing/condition.h"
#include "filing/content.h"
#include "filing/domain_name.h"

namespace beian::service {

json::object parse_content(const std::string& content) {
  return parse_json(content, 4u << 20).as_object();
}

std::string text_at(const json::object& content, std::string_view path) {
  const json::value* value = value_at(content, path);
  if (!value || !value->is_string()) return {};
  return std::string(value->get_string());
}

std::int64_t number_at(const json::object& content, std::string_view path) {
  const json::value* value = value_at(content, path);
  return value && value->is_int64() ? value->get_int64() : 0;
}

std::vector<std::int64_t> numbers_at(const json::object& content, std::string_view path) {
  std::vector<std::int64_t> out;
  const json::value* value = value_at(content, path);
  if (value && value->is_array())
    for (const json::value& item : value->get_array())
      if (item.is_int64()) out.push_back(item.get_int64());
  if (value && value->is_int64()) out.push_back(value->get_int64());
  return out;
}

std::vector<std::string> texts_at(const json::object& content, std::string_view path) {
  std::vector<std::string> out;
  const json::value* value = value_at(content, path);
  if (value && value->is_array())
    for (const json::value& item : value->get_array())
      if (item.is_string()) out.emplace_back(item.get_string());
  return out;
}

std::string registrable_of(const std::string& typed) {
  const auto host = parse_host(typed);
  if (!host) return {};
  const auto domain = registrable_domain(*host);
  return domain ? domain->ascii : std::string();
}

std::string unicode_domain(const std::string& ascii) {
  const auto host = parse_host(ascii);
  return host ? host->unicode : ascii;
}

std::string ipv4_text(std::uint32_t ip) {
  return std::to_string(ip >> 24) + "." + std::to_string((ip >> 16) & 255) + "." +
         std::to_string((ip >> 8) & 255) + "." + std::to_string(ip & 255);
}

std::string title_of(const json::object& content) {
  std::string title = text_at(content, "organiser.name");
  for (const std::string& key : site_keys(content)) {
    if (!title.empty()) break;
    title = text_at(content, "sites." + key + ".domain");
  }
  return title;
}

}  // namespace beian::service
