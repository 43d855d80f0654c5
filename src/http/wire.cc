#include "http/wire.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <iterator>

#include "base/text.h"

namespace beian {
namespace {

bool is_token_character(unsigned char c) {
  constexpr std::string_view k_others = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         k_others.find(static_cast<char>(c)) != std::string_view::npos;
}

bool is_control(unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; }

bool is_field(const std::pair<std::string, std::string>& field) {
  return !field.first.empty() &&
         std::all_of(field.first.begin(), field.first.end(), is_token_character) &&
         std::none_of(field.second.begin(), field.second.end(), is_control);
}

bool is_same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && to_lower_ascii(a) == to_lower_ascii(b);
}

bool is_servers_own(std::string_view name) {
  constexpr std::array<std::string_view, 6> k_own{
      "content-length", "transfer-encoding", "connection", "date", "x-request-id", "keep-alive"};
  return std::any_of(k_own.begin(), k_own.end(),
                     [&](std::string_view own) { return is_same_name(name, own); });
}

std::string_view reason_phrase(int status) {
  constexpr std::array<std::pair<int, std::string_view>, 30> k_phrases{
      {{200, "OK"},
       {201, "Created"},
       {202, "Accepted"},
       {204, "No Content"},
       {301, "Moved Permanently"},
       {302, "Found"},
       {303, "See Other"},
       {304, "Not Modified"},
       {307, "Temporary Redirect"},
       {308, "Permanent Redirect"},
       {400, "Bad Request"},
       {401, "Unauthorized"},
       {403, "Forbidden"},
       {404, "Not Found"},
       {405, "Method Not Allowed"},
       {406, "Not Acceptable"},
       {408, "Request Timeout"},
       {409, "Conflict"},
       {410, "Gone"},
       {413, "Content Too Large"},
       {415, "Unsupported Media Type"},
       {417, "Expectation Failed"},
       {422, "Unprocessable Content"},
       {429, "Too Many Requests"},
       {431, "Request Header Fields Too Large"},
       {500, "Internal Server Error"},
       {501, "Not Implemented"},
       {503, "Service Unavailable"},
       {505, "HTTP Version Not Supported"},
       {507, "Insufficient Storage"}}};
  const auto* found = std::find_if(k_phrases.begin(), k_phrases.end(),
                                   [&](const auto& phrase) { return phrase.first == status; });
  return found == k_phrases.end() ? "Status" : found->second;
}

}  // namespace

HeaderScan::State HeaderScan::feed(std::string_view bytes) {
  for (; seen_ < bytes.size(); ++seen_) {
    const auto c = static_cast<unsigned char>(bytes[seen_]);
    if (after_cr_) {
      if (c != '\n') return State::malformed;
      after_cr_ = false;
      if (line_ == 0) {
        ++seen_;
        return State::complete;
      }
      line_ = 0;
    } else if (c == '\r') {
      after_cr_ = true;
    } else if (is_control(c) || (line_ == 0 && (c == ' ' || c == '\t'))) {
      return State::malformed;  // a line that starts with a blank would be a folded one
    } else {
      ++line_;
    }
  }
  return State::incomplete;
}

std::optional<std::string> response_head(const Response& response, const HeadOptions& options) {
  std::string head;
  head.reserve(1024);
  const auto out = std::back_inserter(head);
  fmt::format_to(out, "HTTP/1.1 {} {}\r\nDate: {}\r\nX-Request-Id: {}\r\n", response.status,
                 reason_phrase(response.status), options.date, options.request_id);
  if (has_body(response.status))
    fmt::format_to(out, "Content-Length: {}\r\n", response.body.size());
  if (!options.keep_alive) head += "Connection: close\r\n";
  for (const auto& field : response.headers) {
    if (!is_field(field)) return std::nullopt;
    if (!is_servers_own(field.first)) fmt::format_to(out, "{}: {}\r\n", field.first, field.second);
  }
  if (options.common != nullptr) {
    for (const auto& field : *options.common) {
      const bool overridden =
          std::any_of(response.headers.begin(), response.headers.end(),
                      [&](const auto& own) { return is_same_name(own.first, field.first); });
      if (!overridden) fmt::format_to(out, "{}: {}\r\n", field.first, field.second);
    }
  }
  head += "\r\n";
  return head;
}

bool has_body(int status) { return status >= 200 && status != 204 && status != 304; }

std::string http_date(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[64];
  // The process never calls setlocale, so day and month names are English.
  const std::size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return std::string(text, size);
}

}  // namespace beian
