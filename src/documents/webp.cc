#include <webp/decode.h>

#include <algorithm>

#include "documents/decoders.h"

namespace beian::documents {
namespace {

Problem fault(VP8StatusCode status) {
  const bool cut = status == VP8_STATUS_NOT_ENOUGH_DATA || status == VP8_STATUS_SUSPENDED;
  return image_problem(cut ? "image_truncated" : "image_damaged");
}

void lay_on_white(const WebPRGBABuffer& rgba, Image& image) {
  std::uint8_t* to = image.rgb.data();
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* from = rgba.rgba + static_cast<std::ptrdiff_t>(y) * rgba.stride;
    for (int x = 0; x < image.width; ++x, from += 4, to += 3) {
      for (int c = 0; c < 3; ++c) {
        to[c] = static_cast<std::uint8_t>((from[c] * from[3] + 255 * (255 - from[3]) + 127) / 255);
      }
    }
  }
}

}  // namespace

RawOrProblem decode_webp(std::string_view bytes, const ImageLimits& limits, int enough_side) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0) return image_problem("image_damaged");
  const VP8StatusCode header = WebPGetFeatures(data, bytes.size(), &config.input);
  if (header != VP8_STATUS_OK) return fault(header);
  const int width = config.input.width;
  const int height = config.input.height;
  if (auto refused = refuse_by_size(width, height, limits)) return *refused;
  if (config.input.has_animation != 0) return image_problem("image_animated");

  Raw raw;
  raw.source_width = raw.image.width = width;
  raw.source_height = raw.image.height = height;
  const int divisor = std::max(1, std::max(width, height) / enough_side);
  if (divisor > 1) {
    raw.image.width = std::max(1, width / divisor);
    raw.image.height = std::max(1, height / divisor);
    config.options.use_scaling = 1;
    config.options.scaled_width = raw.image.width;
    config.options.scaled_height = raw.image.height;
  }
  config.output.colorspace = MODE_RGBA;
  struct Release {
    WebPDecBuffer* buffer;
    ~Release() { WebPFreeDecBuffer(buffer); }
  } release{&config.output};
  const VP8StatusCode status = WebPDecode(data, bytes.size(), &config);
  if (status != VP8_STATUS_OK) return fault(status);
  raw.image.rgb.resize(std::size_t{3} * raw.image.width * raw.image.height);
  lay_on_white(config.output.u.RGBA, raw.image);
  return raw;
}

}  // namespace beian::documents
