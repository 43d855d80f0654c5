#include "bureau/codec.h"

#include "bureau/codec_v30.h"
#include "bureau/schema_v30.h"

namespace beian::bureau {
namespace {

const Codec k_codecs[] = {
    {v30::k_version, v30::encode, v30::encode, v30::decode_upload, v30::decode_download,
     v30::check_upload_schema, v30::check_download_schema},
};

}  // namespace

const Codec* find_codec(std::string_view version) {
  for (const Codec& codec : k_codecs) {
    if (codec.version == version) return &codec;
  }
  return nullptr;
}

std::vector<std::string_view> codec_versions() {
  std::vector<std::string_view> versions;
  for (const Codec& codec : k_codecs) versions.push_back(codec.version);
  return versions;
}

}  // namespace beian::bureau
