// multipart/form-data (RFC 7578) of a body that is already in memory and bounded.
#pragma once

#include <string_view>
#include <vector>

#include "base/message.h"

namespace beian {

// Views into the request's body and headers.
struct Part {
  std::string_view name;
  std::string_view filename;      // as sent, without its folder; empty when it is no file
  std::string_view content_type;  // what the sender claims; empty when nothing
  std::string_view bytes;
};

constexpr std::size_t k_max_parts = 16;
constexpr std::size_t k_max_part_header_bytes = 4096;

// Throws Refusal{bad_request, "multipart_invalid"} for whatever is not strictly well-formed: more
// parts or longer headers than above, names or file names that are empty, not UTF-8, longer than
// 255 bytes or contain control characters, a part without a name, nested multipart, a missing end.
std::vector<Part> parse_multipart(const Request& request);
std::vector<Part> parse_multipart(std::string_view content_type, std::string_view body);

// The part of that name. Throws Refusal{invalid} naming it when it is missing or there twice.
const Part& get_part(const std::vector<Part>& parts, std::string_view name);
const Part* opt_part(const std::vector<Part>& parts, std::string_view name);

}  // namespace beian
