// QR codes as vector outlines, for pages and printed sheets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beian::documents {

struct QrRun {  // dark modules side by side
  int x = 0, y = 0, length = 0;
};

struct QrCode {
  int size = 0;             // modules a side, quiet zone included: the viewBox is "0 0 size size"
  std::string path;         // the "d" of one SVG path that fills the dark modules
  std::vector<QrRun> runs;  // the same for other pens
};

// `text` is UTF-8, at most 1000 bytes. Throws Refusal{invalid, "qr_too_long"} beyond that.
QrCode make_qr(std::string_view text);

// The code as a complete <svg> element with a white ground and `title` (escaped) for screen
// readers.
std::string qr_svg(std::string_view text, std::string_view title);

}  // namespace beian::documents
