// The orientation tag, and nothing else of EXIF: every offset is checked against the end before it
// is followed, loops are bounded by the bytes there are, and whatever is odd counts as upright.
#include <cstring>

#include "documents/image.h"

namespace beian::documents {
namespace {

constexpr int k_upright = 1;
constexpr std::uint16_t k_orientation_tag = 0x0112;
constexpr std::uint16_t k_type_short = 3;

// Reads numbers of either byte order; past the end everything is 0 and `ok` turns false.
struct Reader {
  std::string_view bytes;
  bool little = false;
  bool ok = true;

  std::uint32_t number(std::size_t at, std::size_t width) {
    if (at > bytes.size() || bytes.size() - at < width) {
      ok = false;
      return 0;
    }
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const std::size_t index = little ? at + width - 1 - i : at + i;
      value = value << 8 | static_cast<unsigned char>(bytes[index]);
    }
    return value;
  }
};

// `tiff` begins with the byte order mark (TIFF 6.0 §2).
int orientation_in_tiff(std::string_view tiff) {
  Reader reader{tiff};
  if (tiff.starts_with("II")) {
    reader.little = true;
  } else if (!tiff.starts_with("MM")) {
    return k_upright;
  }
  if (reader.number(2, 2) != 42) return k_upright;
  const std::size_t directory = reader.number(4, 4);
  const std::uint32_t entries = reader.number(directory, 2);
  for (std::uint32_t i = 0; i < entries && reader.ok; ++i) {
    const std::size_t entry = directory + 2 + std::size_t{12} * i;
    if (reader.number(entry, 2) != k_orientation_tag) continue;
    if (reader.number(entry + 2, 2) != k_type_short) return k_upright;
    const std::uint32_t value = reader.number(entry + 8, 2);
    return reader.ok && value >= 1 && value <= 8 ? static_cast<int>(value) : k_upright;
  }
  return k_upright;
}

int orientation_in_jpeg(std::string_view bytes) {
  using namespace std::string_view_literals;
  Reader reader{bytes};
  std::size_t at = 2;
  while (true) {
    const std::uint32_t marker = reader.number(at, 2);
    if (!reader.ok || (marker & 0xff00) != 0xff00) return k_upright;
    if (marker == 0xffff) {  // fill byte before a marker
      ++at;
      continue;
    }
    if (marker == 0xffda || marker == 0xffd9) return k_upright;  // picture data begins, or the end
    const std::uint32_t length = reader.number(at + 2, 2);
    if (!reader.ok || length < 2) return k_upright;
    const std::string_view segment = bytes.substr(at + 4, length - 2);
    if (marker == 0xffe1 && segment.starts_with("Exif\0\0"sv)) {
      return orientation_in_tiff(segment.substr(6));
    }
    at += 2 + length;
    if (at >= bytes.size()) return k_upright;
  }
}

int orientation_in_png(std::string_view bytes) {
  Reader reader{bytes};
  std::size_t at = 8;
  while (true) {
    const std::size_t length = reader.number(at, 4);
    if (!reader.ok || bytes.size() - at < 8) return k_upright;
    if (bytes.substr(at + 4, 4) == "eXIf") {
      return orientation_in_tiff(bytes.substr(at + 8, length));
    }
    at += 12 + length;
    if (at >= bytes.size()) return k_upright;
  }
}

int orientation_in_webp(std::string_view bytes) {
  using namespace std::string_view_literals;
  Reader reader{bytes, true};
  std::size_t at = 12;
  while (true) {
    const std::size_t length = reader.number(at + 4, 4);
    if (!reader.ok) return k_upright;
    if (bytes.substr(at, 4) == "EXIF") {
      std::string_view chunk = bytes.substr(at + 8, length);
      if (chunk.starts_with("Exif\0\0"sv)) chunk.remove_prefix(6);
      return orientation_in_tiff(chunk);
    }
    at += 8 + length + (length & 1);
    if (at >= bytes.size()) return k_upright;
  }
}

}  // namespace

int exif_orientation(std::string_view bytes) {
  switch (sniff(bytes)) {
    case FileKind::jpeg:
      return orientation_in_jpeg(bytes);
    case FileKind::png:
      return orientation_in_png(bytes);
    case FileKind::webp:
      return orientation_in_webp(bytes);
    default:
      return k_upright;
  }
}

}  // namespace beian::documents
