#include "documents/qr.h"

#include <ZXing/BarcodeFormat.h>
#include <ZXing/BitMatrix.h>
#include <ZXing/CharacterSet.h>
#include <ZXing/MultiFormatWriter.h>
#include <fmt/format.h>

#include "base/refusal.h"

namespace beian::documents {
namespace {

constexpr std::size_t k_max_bytes = 1000;
constexpr int k_quiet_zone = 4;        // modules (ISO/IEC 18004 §9.1)
constexpr int k_error_correction = 4;  // of ZXing's 0 to 8: level M, 15 %

std::string escape(std::string_view text) {
  std::string result;
  for (char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

}  // namespace

QrCode make_qr(std::string_view text) {
  if (text.size() > k_max_bytes) throw Refusal(RefusalCode::invalid, "qr_too_long");
  ZXing::MultiFormatWriter writer(ZXing::BarcodeFormat::QRCode);
  writer.setEncoding(ZXing::CharacterSet::UTF8)
      .setMargin(k_quiet_zone)
      .setEccLevel(k_error_correction);
  const ZXing::BitMatrix modules = writer.encode(std::string(text), 0, 0);
  QrCode code;
  code.size = modules.width();
  for (int y = 0; y < modules.height(); ++y) {
    for (int x = 0; x < modules.width();) {
      if (!modules.get(x, y)) {
        ++x;
        continue;
      }
      const int start = x;
      while (x < modules.width() && modules.get(x, y)) ++x;
      code.runs.push_back({start, y, x - start});
      code.path += fmt::format("M{} {}h{}v1h-{}z", start, y, x - start, x - start);
    }
  }
  return code;
}

std::string qr_svg(std::string_view text, std::string_view title) {
  const QrCode code = make_qr(text);
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {0}\" role=\"img\" "
      "shape-rendering=\"crispEdges\"><title>{1}</title><path fill=\"#fff\" d=\"M0 0h{0}v{0}H0z\"/>"
      "<path d=\"{2}\"/></svg>",
      code.size, escape(title), code.path);
}

}  // namespace beian::documents
