#include <array>
#include <cstring>

#include "base/text.h"
#include "documents/image.h"

namespace beian::documents {
namespace {

constexpr std::size_t k_text_window = 1024;  // bytes in which markup or %PDF must begin

bool has(std::string_view bytes, std::size_t at, std::string_view what) {
  return bytes.size() >= at + what.size() && bytes.substr(at, what.size()) == what;
}

bool contains(std::string_view haystack, std::string_view needle) {
  return haystack.find(needle) != std::string_view::npos;
}

// Files of the ISO media family say their brand after "ftyp" (ISO/IEC 14496-12 §4.3).
FileKind by_brand(std::string_view bytes) {
  const std::string_view brand = bytes.substr(8, 4);
  constexpr std::array<std::string_view, 9> still = {"heic", "heix", "hevc", "heim", "heis",
                                                     "mif1", "msf1", "avif", "avis"};
  for (std::string_view name : still) {
    if (brand == name) return FileKind::heic;
  }
  return FileKind::video;
}

FileKind by_text(std::string_view bytes) {
  std::string head = to_lower_ascii(bytes.substr(0, k_text_window));
  std::string_view text = head;
  if (has(text, 0, "\xef\xbb\xbf")) text.remove_prefix(3);
  const std::size_t start = text.find_first_not_of(" \t\r\n\f\v");
  if (start == std::string_view::npos || text[start] != '<') return FileKind::unknown;
  text.remove_prefix(start);
  if (contains(text, "<html") || contains(text, "<!doctype html")) return FileKind::html;
  return contains(text, "<svg") ? FileKind::svg : FileKind::html;
}

Problem problem(std::string code, std::map<std::string, std::string> params = {}) {
  Problem result;
  result.code = std::move(code);
  result.params = std::move(params);
  return result;
}

}  // namespace

std::string_view to_string(FileKind kind) {
  switch (kind) {
    case FileKind::jpeg:
      return "jpeg";
    case FileKind::png:
      return "png";
    case FileKind::webp:
      return "webp";
    case FileKind::heic:
      return "heic";
    case FileKind::gif:
      return "gif";
    case FileKind::bitmap:
      return "bitmap";
    case FileKind::svg:
      return "svg";
    case FileKind::html:
      return "html";
    case FileKind::pdf:
      return "pdf";
    case FileKind::office:
      return "office";
    case FileKind::archive:
      return "archive";
    case FileKind::video:
      return "video";
    case FileKind::empty:
      return "empty";
    case FileKind::unknown:
      break;
  }
  return "unknown";
}

FileKind sniff(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.empty()) return FileKind::empty;
  if (has(bytes, 0, "\xff\xd8\xff"sv)) return FileKind::jpeg;
  if (has(bytes, 0, "\x89PNG\r\n\x1a\n"sv)) return FileKind::png;
  if (has(bytes, 0, "RIFF"sv) && has(bytes, 8, "WEBP"sv)) return FileKind::webp;
  if (has(bytes, 0, "RIFF"sv)) return FileKind::video;
  if (has(bytes, 4, "ftyp"sv) && bytes.size() >= 12) return by_brand(bytes);
  if (has(bytes, 0, "GIF8"sv)) return FileKind::gif;
  if (has(bytes, 0, "BM"sv) && has(bytes, 6, "\0\0\0\0"sv)) return FileKind::bitmap;
  if (has(bytes, 0, "II*\0"sv) || has(bytes, 0, "MM\0*"sv)) return FileKind::bitmap;
  if (has(bytes, 0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv)) return FileKind::office;
  if (has(bytes, 0, "PK\x03\x04"sv)) {
    const std::string_view head = bytes.substr(0, k_text_window);
    const bool office = contains(head, "[Content_Types].xml"sv) || contains(head, "word/"sv) ||
                        contains(head, "xl/"sv) || contains(head, "ppt/"sv);
    return office ? FileKind::office : FileKind::archive;
  }
  if (has(bytes, 0, "PK\x05\x06"sv) || has(bytes, 0, "Rar!"sv) || has(bytes, 0, "\x1f\x8b"sv) ||
      has(bytes, 0, "7z\xbc\xaf\x27\x1c"sv)) {
    return FileKind::archive;
  }
  if (contains(bytes.substr(0, k_text_window), "%PDF-"sv)) return FileKind::pdf;
  return by_text(bytes);
}

std::optional<Problem> refuse_by_content(std::string_view bytes, const ImageLimits& limits) {
  const FileKind kind = sniff(bytes);
  switch (kind) {
    case FileKind::jpeg:
    case FileKind::png:
    case FileKind::webp:
      break;
    case FileKind::empty:
      return problem("file_empty");
    case FileKind::unknown:
      return problem("file_kind_unknown");
    default:
      return problem("file_is_" + std::string(to_string(kind)));
  }
  if (bytes.size() > limits.max_bytes) {
    return problem("file_too_large", {{"max_mib", std::to_string(limits.max_bytes >> 20)}});
  }
  return std::nullopt;
}

}  // namespace beian::documents
