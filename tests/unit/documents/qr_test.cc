#include "documents/qr.h"

#include <ZXing/ReadBarcode.h>
#include <ZXing/TextUtfEncoding.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "base/refusal.h"

namespace beian::documents {
namespace {

// What a camera would read from the path drawn at eight pixels a module.
std::string scan(const QrCode& code) {
  constexpr int k_module = 8;
  const int side = code.size * k_module;
  std::vector<std::uint8_t> grey(static_cast<std::size_t>(side) * side, 255);
  const char* at = code.path.c_str();
  int x = 0, y = 0, length = 0, used = 0;
  while (std::sscanf(at, "M%d %dh%dv1h-%*dz%n", &x, &y, &length, &used) == 3 && used > 0) {
    for (int row = y * k_module; row < (y + 1) * k_module; ++row) {
      for (int column = x * k_module; column < (x + length) * k_module; ++column) {
        grey.at(static_cast<std::size_t>(row) * side + column) = 0;
      }
    }
    at += used;
    used = 0;
  }
  EXPECT_EQ(*at, '\0') << "the path has a part that was not drawn";
  const ZXing::Result result =
      ZXing::ReadBarcode({grey.data(), side, side, ZXing::ImageFormat::Lum});
  return ZXing::TextUtfEncoding::ToUtf8(result.text());
}

TEST(Qr, ACameraReadsWhatWasWritten) {
  const std::string link = "https://beian.example.cn/m/3f9JYc0Xq2mB7dLwT5vRk8ZsN1hUeGoPaQi4yCxWbVE";
  EXPECT_EQ(scan(make_qr(link)), link);
  EXPECT_EQ(scan(make_qr("备案 样张 𠮷")), "备案 样张 𠮷");
}

TEST(Qr, HasAQuietZone) {
  const QrCode code = make_qr("x");
  EXPECT_EQ(code.size, 21 + 2 * 4);
  EXPECT_TRUE(code.path.starts_with("M4 4h7"));
}

TEST(Qr, RefusesTextThatIsTooLong) {
  EXPECT_NO_THROW(make_qr(std::string(1000, 'a')));
  EXPECT_THROW(make_qr(std::string(1001, 'a')), Refusal);
}

TEST(Qr, SvgEscapesItsTitle) {
  const std::string svg = qr_svg("x", "<b>&");
  EXPECT_NE(svg.find("<title>&lt;b&gt;&amp;</title>"), std::string::npos);
  EXPECT_NE(svg.find("viewBox=\"0 0 29 29\""), std::string::npos);
}

}  // namespace
}  // namespace beian::documents
