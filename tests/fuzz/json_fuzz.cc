// Request bodies: parsed and written again they say the same, or they are refused. Floating numbers
// are excepted: Boost.JSON rounds their last digit, and no field of ours is one.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/json.h"
#include "base/refusal.h"

namespace {

bool has_double(const beian::json::value& value) {
  if (const auto* object = value.if_object()) {
    return std::any_of(object->begin(), object->end(),
                       [](const auto& member) { return has_double(member.value()); });
  }
  if (const auto* array = value.if_array()) {
    return std::any_of(array->begin(), array->end(), has_double);
  }
  return value.is_double();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto value = beian::parse_json(text, 1 << 16);
    const std::string written = beian::json::serialize(value);
    const auto again = beian::parse_json(written, 1 << 20);
    if (!has_double(value) && beian::json::serialize(again) != written) std::abort();
    const auto& object = beian::as_object(value);
    beian::opt_string(object, "name");
    beian::opt_int(object, "version");
    beian::opt_bool(object, "hard");
    beian::opt_id(object, "id");
  } catch (const beian::Refusal&) {
  }
  return 0;
}
