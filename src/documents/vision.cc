#include "documents/vision.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace beian::documents {
namespace {

constexpr int k_small_side = 240;  // px, where outlines are looked for
constexpr double k_least_share = 0.12;
// A paper that does not even hold the middle of the picture has to look like one in every way.
constexpr double k_least_small_share = 0.03;
constexpr double k_small_fill = 0.92;           // of its four corners
constexpr double k_small_contrast = 30;         // in Lab
constexpr double k_small_shape[] = {1.2, 2.2};  // long side to short side, of cards and licences
constexpr double k_least_fill = 0.86;           // of the hull: a paper has no bays
constexpr double k_least_contrast = 14;         // between paper and ground, in Lab
constexpr double k_close_fit = 0.035;           // of the paper may lie beside its corners' lines
constexpr double k_full_bleed = 0.75;           // of the rim belongs to the paper: a scan
constexpr double k_touching = 0.03;             // of a side: the paper goes on beyond it
constexpr double k_most_lean = 12;              // degrees a scan may lie askew

// Two colours, the paper's being the one that holds the middle.
struct Parts {
  cv::Mat paper;  // 255 where the paper is
  double contrast = 0;
  double lighter = 0;  // the paper than the ground, in Lab
};

Parts part(const cv::Mat& rgb) {
  cv::Mat smooth, lab;
  cv::medianBlur(rgb, smooth, 7);
  cv::cvtColor(smooth, lab, cv::COLOR_RGB2Lab);
  cv::Mat points;
  lab.reshape(1, static_cast<int>(lab.total())).convertTo(points, CV_32F);
  cv::theRNG().state = 1;
  cv::Mat labels, centres;
  cv::kmeans(points, 2, labels, {cv::TermCriteria::EPS + cv::TermCriteria::COUNT, 12, 1.0}, 1,
             cv::KMEANS_PP_CENTERS, centres);
  cv::Mat second(rgb.rows, rgb.cols, CV_8U);
  for (int i = 0; i < labels.rows; ++i) second.data[i] = labels.at<int>(i) == 1 ? 255 : 0;
  const cv::Rect middle(rgb.cols / 4, rgb.rows / 4, rgb.cols / 2, rgb.rows / 2);
  const bool second_holds = cv::mean(second(middle))[0] > 127;
  Parts parts;
  parts.paper = second_holds ? second : cv::Mat(255 - second);
  parts.contrast = cv::norm(centres.row(0) - centres.row(1));
  parts.lighter = (centres.at<float>(1, 0) - centres.at<float>(0, 0)) * (second_holds ? 1 : -1);
  return parts;
}

double rim_share(const cv::Mat& mask) {
  const double rim =
      cv::mean(mask.row(0))[0] * mask.cols + cv::mean(mask.row(mask.rows - 1))[0] * mask.cols +
      cv::mean(mask.col(0))[0] * mask.rows + cv::mean(mask.col(mask.cols - 1))[0] * mask.rows;
  return rim / (255.0 * 2 * (mask.cols + mask.rows));
}

std::vector<cv::Point> largest_of(const cv::Mat& mask) {
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(mask, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  const auto largest = std::max_element(
      contours.begin(), contours.end(),
      [](const auto& a, const auto& b) { return cv::contourArea(a) < cv::contourArea(b); });
  return largest == contours.end() ? std::vector<cv::Point>{} : *largest;
}

// Clockwise from the top left.
std::array<cv::Point2f, 4> in_order(const std::vector<cv::Point2f>& corners) {
  std::array<cv::Point2f, 4> sorted;
  std::copy(corners.begin(), corners.end(), sorted.begin());
  const cv::Point2f middle = (sorted[0] + sorted[1] + sorted[2] + sorted[3]) * 0.25f;
  std::sort(sorted.begin(), sorted.end(), [&](const cv::Point2f& a, const cv::Point2f& b) {
    return std::atan2(a.y - middle.y, a.x - middle.x) < std::atan2(b.y - middle.y, b.x - middle.x);
  });
  const auto first = std::min_element(sorted.begin(), sorted.end(),
                                      [](auto& a, auto& b) { return a.x + a.y < b.x + b.y; });
  std::rotate(sorted.begin(), first, sorted.end());
  return sorted;
}

std::vector<cv::Point2f> four_corners(const std::vector<cv::Point>& hull) {
  const double around = cv::arcLength(hull, true);
  std::vector<cv::Point2f> corners;
  for (double step = 0.01; step < 0.12; step += 0.01) {
    std::vector<cv::Point> simple;
    cv::approxPolyDP(hull, simple, step * around, true);
    if (simple.size() == 4) {
      corners.assign(simple.begin(), simple.end());
      return corners;
    }
  }
  corners.resize(4);
  cv::minAreaRect(hull).points(corners.data());
  return corners;
}

int sides_touched(const std::vector<cv::Point>& contour, const cv::Size& size) {
  int along[4] = {0, 0, 0, 0};
  for (const cv::Point& p : contour) {
    along[0] += p.y <= 1;
    along[1] += p.x >= size.width - 2;
    along[2] += p.y >= size.height - 2;
    along[3] += p.x <= 1;
  }
  int touched = 0;
  for (int side = 0; side < 4; ++side)
    touched += along[side] > k_touching * (side % 2 == 0 ? size.width : size.height);
  return touched;
}

// Holes of print closed, crumbs gone; its largest part.
std::vector<cv::Point> shape_of(const cv::Mat& mask) {
  const auto brush = [](int side) {
    return cv::getStructuringElement(cv::MORPH_RECT, {side, side});
  };
  cv::Mat whole;
  cv::morphologyEx(mask, whole, cv::MORPH_CLOSE, brush(9));
  cv::morphologyEx(whole, whole, cv::MORPH_OPEN, brush(7));
  return largest_of(whole);
}

// Of what the shape covers, the part that these corners miss or add.
double misfit(const std::vector<cv::Point2f>& corners, const cv::Mat& shape) {
  cv::Mat quad = cv::Mat::zeros(shape.size(), CV_8U);
  std::vector<cv::Point> whole(corners.begin(), corners.end());
  cv::fillConvexPoly(quad, whole, 255);
  cv::bitwise_xor(quad, shape, quad);
  return cv::countNonZero(quad) / std::max(1.0, static_cast<double>(cv::countNonZero(shape)));
}

// The corners of the paper alone, where a thumb or the rim of a shadow hangs on to it: those of its
// hull, or of what is left when narrow parts are cut away, whichever lies closer upon it.
std::vector<cv::Point2f> corners_of(const std::vector<cv::Point>& contour,
                                    const std::vector<cv::Point>& hull, const cv::Size& size) {
  std::vector<cv::Point2f> best = four_corners(hull);
  cv::Mat shape = cv::Mat::zeros(size, CV_8U);
  cv::fillPoly(shape, std::vector<std::vector<cv::Point>>{contour}, 255);
  double least = misfit(best, shape);
  const cv::Rect box = cv::boundingRect(contour);
  for (const double part : {0.2, 0.35}) {
    if (least < k_close_fit) break;
    const int side = static_cast<int>(part * std::min(box.width, box.height)) | 1;
    cv::Mat core;
    cv::morphologyEx(shape, core, cv::MORPH_OPEN,
                     cv::getStructuringElement(cv::MORPH_ELLIPSE, {side, side}));
    const std::vector<cv::Point> rest = largest_of(core);
    if (rest.size() < 20) break;
    std::vector<cv::Point> rest_hull;
    cv::convexHull(rest, rest_hull);
    const std::vector<cv::Point2f> corners = four_corners(rest_hull);
    if (const double fit = misfit(corners, shape); fit < least) {
      least = fit;
      best = corners;
    }
  }
  return best;
}

Outline make_outline(const std::vector<cv::Point2f>& corners, double share, int cut, float scale) {
  Outline outline;
  outline.share = share;
  outline.cut_sides = cut;
  std::vector<cv::Point2f> in_picture;
  for (const cv::Point2f& corner : corners)
    in_picture.push_back((corner + cv::Point2f(0.5f, 0.5f)) * scale);
  outline.corners = in_order(in_picture);
  return outline;
}

std::optional<Outline> outline_of(const cv::Mat& paper, float scale) {
  const std::vector<cv::Point> contour = shape_of(paper);
  if (contour.size() < 20) return std::nullopt;
  std::vector<cv::Point> hull;
  cv::convexHull(contour, hull);
  const double area = cv::contourArea(hull);
  const double share = area / static_cast<double>(paper.total());
  if (share < k_least_share || cv::contourArea(contour) < k_least_fill * area) return std::nullopt;
  const int touched = sides_touched(contour, paper.size());
  if (touched == 4) return std::nullopt;
  return make_outline(corners_of(contour, hull, paper.size()), share, touched, scale);
}

// What most of the picture is not may be a paper far away; or the photograph, the code or the
// emblem on a scan that fills the picture, which are darker, square, round or ragged.
std::optional<Outline> small_outline(const cv::Mat& paper, float scale) {
  const std::vector<cv::Point> contour = shape_of(paper);
  if (contour.size() < 20) return std::nullopt;
  std::vector<cv::Point> hull;
  cv::convexHull(contour, hull);
  const double area = cv::contourArea(hull);
  const double share = area / static_cast<double>(paper.total());
  const std::vector<cv::Point2f> corners = four_corners(hull);
  const cv::RotatedRect box = cv::minAreaRect(corners);
  const double shape = std::max(box.size.width, box.size.height) /
                       std::max(1.0f, std::min(box.size.width, box.size.height));
  if (share < k_least_small_share || sides_touched(contour, paper.size()) > 0 ||
      cv::contourArea(contour) < k_small_fill * cv::contourArea(corners) ||
      shape < k_small_shape[0] || shape > k_small_shape[1])
    return std::nullopt;
  return make_outline(corners, share, 0, scale);
}

}  // namespace

cv::Mat view_of(const Image& image) {
  return cv::Mat(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.rgb.data()));
}

Image to_image(const cv::Mat& rgb) {
  Image image{rgb.cols, rgb.rows, {}};
  for (int y = 0; y < rgb.rows; ++y)
    image.rgb.insert(image.rgb.end(), rgb.ptr(y), rgb.ptr(y) + std::ptrdiff_t{3} * rgb.cols);
  return image;
}

cv::Mat at_most(const cv::Mat& picture, int long_side) {
  const double scale = static_cast<double>(long_side) / std::max(picture.cols, picture.rows);
  if (scale >= 1) return picture;
  // A strip keeps at least one row.
  const cv::Size size(std::max(1, static_cast<int>(std::lround(picture.cols * scale))),
                      std::max(1, static_cast<int>(std::lround(picture.rows * scale))));
  cv::Mat small;
  cv::resize(picture, small, size, 0, 0, cv::INTER_AREA);
  return small;
}

std::optional<Outline> find_outline(const cv::Mat& rgb) {
  const cv::Mat small = at_most(rgb, k_small_side);
  if (std::min(small.cols, small.rows) < 32) return std::nullopt;
  const Parts parts = part(small);
  const float scale = static_cast<float>(rgb.cols) / static_cast<float>(small.cols);
  if (parts.contrast < k_least_contrast) return std::nullopt;
  if (rim_share(parts.paper) > k_full_bleed)
    return parts.contrast > k_small_contrast && parts.lighter < 0
               ? small_outline(255 - parts.paper, scale)
               : std::nullopt;
  return outline_of(parts.paper, scale);
}

cv::Mat straighten(const cv::Mat& rgb, const Outline& outline, int width) {
  const auto& c = outline.corners;
  const double across = (cv::norm(c[1] - c[0]) + cv::norm(c[2] - c[3])) / 2;
  const double down = (cv::norm(c[3] - c[0]) + cv::norm(c[2] - c[1])) / 2;
  const double scale = width / std::max(across, down);
  const float w = static_cast<float>(across * scale), h = static_cast<float>(down * scale);
  const std::array<cv::Point2f, 4> to = {cv::Point2f(0, 0), {w, 0}, {w, h}, {0, h}};
  const cv::Mat turn = cv::getPerspectiveTransform(c.data(), to.data());
  cv::Mat flat;
  cv::warpPerspective(rgb, flat, turn, {static_cast<int>(w), static_cast<int>(h)},
                      scale < 0.6 ? cv::INTER_AREA : cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  return flat;
}

cv::Mat level(const cv::Mat& rgb) {
  cv::Mat grey, dark;
  cv::cvtColor(at_most(rgb, 800), grey, cv::COLOR_RGB2GRAY);
  cv::adaptiveThreshold(grey, dark, 255, cv::ADAPTIVE_THRESH_MEAN_C, cv::THRESH_BINARY_INV, 31, 15);
  cv::medianBlur(dark, dark, 3);
  cv::morphologyEx(dark, dark, cv::MORPH_CLOSE, cv::getStructuringElement(cv::MORPH_RECT, {25, 3}));
  std::vector<std::vector<cv::Point>> lines;
  cv::findContours(dark, lines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
  std::vector<std::pair<double, double>> leans;  // degrees, weight
  double total = 0;
  for (const auto& line : lines) {
    const cv::RotatedRect box = cv::minAreaRect(line);
    const bool wide = box.size.width >= box.size.height;
    const double length = std::max(box.size.width, box.size.height);
    const double height = std::min(box.size.width, box.size.height);
    if (length < 60 || height < 6 || height > 60 || length < 4 * height) continue;
    double lean = wide ? box.angle : box.angle - 90;
    if (lean < -45) lean += 90;
    if (lean > 45) lean -= 90;
    if (std::abs(lean) > k_most_lean) continue;
    leans.push_back({lean, length});
    total += length;
  }
  std::sort(leans.begin(), leans.end());
  double seen = 0, lean = 0;
  for (const auto& [degrees, weight] : leans) {
    lean = degrees;
    if ((seen += weight) >= total / 2) break;
  }
  if (std::abs(lean) < 0.3) return rgb;
  const cv::Point2f middle(static_cast<float>(rgb.cols) / 2, static_cast<float>(rgb.rows) / 2);
  cv::Mat straight;
  cv::warpAffine(rgb, straight, cv::getRotationMatrix2D(middle, lean, 1), rgb.size(),
                 cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  return straight;
}

}  // namespace beian::documents
