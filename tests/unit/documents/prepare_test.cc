#include "documents/prepare.h"

#include <gtest/gtest.h>

#include "pictures.h"

namespace beian::documents {
namespace {

PrepareOutcome prepare_file(const std::string& file, std::size_t fit_bytes = 75 << 10) {
  PrepareRequest request;
  request.file = file;
  request.fit_bytes = fit_bytes;
  return prepare(request);
}

Image image_of(const std::string& jpeg) {
  return std::get<Decoded>(decode(jpeg, {}, 1 << 20)).image;
}

TEST(Prepare, APhonePhotoHeldSidewaysBecomesUprightAndAnonymous) {
  const std::string photo =
      with_exif(encode_jpeg(make_asymmetric(1200, 900), {.quality = 92}), make_exif(6));
  const PrepareOutcome outcome = prepare_file(photo);
  ASSERT_TRUE(outcome.prepared);
  const Prepared& prepared = *outcome.prepared;
  EXPECT_EQ(prepared.source_kind, FileKind::jpeg);
  EXPECT_EQ(prepared.source_width, 900);
  EXPECT_EQ(prepared.source_height, 1200);
  EXPECT_EQ(prepared.full_width, 900);
  EXPECT_TRUE(prepared.advice.empty());
  for (const std::string& jpeg : {prepared.full, prepared.thumbnail, prepared.fitted.jpeg}) {
    EXPECT_EQ(sniff(jpeg), FileKind::jpeg);
    EXPECT_EQ(jpeg.find(k_gps), std::string::npos);
    EXPECT_EQ(jpeg.find("Exif"), std::string::npos);
    const Image image = image_of(jpeg);
    EXPECT_LT(image.width, image.height);
    // Turned clockwise, the white corner is on the right.
    EXPECT_TRUE(near(pixel(image, image.width * 3 / 4, image.height / 4), 0xffffff, 12));
    EXPECT_TRUE(near(pixel(image, image.width / 4, image.height / 4), 0xff0000, 12));
  }
}

TEST(Prepare, BoundsTheCopiesInSize) {
  const PrepareOutcome outcome = prepare_file(encode_jpeg(make_asymmetric(3000, 600), {}));
  ASSERT_TRUE(outcome.prepared);
  EXPECT_EQ(outcome.prepared->full_width, k_full_side);
  EXPECT_EQ(image_of(outcome.prepared->thumbnail).width, k_thumbnail_side);
  EXPECT_LE(outcome.prepared->fitted.jpeg.size(), 75u << 10);
}

TEST(Prepare, MakesNoFittedCopyUnasked) {
  const PrepareOutcome outcome = prepare_file(encode_jpeg(make_asymmetric(300, 200), {}), 0);
  ASSERT_TRUE(outcome.prepared);
  EXPECT_TRUE(outcome.prepared->fitted.jpeg.empty());
}

TEST(Prepare, AdvisesAboutSmallPicturesButTakesThem) {
  const PrepareOutcome outcome = prepare_file(encode_jpeg(make_asymmetric(300, 200), {}));
  ASSERT_TRUE(outcome.prepared);
  ASSERT_EQ(outcome.prepared->advice.size(), 1u);
  EXPECT_EQ(outcome.prepared->advice[0].code, "image_small");
  EXPECT_FALSE(outcome.prepared->advice[0].hard);
  EXPECT_EQ(outcome.prepared->advice[0].params.at("width"), "300");
}

TEST(Prepare, RefusesAStripWithItsSize) {
  for (const auto& [width, height] : {std::pair{2000, 40}, {1, 9000}}) {
    PrepareRequest request;
    request.file = encode_jpeg(make_noise(width, height), {});
    const PrepareOutcome outcome = prepare(request);
    ASSERT_FALSE(outcome.prepared) << width;
    ASSERT_EQ(outcome.problems.size(), 1u);
    EXPECT_EQ(outcome.problems[0].code, "image_is_strip");
    EXPECT_EQ(outcome.problems[0].params.at("width"), std::to_string(width));
  }
  PrepareRequest long_page;
  long_page.file = encode_jpeg(make_noise(100, 1900), {});
  EXPECT_TRUE(prepare(long_page).prepared);
}

TEST(Prepare, SaysWhenNothingFits) {
  const PrepareOutcome outcome = prepare_file(encode_jpeg(make_noise(400, 300), {}), 400);
  EXPECT_FALSE(outcome.prepared);
  ASSERT_EQ(outcome.problems.size(), 1u);
  EXPECT_EQ(outcome.problems[0].code, "image_cannot_fit");
}

}  // namespace
}  // namespace beian::documents
