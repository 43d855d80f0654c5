#include "documents/fit.h"

#include <gtest/gtest.h>

#include "documents/limits.h"
#include "documents/samples.h"
#include "pictures.h"

namespace beian::documents {
namespace {

Image image_of(const std::string& jpeg) {
  return std::get<Decoded>(decode(jpeg, {}, 1 << 20)).image;
}

Image sample_licence() {
  static const std::vector<Sample> samples = draw_samples();
  return image_of(samples.front().jpeg);
}

TEST(Fit, KeepsASmallPictureWhole) {
  const Image image = make_asymmetric(300, 200);
  const Fitted fitted = fit(image, 75 << 10);
  EXPECT_EQ(fitted.width, 300);
  EXPECT_EQ(fitted.height, 200);
  EXPECT_EQ(fitted.quality, 90);
  EXPECT_GT(psnr(image, image_of(fitted.jpeg)), 30);
}

TEST(Fit, SampleLicenceStaysLegibleInSeventyFiveKibibytes) {
  const Image licence = sample_licence();
  const Fitted fitted = fit(licence, 75 << 10);
  EXPECT_LE(fitted.jpeg.size(), 75u << 10);
  EXPECT_GE(std::max(fitted.width, fitted.height), 1280);  // small print 24 px high stays 19 px
  EXPECT_GE(fitted.quality, 28);
  EXPECT_GT(fitted.legibility, 0.9);
  // It says what it did.
  const Image seen = image_of(fitted.jpeg);
  EXPECT_EQ(seen.width, fitted.width);
  EXPECT_EQ(seen.height, fitted.height);
  EXPECT_NEAR(legibility(licence, seen), fitted.legibility, 0.001);
}

TEST(Fit, BeatsCarelessChoices) {
  const Image licence = sample_licence();
  const Fitted fitted = fit(licence, 75 << 10);
  for (int side : {600, 900, 1100}) {  // smaller at better quality is what a naive loop would take
    const Image small = image_of(encode_jpeg(shrink(licence, side), {.quality = 90}));
    EXPECT_GT(fitted.legibility, legibility(licence, small)) << side;
  }
}

TEST(Fit, UsesTheRoomOfALargerLimit) {
  const Image licence = sample_licence();
  const Fitted narrow = fit(licence, 60 << 10);
  const Fitted wide = fit(licence, 150 << 10);
  EXPECT_GT(wide.legibility, narrow.legibility);
  EXPECT_LE(narrow.jpeg.size(), 60u << 10);
  EXPECT_LE(wide.jpeg.size(), 150u << 10);
}

TEST(Fit, AlwaysFitsEvenNoise) {
  const Image noise = make_noise(700, 500);
  for (std::size_t limit : {16u << 10, 20u << 10, 75u << 10}) {
    const Fitted fitted = fit(noise, limit);
    EXPECT_FALSE(fitted.jpeg.empty());
    EXPECT_LE(fitted.jpeg.size(), limit);
  }
}

TEST(Fit, NoLimitIsOvershot) {
  const Image noise = make_noise(260, 260);
  for (std::size_t limit = 16'000; limit < 30'000; limit += 777) {
    EXPECT_LE(fit(noise, limit).jpeg.size(), limit);
  }
}

TEST(Fit, OddShapesFitToo) {
  for (const auto& [width, height] : {std::pair{1, 1}, {3000, 3}, {2, 2500}, {320, 320}}) {
    const Fitted fitted = fit(make_noise(width, height), 20 << 10);
    EXPECT_FALSE(fitted.jpeg.empty()) << width << 'x' << height;
    EXPECT_LE(fitted.jpeg.size(), 20u << 10);
    EXPECT_LE(fitted.width, width);
  }
}

TEST(Fit, SaysEmptyWhenNothingFits) { EXPECT_TRUE(fit(make_noise(300, 300), 500).jpeg.empty()); }

TEST(Fit, AGreyScanIsWrittenGreyButARedSealKeepsItsColour) {
  Image scan = make_noise(200, 200);
  for (std::size_t i = 0; i < scan.rgb.size(); i += 3)
    scan.rgb[i + 1] = scan.rgb[i + 2] = scan.rgb[i];
  EXPECT_TRUE(fit(scan, 75 << 10).grey);
  for (int y = 100; y < 110; ++y) {
    for (int x = 100; x < 110; ++x) {
      std::uint8_t* seal = &scan.rgb[static_cast<std::size_t>(y * 200 + x) * 3];
      seal[0] = 200;
      seal[1] = seal[2] = 20;
    }
  }
  EXPECT_FALSE(fit(scan, 75 << 10).grey);
}

TEST(Legibility, FallsAsDetailIsLost) {
  const Image licence = sample_licence();
  EXPECT_NEAR(legibility(licence, licence), 1.0, 1e-9);
  double last = 1;
  for (int side : {1200, 800, 400}) {
    const double now = legibility(licence, shrink(licence, side));
    EXPECT_LT(now, last) << side;
    last = now;
  }
  EXPECT_LT(last, 0.7);
}

TEST(MaterialLimits, StayWithinTheInterfaceAfterBase64) {
  const MaterialLimits limits = MaterialLimits::load(BEIAN_ROOT "/data/limits.json");
  EXPECT_EQ(limits.raw_bytes_for("organiser_certificate"), 76'800u);
  EXPECT_EQ(limits.raw_bytes_for("verification_form"), 115'200u);
  EXPECT_LE((limits.raw_bytes_for("verification_photo") + 2) / 3 * 4, 100u << 10);
  EXPECT_EQ(limits.image.max_bytes, 10u << 20);
  EXPECT_EQ(limits.image.max_pixels, 50'000'000);
  EXPECT_EQ(limits.image.max_side, 12'000);
  MaterialLimits raw = limits;
  raw.count_base64 = false;
  EXPECT_EQ(raw.raw_bytes_for("verification_form"), 153'600u);
}

TEST(MaterialLimits, NameTheFileWhenItIsMissing) {
  try {
    MaterialLimits::load(BEIAN_ROOT "/data/no-such-limits.json");
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("no-such-limits.json"), std::string::npos);
  }
}

}  // namespace
}  // namespace beian::documents
