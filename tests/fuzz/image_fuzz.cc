// Everything that reads an uploaded picture: sniffing, headers, orientation, the three decoders,
// and the parent's reading of a child's answer. Run:
//   build/fuzz/image_fuzz -max_len=65536 -rss_limit_mb=512 tests/fuzz/corpus/image
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "documents/image.h"
#include "documents/wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beian::documents;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ImageLimits limits;
  limits.max_pixels = 1 << 20;  // as bounded as the server, only smaller: more runs a second
  limits.max_side = 4096;
  const int orientation = exif_orientation(bytes);
  if (orientation < 1 || orientation > 8) std::abort();
  const auto outcome = decode(bytes, limits, 256);
  if (const Decoded* decoded = std::get_if<Decoded>(&outcome)) {
    const Image& image = decoded->image;
    const auto pixels =
        static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
    if (pixels == 0 || pixels > (1u << 20) || image.rgb.size() != pixels * 3) std::abort();
    if (sniff(encode_jpeg(shrink(image, 64), {})) != FileKind::jpeg) std::abort();
  }
  unpack_request(bytes);
  unpack_outcome(bytes, 1000);
  return 0;
}
