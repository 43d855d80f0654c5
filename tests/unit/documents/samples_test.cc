#include "documents/samples.h"

#include <gtest/gtest.h>

#include <map>

#include "documents/prepare.h"
#include "pictures.h"

namespace beian::documents {
namespace {

Image image_of(const std::string& jpeg) {
  return std::get<Decoded>(decode(jpeg, {}, 1 << 20)).image;
}

double share_of(const Image& image, bool (*is)(int red, int green, int blue)) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    count += is(image.rgb[i], image.rgb[i + 1], image.rgb[i + 2]) ? 1 : 0;
  }
  return 3.0 * static_cast<double>(count) / static_cast<double>(image.rgb.size());
}

bool is_red(int red, int green, int blue) { return red > 150 && green < 60 && blue < 60; }
bool is_dark(int red, int green, int blue) { return red + green + blue < 250; }

TEST(Samples, CoverTheMainPathAndPassItsChecks) {
  std::map<std::string, Sample> samples;
  for (Sample& sample : draw_samples()) samples[sample.name] = sample;
  for (const char* name : {"business_licence", "id_card_front", "id_card_back",
                           "domain_certificate", "verification_photo", "verification_photo_red"}) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(samples.contains(name));
    const Sample& sample = samples[name];
    PrepareRequest request;
    request.file = sample.jpeg;
    const PrepareOutcome outcome = prepare(request);
    ASSERT_TRUE(outcome.prepared);
    EXPECT_TRUE(outcome.prepared->advice.empty());
    EXPECT_GT(share_of(image_of(sample.jpeg), is_dark), 0.005);  // there is something to read
  }
  EXPECT_LT(share_of(image_of(samples["verification_photo"].jpeg), is_red), 0.01);
  EXPECT_GT(share_of(image_of(samples["verification_photo_red"].jpeg), is_red), 0.08);
}

// The numbers printed on the samples (src/documents/samples.cc), checked by the standards.
TEST(Samples, NumbersHaveRightCheckDigits) {
  const std::string id = "990101199001010019";  // GB 11643
  const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (int i = 0; i < 17; ++i) sum += (id[static_cast<std::size_t>(i)] - '0') * weights[i];
  EXPECT_EQ(id.back(), "10X98765432"[sum % 11]);

  const std::string code = "91990100MA990001X7";  // GB 32100
  const std::string alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  sum = 0;
  int weight = 1;
  for (std::size_t i = 0; i < 17; ++i, weight = weight * 3 % 31) {
    sum += static_cast<int>(alphabet.find(code[i])) * weight;
  }
  EXPECT_EQ(code.back(), alphabet[static_cast<std::size_t>((31 - sum % 31) % 31)]);
}

}  // namespace
}  // namespace beian::documents
