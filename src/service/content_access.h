// Reading single answers out of a filing's content.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace beian::service {

json::object parse_content(const std::string& content);
// The text at a path ("principal.mobile", "sites.s1.name"); empty when absent or no text.
std::string text_at(const json::object& content, std::string_view path);
std::int64_t number_at(const json::object& content, std::string_view path);  // 0 when absent
std::vector<std::int64_t> numbers_at(const json::object& content, std::string_view path);
std::vector<std::string> texts_at(const json::object& content, std::string_view path);
// The registrable domain in ASCII of what was typed; empty while it is none.
std::string registrable_of(const std::string& typed);
// A stored domain (ASCII) as people write it: "示例.中国".
std::string unicode_domain(const std::string& ascii);
// 106.2.48.1 from the number the interface writes.
std::string ipv4_text(std::uint32_t ip);
// What a filing is called in lists: the organiser's name, else the first domain, else empty.
std::string title_of(const json::object& content);

}  // namespace beian::service
