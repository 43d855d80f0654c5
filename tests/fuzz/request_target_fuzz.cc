// Request targets: what is accepted is clean UTF-8 that cannot climb or split a line.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "http/request_target.h"

namespace {

bool is_clean(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
  }
  return beian::is_utf8(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto target = beian::parse_request_target({reinterpret_cast<const char*>(data), size});
  if (!target) return 0;
  const std::string& path = target->path;
  if (!path.starts_with('/') || !is_clean(path)) std::abort();
  if ((path + "/").find("/../") != std::string::npos) std::abort();
  if ((path + "/").find("/./") != std::string::npos) std::abort();
  if (path.find('\\') != std::string::npos) std::abort();
  for (const auto& [name, value] : target->query) {
    if (!is_clean(name) || !is_clean(value)) std::abort();
  }
  return 0;
}
