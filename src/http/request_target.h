// The request-target of a request line, taken apart and decoded once, so that nothing later in the
// program decodes again or sees two spellings of one path.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace beian {

struct RequestTarget {
  std::string path;                          // decoded UTF-8, starts with '/'
  std::map<std::string, std::string> query;  // decoded; the first of equal names counts
};

// nullopt for what no honest client sends: not starting with '/', longer than 8 KiB, a fragment,
// more than 64 segments or 64 query fields, broken percent-encoding, control characters or bytes
// that are not UTF-8 (before or after decoding), an encoded '/' or any '\' in the path, "." or ".."
// segments.
std::optional<RequestTarget> parse_request_target(std::string_view target);

}  // namespace beian
