#include "documents/fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "documents/decoders.h"

namespace beian::documents {
namespace {

constexpr int k_top_side = 1800;
constexpr int k_least_side = 320;
constexpr double k_step = 0.9;       // between neighbouring scales: a fifth fewer pixels
constexpr int k_best_quality = 90;   // above it bytes grow and nothing more can be read
constexpr int k_least_quality = 28;  // below it blocks show in faces and on flat ground
constexpr int k_last_quality =
    5;  // at the smallest scale anything that fits is better than nothing
constexpr int k_probe_quality = 50;

struct Luma {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> grey;
};

Luma to_luma(const Image& image) {
  Luma luma{image.width, image.height, {}};
  luma.grey.reserve(image.rgb.size() / 3);
  for (std::size_t i = 0; i + 2 < image.rgb.size(); i += 3) {
    const int value = image.rgb[i] * 77 + image.rgb[i + 1] * 150 + image.rgb[i + 2] * 29;
    luma.grey.push_back(static_cast<std::uint8_t>(value >> 8));
  }
  return luma;
}

// One sample position of a bilinear enlargement, in 1/256.
struct Between {
  int left, right, part;
};

std::vector<Between> positions(int from, int to) {
  std::vector<Between> all;
  all.reserve(static_cast<std::size_t>(to));
  for (int i = 0; i < to; ++i) {
    const double at = std::clamp((i + 0.5) * from / to - 0.5, 0.0, from - 1.0);
    const int left = static_cast<int>(at);
    all.push_back({left, std::min(left + 1, from - 1), static_cast<int>((at - left) * 256)});
  }
  return all;
}

Luma enlarge(const Luma& luma, int width, int height) {
  if (luma.width == width && luma.height == height) return luma;
  const std::vector<Between> columns = positions(luma.width, width);
  const std::vector<Between> rows = positions(luma.height, height);
  Luma result{width, height, {}};
  result.grey.reserve(std::size_t{1} * width * height);
  for (const Between& row : rows) {
    const std::uint8_t* upper = luma.grey.data() + std::ptrdiff_t{row.left} * luma.width;
    const std::uint8_t* lower = luma.grey.data() + std::ptrdiff_t{row.right} * luma.width;
    for (const Between& column : columns) {
      const int above =
          upper[column.left] * (256 - column.part) + upper[column.right] * column.part;
      const int below =
          lower[column.left] * (256 - column.part) + lower[column.right] * column.part;
      result.grey.push_back(
          static_cast<std::uint8_t>((above * (256 - row.part) + below * row.part) >> 16));
    }
  }
  return result;
}

// Similarity of gradients, 1 where equal; `k_calm` keeps flat ground from deciding.
double edge_similarity(const Luma& original, const Luma& candidate) {
  constexpr double k_calm = 170;
  double sum = 0, weights = 0;
  const int stride = original.width;
  for (int y = 1; y + 1 < original.height; ++y) {
    const std::uint8_t* a = original.grey.data() + std::ptrdiff_t{y} * stride;
    const std::uint8_t* b = candidate.grey.data() + std::ptrdiff_t{y} * stride;
    for (int x = 1; x + 1 < original.width; ++x) {
      const int ax = a[x + 1] - a[x - 1], ay = a[x + stride] - a[x - stride];
      const int bx = b[x + 1] - b[x - 1], by = b[x + stride] - b[x - stride];
      const double aa = ax * ax + ay * ay, bb = bx * bx + by * by;
      const double weight = std::max(aa, bb);
      // The dot product, not the product of lengths: an edge that turned is not the same edge.
      sum += weight * (2.0 * (ax * bx + ay * by) + k_calm) / (aa + bb + k_calm);
      weights += weight;
    }
  }
  return weights > 0 ? std::clamp(sum / weights, 0.0, 1.0) : 1.0;
}

bool has_colour(const Image& image) {
  constexpr int k_tint = 24;  // a scanner's cast stays below
  std::size_t coloured = 0;
  for (std::size_t i = 0; i + 2 < image.rgb.size(); i += 3) {
    const auto [low, high] = std::minmax({image.rgb[i], image.rgb[i + 1], image.rgb[i + 2]});
    coloured += high - low > k_tint ? 1 : 0;
  }
  return coloured * 2000 > image.rgb.size() / 3;  // a small red seal counts
}

class Search {
 public:
  Search(const Image& image, std::size_t max_bytes)
      : top_(shrink(image, k_top_side)),
        luma_(to_luma(top_)),
        grey_(!has_colour(top_)),
        max_bytes_(max_bytes) {
    for (double side = top_.long_side(); side >= k_least_side || sides_.empty(); side *= k_step) {
      sides_.push_back(static_cast<int>(std::lround(side)));
    }
    tried_.resize(sides_.size());
  }

  Fitted run() {
    const std::string best = encode(top_, k_best_quality);
    if (best.size() <= max_bytes_) return judge(best, top_, k_best_quality);
    std::size_t at = first_guess();
    while (at + 1 < sides_.size() && at_scale(at).jpeg.empty()) ++at;
    while (true) {  // legibility has one peak along the scales: climb it
      if (at > 0 && better(at - 1, at)) {
        --at;
      } else if (at + 1 < sides_.size() && better(at + 1, at)) {
        ++at;
      } else {
        return at_scale(at);
      }
    }
  }

 private:
  std::string encode(const Image& image, int quality) const {
    return encode_jpeg(image, {.quality = quality, .grey = grey_});
  }

  // Bytes go roughly with pixels to the power 0.8 at equal quality.
  std::size_t first_guess() const {
    const double ratio =
        static_cast<double>(max_bytes_) / static_cast<double>(encode(top_, k_probe_quality).size());
    if (ratio >= 1) return 0;
    const double step = std::log(k_step) * 2 * 0.8;
    return std::min(sides_.size() - 1, static_cast<std::size_t>(std::log(ratio) / step));
  }

  bool better(std::size_t one, std::size_t other) {
    return at_scale(one).legibility > at_scale(other).legibility;
  }

  const Fitted& at_scale(std::size_t index) {
    std::optional<Fitted>& slot = tried_[index];
    if (!slot) {
      const bool last = index + 1 == sides_.size();
      slot = fit_quality(shrink(top_, sides_[index]), last ? k_last_quality : k_least_quality);
    }
    return *slot;
  }

  // The best quality that fits, by halving the interval; empty when even the least does not fit.
  Fitted fit_quality(const Image& image, int low) const {
    int high = k_best_quality;
    std::string kept = encode(image, low);
    if (kept.size() > max_bytes_) return {};
    while (high - low > 2) {
      const int middle = (low + high) / 2;
      std::string tried = encode(image, middle);
      if (tried.size() <= max_bytes_) {
        low = middle;
        kept = std::move(tried);
      } else {
        high = middle;
      }
    }
    return judge(kept, image, low);
  }

  Fitted judge(const std::string& jpeg, const Image& image, int quality) const {
    Fitted fitted{jpeg, image.width, image.height, quality, grey_, 0};
    const RawOrProblem decoded = decode_jpeg(jpeg, ImageLimits{}, image.long_side());
    const Luma seen = to_luma(std::get<Raw>(decoded).image);
    fitted.legibility = edge_similarity(luma_, enlarge(seen, luma_.width, luma_.height));
    return fitted;
  }

  Image top_;
  Luma luma_;
  bool grey_;
  std::size_t max_bytes_;
  std::vector<int> sides_;
  std::vector<std::optional<Fitted>> tried_;
};

}  // namespace

Fitted fit(const Image& image, std::size_t max_bytes) { return Search(image, max_bytes).run(); }

double legibility(const Image& original, const Image& candidate) {
  const Luma luma = to_luma(original);
  return edge_similarity(luma, enlarge(to_luma(candidate), luma.width, luma.height));
}

}  // namespace beian::documents
