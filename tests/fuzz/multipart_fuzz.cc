// Uploads: whatever the body, the parts are inside it, bounded and clean, or it is refused.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/refusal.h"
#include "base/text.h"
#include "http/multipart.h"

namespace {

bool is_inside(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace

// The first line is the Content-Type, the rest the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = input.find('\n');
  if (line == std::string_view::npos) return 0;
  const std::string_view body = input.substr(line + 1);
  try {
    const auto parts = beian::parse_multipart(input.substr(0, line), body);
    if (parts.size() > beian::k_max_parts) std::abort();
    for (const beian::Part& part : parts) {
      if (part.name.empty() || !beian::is_utf8(part.name)) std::abort();
      if (!beian::is_utf8(part.filename)) std::abort();
      if (part.filename.find_first_of("/\\\r\n") != std::string_view::npos) std::abort();
      if (!is_inside(part.bytes, body) || !is_inside(part.name, body)) std::abort();
    }
  } catch (const beian::Refusal&) {
  }
  return 0;
}
