#include <gtest/gtest.h>

#include "documents/image.h"
#include "documents/samples.h"
#include "pictures.h"

namespace beian::documents {
namespace {

using namespace std::string_literals;

std::string code_of(const std::string& bytes, const ImageLimits& limits = {}) {
  const auto problem = refuse_by_content(bytes, limits);
  return problem ? problem->code : "taken";
}

TEST(Sniff, TakesTheThreePictureKindsByContent) {
  const Image image = make_asymmetric(16, 8);
  EXPECT_EQ(sniff(encode_jpeg(image, {})), FileKind::jpeg);
  EXPECT_EQ(sniff(make_png(image, {})), FileKind::png);
  EXPECT_EQ(sniff(make_webp(image, false)), FileKind::webp);
  EXPECT_EQ(code_of(encode_jpeg(image, {})), "taken");
}

struct Refused {
  const char* what;
  std::string bytes;
  const char* code;
};

class NamedRefusals : public ::testing::TestWithParam<Refused> {};

TEST_P(NamedRefusals, SaysWhatTheFileIs) {
  EXPECT_EQ(code_of(GetParam().bytes), GetParam().code);
  const auto decoded = decode(GetParam().bytes, {}, 100);
  ASSERT_TRUE(std::holds_alternative<Problem>(decoded));
  EXPECT_EQ(std::get<Problem>(decoded).code, GetParam().code);
}

const std::string k_ftyp = "\0\0\0\x18"s + "ftyp";

INSTANTIATE_TEST_SUITE_P(
    Files, NamedRefusals,
    ::testing::Values(
        Refused{"Empty", "", "file_empty"},
        Refused{"Heic", k_ftyp + "heic\0\0\0\0mif1heic"s, "file_is_heic"},
        Refused{"HeicMif1", k_ftyp + "mif1\0\0\0\0mif1heic"s, "file_is_heic"},
        Refused{"Avif", k_ftyp + "avif\0\0\0\0avifmif1"s, "file_is_heic"},
        Refused{"Mp4", k_ftyp + "isom\0\0\2\0isomiso2"s, "file_is_video"},
        Refused{"Gif", "GIF89a\1\0\1\0"s, "file_is_gif"},
        Refused{"Bmp", "BM\x36\0\0\0\0\0\0\0\x36\0\0\0"s, "file_is_bitmap"},
        Refused{"Tiff", "II*\0\x08\0\0\0"s, "file_is_bitmap"},
        Refused{"Pdf", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"s, "file_is_pdf"},
        Refused{"PdfAfterJunk", "\n\n  %PDF-1.4"s, "file_is_pdf"},
        Refused{"Html", "<!DOCTYPE html><html><body onload=alert(1)>"s, "file_is_html"},
        Refused{"HtmlAfterMark", "\xef\xbb\xbf \r\n<HTML>"s, "file_is_html"},
        Refused{"Script", "<script>alert(1)</script>"s, "file_is_html"},
        Refused{"Svg", "<?xml version=\"1.0\"?><!-- x --><svg xmlns='x'/>"s, "file_is_svg"},
        Refused{"Zip", "PK\x03\x04\x14\0\0\0\0\0"s + "a.jpg", "file_is_archive"},
        Refused{"Docx", "PK\x03\x04\x14\0\0\0\0\0"s + "[Content_Types].xml", "file_is_office"},
        Refused{"Doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"s, "file_is_office"},
        Refused{"Rar", "Rar!\x1a\x07\0"s, "file_is_archive"},
        Refused{"Text", "photo.jpg"s, "file_kind_unknown"},
        Refused{"OneByte", "\xff"s, "file_kind_unknown"},
        Refused{"Zeros", std::string(2000, '\0'), "file_kind_unknown"}),
    [](const auto& each) { return each.param.what; });

TEST(Sniff, SixMebibytesOfHtmlCalledJpegAreRefusedAsHtml) {
  const std::string html = "<html><title>not a picture</title>" + std::string(6 << 20, 'x');
  EXPECT_EQ(code_of(html), "file_is_html");
}

TEST(Sniff, RefusesOneByteTooMany) {
  std::string jpeg = encode_jpeg(make_asymmetric(16, 8), {});
  ImageLimits limits;
  limits.max_bytes = jpeg.size();
  EXPECT_EQ(code_of(jpeg, limits), "taken");
  EXPECT_EQ(code_of(jpeg + "x", limits), "file_too_large");
}

TEST(Sniff, NamesTheLimitInMebibytes) {
  const auto problem = refuse_by_content("\xff\xd8\xff" + std::string(10 << 20, 'x'), {});
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->code, "file_too_large");
  EXPECT_EQ(problem->params.at("max_mib"), "10");
}

}  // namespace
}  // namespace beian::documents
