// A photograph is known again after it was re-encoded, resized or trimmed; people who stand at the
// same place before the same backdrop in the same light are not taken for one another.
#include "documents/picture_print.h"

#include <gtest/gtest.h>

#include <cmath>

#include "documents/decoders.h"
#include "documents/inspection.h"
#include "documents/sample_drawing.h"

namespace beian::documents {
namespace {

// Somebody in the middle of one and the same backdrop: `seed` says who, and by how little the place
// differs.
std::string photograph(std::uint64_t seed) {
  Dice dice(seed);
  Scene scene;
  scene.head = dice.between(0.135, 0.145);
  scene.off_centre = dice.between(-0.015, 0.015);
  Wear how;
  how.blur = 0.3;
  how.noise = 2;
  return wear(draw_scene(scene, dice), how, dice);
}

Image decoded(const std::string& jpeg) { return std::get<Decoded>(decode(jpeg, {}, 2560)).image; }

// What is left when parts of the sides are cut off, every `step`-th pixel of it, compressed anew.
std::string copy_of(const std::string& jpeg, int step, double left, double right, double top,
                    double bottom, int quality) {
  const Image from = decoded(jpeg);
  const int x0 = static_cast<int>(from.width * left), y0 = static_cast<int>(from.height * top);
  Image to;
  to.width = (static_cast<int>(from.width * (1 - right)) - x0) / step;
  to.height = (static_cast<int>(from.height * (1 - bottom)) - y0) / step;
  for (int y = 0; y < to.height; ++y)
    for (int x = 0; x < to.width; ++x) {
      const std::size_t at =
          3 * (static_cast<std::size_t>(y0 + y * step) * from.width + x0 + x * step);
      to.rgb.insert(to.rgb.end(), from.rgb.begin() + static_cast<std::ptrdiff_t>(at),
                    from.rgb.begin() + static_cast<std::ptrdiff_t>(at + 3));
    }
  return encode_jpeg(to, {.quality = quality});
}

bool counts_as_copy(const Agreement& agreed) {
  static const Thresholds limits = Thresholds::load(BEIAN_ROOT "/data/documents/checks.json");
  return is_copy(agreed, limits);
}

TEST(PicturePrint, KnowsACopyAgain) {
  struct Change {
    int step;
    double left, right, top, bottom;
    int quality;
  };
  const Change changes[] = {{1, 0, 0, 0, 0, 60},
                            {2, 0, 0, 0, 0, 70},
                            {1, 0.01, 0.01, 0.01, 0.01, 75},
                            {1, 0.04, 0, 0, 0, 75},
                            {1, 0.03, 0.02, 0.02, 0.03, 75}};
  for (std::uint64_t seed : {1, 2}) {
    const std::string original = photograph(seed);
    const std::string kept = print_of(decoded(original));
    ASSERT_TRUE(is_picture_print(kept));
    for (const Change& c : changes) {
      const std::string print =
          print_of(decoded(copy_of(original, c.step, c.left, c.right, c.top, c.bottom, c.quality)));
      const Agreement agreed = agreement(print, kept);
      EXPECT_TRUE(counts_as_copy(agreed)) << c.left << " " << agreed.whole << " " << agreed.worst;
      EXPECT_GE(most_in_common(kept, bands_to_look_for(print)), 2) << c.left;
    }
  }
}

TEST(PicturePrint, TakesNobodyForAnother) {
  std::vector<std::string> prints;
  for (std::uint64_t seed = 1; seed <= 6; ++seed)
    prints.push_back(print_of(decoded(photograph(seed))));
  for (std::size_t i = 0; i < prints.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      EXPECT_FALSE(counts_as_copy(agreement(prints[i], prints[k]))) << i << " " << k;
}

TEST(PicturePrint, HasNothingToSayOfWhatIsNone) {
  EXPECT_TRUE(bands_of("short").empty());
  EXPECT_TRUE(bands_to_look_for("").empty());
  const std::string even(k_print_bytes, '\x40');
  EXPECT_EQ(bands_of(even).size(), static_cast<std::size_t>(k_print_bands));
  EXPECT_FALSE(counts_as_copy(agreement(even, "short")));
  EXPECT_FALSE(counts_as_copy(agreement(even, photograph(1))));
}

}  // namespace
}  // namespace beian::documents
