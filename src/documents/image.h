// What people upload as pictures: told apart by content, bounded before anything is decoded, and
// turned into plain upright RGB without metadata. The decoders here run in a child process
// (documents/child.h); only sniff() and refuse_by_content() are meant for the server's own process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/refusal.h"

namespace beian::documents {

// What the bytes are, whatever the file is called. Only the first three are taken.
enum class FileKind {
  jpeg,
  png,
  webp,
  heic,  // also AVIF: phones' newer formats, which desktop browsers and bureaus cannot show
  gif,
  bitmap,  // BMP and TIFF
  svg,
  html,  // any other text in angle brackets too
  pdf,
  office,
  archive,
  video,
  empty,
  unknown,
};

std::string_view to_string(FileKind kind);
FileKind sniff(std::string_view bytes);

// Checked against the header, before a pixel is allocated. Defaults as in data/limits.json.
struct ImageLimits {
  std::size_t max_bytes = 10u << 20;
  std::int64_t max_pixels = 50'000'000;
  int max_side = 12'000;
  int advised_side = 800;  // a shorter long side earns advice (problem image_small), no refusal
};

// What is wrong with the file as a whole (empty, too large, not a picture we take), or nullopt.
// Reads a few hundred bytes and decodes nothing. The problem's field is left empty for the caller.
std::optional<Problem> refuse_by_content(std::string_view bytes, const ImageLimits& limits);

// 8-bit RGB, rows from the top, no padding.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;  // width * height * 3

  int long_side() const { return width > height ? width : height; }
};

struct Decoded {
  Image image;           // upright (EXIF orientation applied), transparency laid on white
  int source_width = 0;  // as uploaded, upright
  int source_height = 0;
};

// Decodes JPEG, PNG or WebP. A picture much larger than `enough_side` may come back smaller, but
// never with a long side below it: the JPEG and WebP decoders shrink while decoding, which bounds
// time and memory. A picture within `enough_side` comes back whole. Problems: those of
// refuse_by_content, and image_too_many_pixels, image_side_too_long, image_animated,
// image_truncated, image_damaged. Never throws for what is in the bytes.
std::variant<Decoded, Problem> decode(std::string_view bytes, const ImageLimits& limits,
                                      int enough_side);

// The EXIF orientation (1 to 8) of a JPEG, PNG or WebP; 1 when there is none or it cannot be read.
int exif_orientation(std::string_view bytes);

struct JpegOptions {
  int quality = 85;  // 1 to 100
  bool grey = false;
};

// Baseline JPEG with optimised Huffman tables, 4:2:0, and no metadata beyond JFIF.
std::string encode_jpeg(const Image& image, const JpegOptions& options);

// Lanczos, wide enough for the ratio so that thin strokes do not alias. Never larger than the
// original: a `long_side` at or above the picture's own returns it unchanged.
Image shrink(const Image& image, int long_side);

}  // namespace beian::documents
