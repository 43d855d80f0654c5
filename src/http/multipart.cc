#include "http/multipart.h"

#include <cstring>
#include <string>

#include "base/refusal.h"
#include "base/text.h"

namespace beian {
namespace {

constexpr std::size_t k_max_name_bytes = 255;
constexpr std::size_t k_max_boundary_bytes = 70;  // RFC 2046 5.1.1

[[noreturn]] void refuse() { throw Refusal(RefusalCode::bad_request, "multipart_invalid"); }

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::size_t find_in(std::string_view text, std::string_view what) {
  // Linear whatever the text (string_view::find is not), so nobody can make it slow.
  const void* found = memmem(text.data(), text.size(), what.data(), what.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

// One "; name=value" or "; name="value"" off the front of `rest`.
struct Parameter {
  std::string name;
  std::string_view value;
};

Parameter take_parameter(std::string_view& rest) {
  rest.remove_prefix(1);  // the semicolon
  const std::size_t equals = rest.find('=');
  if (equals == std::string_view::npos) refuse();
  Parameter parameter;
  parameter.name = to_lower_ascii(trim(rest.substr(0, equals)));
  rest.remove_prefix(equals + 1);
  if (rest.starts_with('"')) {
    std::size_t end = 1;
    while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' ? 2 : 1;
    if (end >= rest.size()) refuse();
    parameter.value = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
  } else {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    parameter.value = trim(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  rest = trim(rest);
  if (!rest.empty() && rest.front() != ';') refuse();
  return parameter;
}

void check_name(std::string_view name) {
  if (name.empty() || name.size() > k_max_name_bytes || !is_utf8(name)) refuse();
  for (const char c : name) {
    if (is_control(c)) refuse();
  }
}

// The value's first word in lower case ("form-data"), the rest of it from the first semicolon on.
std::string take_word(std::string_view& value) {
  const std::size_t end = std::min(value.find(';'), value.size());
  std::string word = to_lower_ascii(trim(value.substr(0, end)));
  value.remove_prefix(end);
  return word;
}

std::string boundary_of(std::string_view content_type) {
  if (take_word(content_type) != "multipart/form-data") refuse();
  std::string boundary;
  while (!content_type.empty()) {
    const Parameter parameter = take_parameter(content_type);
    if (parameter.name != "boundary") continue;
    if (!boundary.empty()) refuse();
    boundary = parameter.value;
  }
  if (boundary.empty() || boundary.size() > k_max_boundary_bytes) refuse();
  for (const char c : boundary) {
    if (is_control(c) || (c & 0x80) != 0 || c == '"' || c == '\\') refuse();
  }
  return boundary;
}

void read_disposition(std::string_view value, Part& part) {
  if (take_word(value) != "form-data" || !part.name.empty()) refuse();
  while (!value.empty()) {
    const Parameter parameter = take_parameter(value);
    if (parameter.name == "name") {
      check_name(parameter.value);
      part.name = parameter.value;
    } else if (parameter.name == "filename" && !parameter.value.empty()) {
      check_name(parameter.value);
      const std::size_t folder = parameter.value.find_last_of("/\\");
      part.filename = parameter.value.substr(folder + 1);  // npos + 1 is 0
    }
  }
}

void read_field(std::string_view line, Part& part) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) refuse();
  const std::string name = to_lower_ascii(line.substr(0, colon));
  const std::string_view value = trim(line.substr(colon + 1));
  if (name == "content-disposition") {
    read_disposition(value, part);
  } else if (name == "content-type") {
    if (to_lower_ascii(value).starts_with("multipart/")) refuse();
    part.content_type = value;
  } else if (name == "content-transfer-encoding") {
    const std::string coding = to_lower_ascii(value);
    if (coding != "binary" && coding != "8bit" && coding != "7bit") refuse();
  }
}

// The fields of a part off the front of `rest`, their empty line included.
void take_fields(std::string_view& rest, Part& part) {
  const std::string_view start = rest.substr(0, k_max_part_header_bytes);
  const std::size_t end = find_in(start, "\r\n\r\n");
  if (end == std::string_view::npos) refuse();
  std::string_view fields = rest.substr(0, end + 2);
  rest.remove_prefix(end + 4);
  while (!fields.empty()) {
    const std::size_t line_end = find_in(fields, "\r\n");
    const std::string_view line = fields.substr(0, line_end);
    for (const char c : line) {
      if (is_control(c) && c != '\t') refuse();
    }
    read_field(line, part);
    fields.remove_prefix(line_end + 2);
  }
  if (part.name.empty()) refuse();
}

[[noreturn]] void refuse_part(std::string_view name, std::string code) {
  Problem problem;
  problem.field = std::string(name);
  problem.code = std::move(code);
  throw Refusal(RefusalCode::invalid, "request_invalid", {std::move(problem)});
}

}  // namespace

std::vector<Part> parse_multipart(const Request& request) {
  const auto content_type = request.headers.find("content-type");
  if (content_type == request.headers.end()) refuse();
  return parse_multipart(content_type->second, request.body);
}

std::vector<Part> parse_multipart(std::string_view content_type, std::string_view body) {
  const std::string delimiter = "\r\n--" + boundary_of(content_type);
  const std::string_view first = std::string_view(delimiter).substr(2);
  if (!body.starts_with(first)) refuse();
  body.remove_prefix(first.size());
  std::vector<Part> parts;
  while (body.starts_with("\r\n")) {
    if (parts.size() == k_max_parts) refuse();
    body.remove_prefix(2);
    Part part;
    take_fields(body, part);
    const std::size_t end = find_in(body, delimiter);
    if (end == std::string_view::npos) refuse();
    part.bytes = body.substr(0, end);
    body.remove_prefix(end + delimiter.size());
    parts.push_back(part);
  }
  if (body != "--\r\n" && body != "--") refuse();
  return parts;
}

const Part* opt_part(const std::vector<Part>& parts, std::string_view name) {
  const Part* found = nullptr;
  for (const Part& part : parts) {
    if (part.name != name) continue;
    if (found != nullptr) refuse_part(name, "part_twice");
    found = &part;
  }
  return found;
}

const Part& get_part(const std::vector<Part>& parts, std::string_view name) {
  const Part* found = opt_part(parts, name);
  if (found == nullptr) refuse_part(name, "part_missing");
  return *found;
}

}  // namespace beian
