// Request bodies: parsed and written again they say the same, or they are refused.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/json.h"
#include "base/refusal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto value = beian::parse_json(text, 1 << 16);
    const std::string written = beian::json::serialize(value);
    if (beian::json::serialize(beian::parse_json(written, 1 << 20)) != written) std::abort();
    const auto& object = beian::as_object(value);
    beian::opt_string(object, "name");
    beian::opt_int(object, "version");
    beian::opt_bool(object, "hard");
    beian::opt_id(object, "id");
  } catch (const beian::Refusal&) {
  }
  return 0;
}
