// What a support desk gives to `beian bureau pack`: any JSON is a message or a mistake with a name.
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "base/json.h"
#include "base/refusal.h"
#include "bureau/codec_v30.h"
#include "bureau/messages_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beian;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto value = parse_json(text);
    try {
      const auto upload = bureau::upload_from_json(value);
      static_cast<void>(bureau::v30::encode(upload));
      if (bureau::upload_from_json(bureau::to_json(upload)) != upload) std::abort();
    } catch (const std::invalid_argument&) {
    }
    static_cast<void>(bureau::v30::encode(bureau::download_from_json(value)));
  } catch (const std::invalid_argument&) {
  } catch (const Refusal&) {
  }
  return 0;
}
