#include "documents/picture_print.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "documents/inspection.h"
#include "documents/vision.h"

namespace beian::documents {
namespace {

constexpr int k_bits_of_band = 10;
constexpr int k_rim = 8;    // px at each side that are not compared: one picture may end there
constexpr int k_tile = 20;  // px
// Structure smaller than this, in px, depends on where a copy's pixels happen to lie; larger is
// light.
constexpr double k_finest = 1.2, k_coarsest = 4;
// Of all parts, those with less than this share of the usual structure say nothing.
constexpr double k_bare = 0.5;

// What is cut off the left, right, top and bottom, as parts of the side; less than 0: added.
using Edges = std::array<double, 4>;

cv::Mat view(std::string_view print) {
  return {k_print_side, k_print_side, CV_8U, const_cast<char*>(print.data())};
}

cv::Mat trimmed(const cv::Mat& print, const Edges& cut) {
  const double side = k_print_side;
  const double across = 1 / (1 - cut[0] - cut[1]), down = 1 / (1 - cut[2] - cut[3]);
  const cv::Mat move = (cv::Mat_<double>(2, 3) << across, 0, -cut[0] * side * across, 0, down,
                        -cut[2] * side * down);
  cv::Mat out;
  cv::warpAffine(print, out, move, print.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  return out;
}

// Signs of the lowest frequencies but the mean, from coarse to fine.
Bands bands_in(const cv::Mat& print) {
  cv::Mat real, waves;
  print.convertTo(real, CV_32F);
  cv::dct(real, waves);
  Bands bands;
  int bit = 0;
  for (int sum = 1; static_cast<int>(bands.size()) <= k_print_bands; ++sum)
    for (int y = 0; y <= sum; ++y, ++bit) {
      if (bit % k_bits_of_band == 0) bands.push_back(0);
      if (waves.at<float>(y, sum - y) > 0)
        bands.back() = static_cast<std::uint16_t>(bands.back() | (1 << (bit % k_bits_of_band)));
    }
  bands.resize(k_print_bands);
  return bands;
}

cv::Mat fine_structure(const cv::Mat& print) {
  cv::Mat real, fine, coarse;
  print.convertTo(real, CV_32F);
  cv::GaussianBlur(real, fine, {0, 0}, k_finest);
  cv::GaussianBlur(real, coarse, {0, 0}, k_coarsest);
  return fine - coarse;
}

double correlation(const cv::Mat& a, const cv::Mat& b) {
  cv::Mat out;
  cv::matchTemplate(a, b, out, cv::TM_CCOEFF_NORMED);
  return out.at<float>(0, 0);
}

double strength(const cv::Mat& part) {
  return cv::norm(part) / std::sqrt(static_cast<double>(part.total()));
}

double worst_part(const cv::Mat& a, const cv::Mat& b) {
  const double usual = strength(a);
  double worst = 1;
  for (int y = k_rim; y + k_tile <= k_print_side - k_rim; y += k_tile)
    for (int x = k_rim; x + k_tile <= k_print_side - k_rim; x += k_tile) {
      const cv::Rect part(x, y, k_tile, k_tile);
      if (std::max(strength(a(part)), strength(b(part))) < k_bare * usual) continue;
      worst = std::min(worst, correlation(a(part), b(part)));
    }
  return worst;
}

}  // namespace

std::string print_of(const Image& image) {
  cv::Mat grey, small;
  cv::cvtColor(view_of(image), grey, cv::COLOR_RGB2GRAY);
  cv::resize(grey, small, {k_print_side, k_print_side}, 0, 0, cv::INTER_AREA);
  return {reinterpret_cast<const char*>(small.data), k_print_bytes};
}

Bands bands_of(std::string_view print) {
  if (!is_picture_print(print)) return {};
  return bands_in(view(print));
}

std::vector<Bands> bands_to_look_for(std::string_view print) {
  std::vector<Bands> out;
  if (!is_picture_print(print)) return out;
  const cv::Mat grey = view(print);
  out.push_back(bands_in(grey));
  for (double part : {-0.04, -0.02, 0.02, 0.04}) {
    std::vector<Edges> cuts = {{part, part, part, part}, {part, part, 0, 0}, {0, 0, part, part}};
    for (std::size_t side = 0; side < 4; ++side) {
      cuts.push_back({});
      cuts.back()[side] = part;
    }
    for (const Edges& cut : cuts) out.push_back(bands_in(trimmed(grey, cut)));
  }
  return out;
}

int most_in_common(std::string_view print, const std::vector<Bands>& wanted) {
  const Bands own = bands_of(print);
  int most = 0;
  for (const Bands& other : wanted) {
    int common = 0;
    for (std::size_t i = 0; i < std::min(own.size(), other.size()); ++i)
      common += own[i] == other[i];
    most = std::max(most, common);
  }
  return most;
}

Agreement agreement(std::string_view one, std::string_view other) {
  if (!is_picture_print(one) || !is_picture_print(other)) return {};
  const cv::Mat a = fine_structure(view(one)), b = view(other);
  const cv::Rect inner(k_rim, k_rim, k_print_side - 2 * k_rim, k_print_side - 2 * k_rim);
  const auto laid = [&](const Edges& cut) { return fine_structure(trimmed(b, cut)); };
  Edges best{};
  double most = correlation(a(inner), laid(best)(inner));
  for (double step : {0.03, 0.015, 0.008, 0.004, 0.002})
    for (bool better = true; better;) {
      better = false;
      for (std::size_t side = 0; side < 4; ++side)
        for (double by : {-step, step}) {
          Edges cut = best;
          cut[side] = std::clamp(cut[side] + by, -0.06, 0.06);
          const double whole = correlation(a(inner), laid(cut)(inner));
          if (whole <= most + 1e-6) continue;
          most = whole;
          best = cut;
          better = true;
        }
    }
  return {most, worst_part(a, laid(best))};
}

bool is_copy(const Agreement& agreed, const Thresholds& thresholds) {
  return agreed.whole >= thresholds.at("copy_agreement_least") &&
         agreed.worst >= thresholds.at("copy_part_least");
}

}  // namespace beian::documents
