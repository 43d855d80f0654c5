#include <png.h>

#include "documents/decoders.h"

namespace beian::documents {

RawOrProblem decode_png(std::string_view bytes, const ImageLimits& limits) {
  // A complete file ends with this chunk; libpng's messages do not tell cut files from wrong ones.
  const char* const fault =
      bytes.find("IEND") == std::string_view::npos ? "image_truncated" : "image_damaged";
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&header, bytes.data(), bytes.size()) == 0) {
    return image_problem(fault);
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
    return image_problem(fault);
  }
  return raw;
}

}  // namespace beian::documents
