// Data files of both directions. What can be read and written again, as XML or as JSON, must read
// the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "bureau/codec_v30.h"
#include "bureau/messages_json.h"
#include "bureau/schema_v30.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beian::bureau;
  const std::string text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(v30::check_upload_schema(text));
  static_cast<void>(v30::check_download_schema(text));
  const auto download = v30::decode_download(text);
  if (!download.fault) {
    const auto again = v30::encode(download.value);
    if (again.problems.empty() && v30::decode_download(again.xml).value != download.value) {
      std::abort();
    }
    if (download_from_json(to_json(download.value)) != download.value) std::abort();
  }
  const auto upload = v30::decode_upload(text);
  if (!upload.fault) {
    const auto again = v30::encode(upload.value);
    if (again.problems.empty() && v30::decode_upload(again.xml).value != upload.value) {
      std::abort();
    }
    if (upload_from_json(to_json(upload.value)) != upload.value) std::abort();
  }
  return 0;
}
