#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>

#include "documents/image.h"
#include "pictures.h"

namespace beian::documents {
namespace {

constexpr int k_all = 1 << 20;  // an `enough_side` that never shrinks

constexpr std::uint32_t k_red = 0xff0000, k_blue = 0x0000ff, k_white = 0xffffff;

Image decode_well(const std::string& bytes, int enough_side = k_all) {
  auto outcome = decode(bytes, {}, enough_side);
  if (const Problem* problem = std::get_if<Problem>(&outcome)) {
    ADD_FAILURE() << "refused: " << problem->code;
    return {};
  }
  return std::get<Decoded>(std::move(outcome)).image;
}

Problem refusal(const std::string& bytes) {
  auto outcome = decode(bytes, {}, k_all);
  if (std::holds_alternative<Decoded>(outcome)) {
    ADD_FAILURE() << "decoded";
    return {};
  }
  return std::get<Problem>(outcome);
}

// Colours of the four quarters, row by row.
std::vector<std::uint32_t> quarters(const Image& image) {
  std::vector<std::uint32_t> found;
  for (int y : {image.height / 4, image.height * 3 / 4}) {
    for (int x : {image.width / 4, image.width * 3 / 4}) {
      for (std::uint32_t colour : {k_red, k_blue, k_white}) {
        if (near(pixel(image, x, y), colour, 12)) found.push_back(colour);
      }
    }
  }
  return found;
}

TEST(Decode, ReadsTheThreeKindsAlike) {
  const Image image = make_asymmetric(64, 48);
  for (const std::string& file : {encode_jpeg(image, {.quality = 95}), make_png(image, {}),
                                  make_webp(image, false), make_webp(image, true)}) {
    const Image decoded = decode_well(file);
    EXPECT_EQ(decoded.width, 64);
    EXPECT_EQ(decoded.height, 48);
    EXPECT_EQ(quarters(decoded), (std::vector{k_white, k_blue, k_red, k_blue}));
  }
}

TEST(Decode, ReadsEveryFormOfPng) {
  const Image image = make_asymmetric(64, 48);
  const std::vector whole = {k_white, k_blue, k_red, k_blue};
  EXPECT_EQ(quarters(decode_well(make_png(image, {.bit_depth = 16}))), whole);
  EXPECT_EQ(quarters(decode_well(make_png(image, {.interlaced = true}))), whole);
  EXPECT_EQ(quarters(decode_well(make_png(image, {.bit_depth = 16, .interlaced = true}))), whole);
  EXPECT_EQ(quarters(decode_well(make_png(image, {.palette = true}))),
            (std::vector{k_red, k_blue, k_red, k_blue}));
}

TEST(Decode, LaysTransparencyOnWhite) {
  const Image image = make_asymmetric(64, 48);
  for (bool interlaced : {false, true}) {
    const PngForm form{.alpha = true, .interlaced = interlaced};
    EXPECT_EQ(quarters(decode_well(make_png(image, form))),
              (std::vector{k_white, k_white, k_red, k_white}));
  }
}

TEST(Decode, TurnsEveryOrientationUpright) {
  // The corners of the upright picture: what the camera saw, whichever way it was held.
  const Image upright = make_asymmetric(64, 48);
  const auto stored_as = [&](int orientation) {
    const bool swap = orientation >= 5;
    Image stored{swap ? 48 : 64, swap ? 64 : 48, {}};
    for (int y = 0; y < stored.height; ++y) {
      for (int x = 0; x < stored.width; ++x) {
        // EXIF says where row 0 and column 0 of the stored picture belong.
        const int w = 63, h = 47;
        const int sx[] = {0, x, w - x, w - x, x, y, w - y, w - y, y};
        const int sy[] = {0, y, y, h - y, h - y, x, x, h - x, h - x};
        const std::uint32_t colour = pixel(upright, sx[orientation], sy[orientation]);
        for (int shift : {16, 8, 0})
          stored.rgb.push_back(static_cast<std::uint8_t>(colour >> shift));
      }
    }
    return stored;
  };
  for (int orientation = 1; orientation <= 8; ++orientation) {
    for (bool little : {false, true}) {
      SCOPED_TRACE(orientation);
      const Image stored = stored_as(orientation);
      const std::string exif = make_exif(orientation, little);
      const Image jpeg = decode_well(with_exif(encode_jpeg(stored, {.quality = 95}), exif));
      EXPECT_EQ(jpeg.width, 64);
      EXPECT_EQ(jpeg.height, 48);
      EXPECT_EQ(quarters(jpeg), (std::vector{k_white, k_blue, k_red, k_blue}));
      const Image png = decode_well(make_png(stored, {.exif = exif}));
      EXPECT_EQ(quarters(png), (std::vector{k_white, k_blue, k_red, k_blue}));
    }
  }
}

TEST(Decode, GivesTheUprightSourceSize) {
  const std::string jpeg = with_exif(encode_jpeg(make_asymmetric(64, 48), {}), make_exif(6));
  const auto decoded = std::get<Decoded>(decode(jpeg, {}, k_all));
  EXPECT_EQ(decoded.source_width, 48);
  EXPECT_EQ(decoded.source_height, 64);
}

TEST(Decode, OddExifCountsAsUpright) {
  const std::string jpeg = encode_jpeg(make_asymmetric(16, 8), {});
  EXPECT_EQ(exif_orientation(with_exif(jpeg, make_exif(8))), 8);
  EXPECT_EQ(exif_orientation(with_exif(jpeg, make_exif(9))), 1);
  EXPECT_EQ(exif_orientation(with_exif(jpeg, make_exif(0))), 1);
  EXPECT_EQ(exif_orientation(with_exif(jpeg, "XX")), 1);
  EXPECT_EQ(exif_orientation(with_exif(jpeg, "")), 1);
  std::string far = make_exif(6);
  far.replace(4, 4, "\xff\xff\xff\xf0");  // directory beyond the end
  EXPECT_EQ(exif_orientation(with_exif(jpeg, far)), 1);
  const std::string whole = with_exif(jpeg, make_exif(6));
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const int orientation = exif_orientation(whole.substr(0, cut));  // must not read past the end
    EXPECT_TRUE(orientation == 1 || orientation == 6);
  }
}

TEST(Decode, ReencodingDropsAllMetadata) {
  const std::string file = with_exif(encode_jpeg(make_asymmetric(64, 48), {}), make_exif(1));
  ASSERT_NE(file.find(k_gps), std::string::npos);
  const std::string clean = encode_jpeg(decode_well(file), {});
  EXPECT_EQ(clean.find(k_gps), std::string::npos);
  EXPECT_EQ(clean.find("Exif"), std::string::npos);
}

TEST(Decode, ShrinksLargeJpegWhileDecodingButNotBelowWhatIsEnough) {
  const std::string jpeg = encode_jpeg(make_asymmetric(800, 600), {});
  EXPECT_EQ(decode_well(jpeg, 400).long_side(), 400);
  EXPECT_EQ(decode_well(jpeg, 401).long_side(), 800);
  EXPECT_EQ(decode_well(jpeg, 150).long_side(), 200);
  const auto decoded = std::get<Decoded>(decode(jpeg, {}, 100));
  EXPECT_EQ(decoded.source_width, 800);
  EXPECT_EQ(decoded.image.width, 100);
}

TEST(Decode, ShrinksLargeWebpWhileDecoding) {
  const std::string webp = make_webp(make_asymmetric(800, 600), false);
  const Image image = decode_well(webp, 300);
  EXPECT_EQ(image.width, 400);
  EXPECT_EQ(quarters(image), (std::vector{k_white, k_blue, k_red, k_blue}));
}

long resident_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST(Decode, BombsAreRefusedFromTheHeaderAlone) {
  const std::string jpeg =
      with_claimed_size(encode_jpeg(make_asymmetric(16, 16), {}), 30000, 30000);
  const long before = resident_kib();
  const auto start = std::chrono::steady_clock::now();
  for (const std::string& bomb : {make_png_bomb(30000, 30000), jpeg}) {
    const Problem problem = refusal(bomb);
    EXPECT_EQ(problem.code, "image_side_too_long");
    EXPECT_EQ(problem.params.at("width"), "30000");
    EXPECT_EQ(problem.params.at("max_side"), "12000");
  }
  EXPECT_EQ(refusal(make_png_bomb(11000, 11000)).code, "image_too_many_pixels");
  EXPECT_EQ(refusal(make_png_bomb(0x7fffffff, 0x7fffffff)).code, "image_damaged");  // libpng's own
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
  EXPECT_LT(resident_kib() - before, 16 << 10);  // 30000² pixels would be 2.5 GiB
}

TEST(Decode, TakesExactlyTheLimits) {
  const std::string png = make_png(make_asymmetric(60, 50), {});
  ImageLimits limits;
  limits.max_side = 60;
  limits.max_pixels = 3000;
  EXPECT_TRUE(std::holds_alternative<Decoded>(decode(png, limits, k_all)));
  limits.max_pixels = 2999;
  EXPECT_EQ(std::get<Problem>(decode(png, limits, k_all)).code, "image_too_many_pixels");
  limits.max_side = 59;
  EXPECT_EQ(std::get<Problem>(decode(png, limits, k_all)).code, "image_side_too_long");
}

TEST(Decode, CutFilesAreRefusedAsCut) {
  const Image image = make_noise(120, 90);
  for (const std::string& file : {encode_jpeg(image, {}), make_png(image, {}),
                                  make_webp(image, false), make_webp(image, true)}) {
    EXPECT_EQ(refusal(file.substr(0, file.size() / 2)).code, "image_truncated");
    EXPECT_EQ(refusal(file.substr(0, file.size() - 40)).code, "image_truncated");
  }
}

TEST(Decode, AnyCutOrFlippedByteIsAnswered) {
  const Image image = make_asymmetric(24, 16);
  for (const std::string& file : {encode_jpeg(image, {}), make_png(image, {.interlaced = true}),
                                  make_webp(image, false), make_webp(image, true)}) {
    for (std::size_t at = 0; at < file.size(); ++at) {
      std::string flipped = file;
      flipped[at] = static_cast<char>(flipped[at] ^ 0x55);
      decode(flipped, {}, k_all);  // a picture or a problem: no crash, no sanitizer report
      decode(file.substr(0, at), {}, k_all);
    }
  }
}

TEST(Decode, PolyglotsLoseWhatTheyCarry) {
  const std::string page = "<html><script>alert(1)</script></html>";
  const std::string archive = "PK\x03\x04 evil.exe %PDF-1.7";
  const std::string jpeg = encode_jpeg(make_asymmetric(64, 48), {});
  const std::string comment =
      "\xff\xfe" + std::string(1, '\0') + static_cast<char>(page.size() + 2) + page;
  const std::string polyglot = jpeg.substr(0, 2) + comment + jpeg.substr(2) + archive;
  const std::string clean = encode_jpeg(decode_well(polyglot), {});
  EXPECT_EQ(clean.find("script"), std::string::npos);
  EXPECT_EQ(clean.find("PK\x03\x04"), std::string::npos);
  EXPECT_EQ(clean.find("%PDF"), std::string::npos);
}

TEST(Shrink, KeepsProportionsAndNeverEnlarges) {
  const Image image = make_asymmetric(400, 300);
  const Image half = shrink(image, 200);
  EXPECT_EQ(half.width, 200);
  EXPECT_EQ(half.height, 150);
  EXPECT_EQ(quarters(half), (std::vector{k_white, k_blue, k_red, k_blue}));
  EXPECT_EQ(shrink(image, 400).rgb, image.rgb);
  EXPECT_EQ(shrink(image, 1000).width, 400);
  const Image strip = shrink(make_asymmetric(4000, 2), 100);
  EXPECT_EQ(strip.width, 100);
  EXPECT_EQ(strip.height, 1);
}

TEST(Shrink, DoesNotAliasFineStripes) {
  Image stripes{600, 60, {}};
  for (int i = 0; i < 600 * 60; ++i) stripes.rgb.insert(stripes.rgb.end(), 3, i % 2 == 0 ? 0 : 255);
  const Image small = shrink(stripes, 170);  // 3.5 stripes a pixel: even grey, no moiré
  for (int x = 4; x < 166; ++x) EXPECT_TRUE(near(pixel(small, x, 8), 0x808080, 24)) << x;
}

TEST(EncodeJpeg, WritesGreyWhenAsked) {
  const std::string grey = encode_jpeg(make_asymmetric(64, 48), {.grey = true});
  const Image image = decode_well(grey);
  const std::uint32_t colour = pixel(image, 48, 24);  // blue has luma 29
  EXPECT_TRUE(near(colour, 0x1d1d1d, 3)) << std::hex << colour;
}

}  // namespace
}  // namespace beian::documents
