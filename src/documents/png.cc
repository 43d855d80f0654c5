#include <png.h>

#include "documents/decoders.h"

namespace beian::documents {
namespace {

// True when every chunk up to the last (IEND) lies within the bytes. libpng would allocate what a
// chunk's length claims before finding that it is not there.
bool is_whole(std::string_view bytes) {
  constexpr std::size_t k_frame = 12;  // length, type and checksum around a chunk's data
  std::size_t at = 8;
  while (bytes.size() >= at && bytes.size() - at >= k_frame) {
    std::size_t length = 0;
    for (int i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>(bytes[at + i]);
    if (length > bytes.size() - at - k_frame) return false;
    if (bytes.substr(at + 4, 4) == "IEND") return true;
    at += k_frame + length;
  }
  return false;
}

}  // namespace

RawOrProblem decode_png(std::string_view bytes, const ImageLimits& limits) {
  const bool whole = is_whole(bytes);
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  if (!whole || png_image_begin_read_from_memory(&header, bytes.data(), bytes.size()) == 0) {
    return image_problem(whole ? "image_damaged" : "image_truncated");
  }
  struct Release {
    png_image* image;
    ~Release() { png_image_free(image); }
  } release{&header};
  if (auto refused = refuse_by_size(header.width, header.height, limits)) return *refused;

  Raw raw;
  raw.source_width = static_cast<int>(header.width);
  raw.source_height = static_cast<int>(header.height);
  raw.image.width = raw.source_width;
  raw.image.height = raw.source_height;
  header.format = PNG_FORMAT_RGB;  // libpng brings every depth, palette and interlacing to this
  raw.image.rgb.resize(PNG_IMAGE_SIZE(header));
  const png_color white{255, 255, 255};
  if (png_image_finish_read(&header, &white, raw.image.rgb.data(), 0, nullptr) == 0) {
    return image_problem("image_damaged");
  }
  return raw;
}

}  // namespace beian::documents
