#include <algorithm>
#include <cmath>

#include "documents/image.h"

namespace beian::documents {
namespace {

constexpr int k_fraction_bits = 14;
constexpr double k_pi = 3.14159265358979323846;
constexpr double k_lobes =
    2;  // three sharpen no better below half size, and cost half as much again

double lanczos(double x) {
  if (x == 0) return 1;
  if (std::abs(x) >= k_lobes) return 0;
  return k_lobes * std::sin(k_pi * x) * std::sin(k_pi * x / k_lobes) / (k_pi * k_pi * x * x);
}

// Which neighbours make one output sample, and how much each counts (sum 1 << k_fraction_bits).
struct Taps {
  int first = 0;
  std::vector<int> weights;
};

std::vector<Taps> make_taps(int from, int to) {
  const double ratio = static_cast<double>(from) / to;
  std::vector<Taps> all(static_cast<std::size_t>(to));
  std::vector<double> exact;
  for (int i = 0; i < to; ++i) {
    const double centre = (i + 0.5) * ratio;
    const int first = std::max(0, static_cast<int>(std::floor(centre - k_lobes * ratio)));
    const int last = std::min(from, static_cast<int>(std::ceil(centre + k_lobes * ratio)));
    exact.clear();
    double sum = 0;
    for (int j = first; j < last; ++j) {
      exact.push_back(lanczos((j + 0.5 - centre) / ratio));
      sum += exact.back();
    }
    Taps& taps = all[static_cast<std::size_t>(i)];
    taps.first = first;
    for (double weight : exact) {
      taps.weights.push_back(static_cast<int>(std::lround(weight / sum * (1 << k_fraction_bits))));
    }
  }
  return all;
}

std::uint8_t to_byte(int value) {
  return static_cast<std::uint8_t>(
      std::clamp((value + (1 << (k_fraction_bits - 1))) >> k_fraction_bits, 0, 255));
}

Image across(const Image& image, int width) {
  const std::vector<Taps> taps = make_taps(image.width, width);
  Image result{width, image.height, {}};
  result.rgb.resize(std::size_t{3} * width * image.height);
  std::uint8_t* to = result.rgb.data();
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* row = image.rgb.data() + std::size_t{3} * image.width * y;
    for (const Taps& tap : taps) {
      const std::uint8_t* from = row + std::ptrdiff_t{3} * tap.first;
      int red = 0, green = 0, blue = 0;
      for (int weight : tap.weights) {
        red += weight * from[0];
        green += weight * from[1];
        blue += weight * from[2];
        from += 3;
      }
      to[0] = to_byte(red);
      to[1] = to_byte(green);
      to[2] = to_byte(blue);
      to += 3;
    }
  }
  return result;
}

Image down(const Image& image, int height) {
  const std::vector<Taps> taps = make_taps(image.height, height);
  Image result{image.width, height, {}};
  const std::size_t stride = std::size_t{3} * image.width;
  result.rgb.resize(stride * height);
  std::vector<int> sums(stride);
  std::uint8_t* to = result.rgb.data();
  for (const Taps& tap : taps) {
    std::fill(sums.begin(), sums.end(), 0);
    const std::uint8_t* from = image.rgb.data() + stride * tap.first;
    for (int weight : tap.weights) {
      for (std::size_t i = 0; i < stride; ++i) sums[i] += weight * from[i];
      from += stride;
    }
    for (std::size_t i = 0; i < stride; ++i) *to++ = to_byte(sums[i]);
  }
  return result;
}

// Averages squares of `step` pixels: brings a huge picture near its target before the fine filter.
Image average(const Image& image, int step) {
  Image result{image.width / step, image.height / step, {}};
  result.rgb.resize(std::size_t{3} * result.width * result.height);
  const std::size_t row = std::size_t{3} * image.width;
  const int count = step * step;
  std::uint8_t* to = result.rgb.data();
  for (int y = 0; y < result.height; ++y) {
    for (int x = 0; x < result.width; ++x, to += 3) {
      const std::uint8_t* from = image.rgb.data() + row * y * step + std::size_t{3} * x * step;
      int sums[3] = {0, 0, 0};
      for (int dy = 0; dy < step; ++dy, from += row) {
        for (int dx = 0; dx < step * 3; ++dx) sums[dx % 3] += from[dx];
      }
      for (int c = 0; c < 3; ++c) to[c] = static_cast<std::uint8_t>((sums[c] + count / 2) / count);
    }
  }
  return result;
}

}  // namespace

Image shrink(const Image& image, int long_side) {
  if (image.long_side() <= long_side) return image;
  const double scale = static_cast<double>(long_side) / image.long_side();
  const int width = std::max(1, static_cast<int>(std::lround(image.width * scale)));
  const int height = std::max(1, static_cast<int>(std::lround(image.height * scale)));
  const int step = image.long_side() / (2 * long_side);
  if (step > 1 && image.width >= step && image.height >= step) {
    const Image near = average(image, step);
    if (near.width >= width && near.height >= height) return down(across(near, width), height);
  }
  return down(across(image, width), height);
}

}  // namespace beian::documents
