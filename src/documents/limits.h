// The sizes of materials, from data/limits.json.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "documents/image.h"

namespace beian::documents {

struct MaterialLimits {
  ImageLimits image;

  // The interface allows 100 KiB for each attachment and 150 KiB for the verification form, and
  // does not say whether before or after base64 (interface V3.0 §附件). With `count_base64` (the
  // default) the encoded form stays within the limit, so that either reading is met.
  std::size_t attachment_bytes = 100u << 10;
  std::size_t verification_form_bytes = 150u << 10;
  bool count_base64 = true;

  // What the raw file of this material purpose ("verification_form", …) may have.
  std::size_t raw_bytes_for(std::string_view purpose) const;

  // Throws std::runtime_error naming file and key.
  static MaterialLimits load(const std::string& path);
};

}  // namespace beian::documents
