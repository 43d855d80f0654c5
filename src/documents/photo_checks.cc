#include "documents/photo_checks.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/text.h"
#include "documents/text_reader.h"
#include "documents/vision.h"

namespace beian::documents {
namespace {

constexpr const char* k_cascade =
    "/usr/share/opencv4/haarcascades/haarcascade_frontalface_alt2.xml";
constexpr int k_face_side = 640;  // px, at which faces are looked for
constexpr int k_least_face = 24;
constexpr int k_edge_side = 1000;
constexpr int k_tile = 256;               // px, of the spectrum
constexpr double k_most_columns = 24000;  // of lettering (TextReader::allow): four lines, twice

Problem finding(std::string code, std::map<std::string, std::string> params = {}) {
  Problem problem;
  problem.code = std::move(code);
  problem.params = std::move(params);
  problem.hard = false;
  return problem;
}

cv::Mat grey_of(const cv::Mat& rgb) {
  cv::Mat grey;
  cv::cvtColor(rgb, grey, cv::COLOR_RGB2GRAY);
  return grey;
}

template <typename T>
T middle_of(std::vector<T> values, double part) {
  if (values.empty()) return T{};
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

double share_of(const cv::Mat& mask) {
  return mask.empty() ? 0 : cv::countNonZero(mask) / static_cast<double>(mask.total());
}

// Peaks of the spectrum against what lies around them, away from the axes (where print, folds and
// the blocks of JPEG make peaks of their own).
double pattern_in(const cv::Mat& tile) {
  cv::Mat window, real, spectrum, parts[2], size;
  cv::createHanningWindow(window, tile.size(), CV_32F);
  tile.convertTo(real, CV_32F);
  real = (real - cv::mean(real)[0]).mul(window);
  cv::dft(real, spectrum, cv::DFT_COMPLEX_OUTPUT);
  cv::split(spectrum, parts);
  cv::magnitude(parts[0], parts[1], size);
  cv::Mat around, ratio;
  cv::log(size + 1, size);
  cv::blur(size, around, {21, 21}, {-1, -1}, cv::BORDER_REFLECT);
  ratio = size - around;
  double most = 0;
  for (int y = 0; y < k_tile; ++y)
    for (int x = 0; x < k_tile / 2; ++x) {
      const int fy = y <= k_tile / 2 ? y : y - k_tile;
      const double far = std::hypot(fy, x) / k_tile;
      if (far < 0.16 || std::abs(fy) < 5 || x < 5) continue;
      most = std::max(most, static_cast<double>(ratio.at<float>(y, x)));
    }
  return std::exp(most);
}

// Of the picture, where two of three colours are at their end. A dark top stays dark in a picture
// that is far too bright, so the dark part of a person says nothing.
double blown_share(const cv::Mat& rgb, double level) {
  cv::Mat channels[3];
  cv::split(rgb, channels);
  const cv::Mat a = channels[0] >= level, b = channels[1] >= level, c = channels[2] >= level;
  return share_of((a & b) | (b & c) | (a & c));
}

void check_light(const cv::Mat& subject, Paper paper, const Thresholds& t,
                 std::vector<Problem>& out) {
  const cv::Mat small = at_most(subject, 300);
  const cv::Mat grey = grey_of(small);
  std::vector<std::uint8_t> values(grey.begin<std::uint8_t>(), grey.end<std::uint8_t>());
  const double median = middle_of(values, 0.5), bright = middle_of(values, 0.95);
  if (median < t.at("dark_median") && bright < t.at("dark_bright")) {
    out.push_back(finding("photo_dark"));
  } else if ((median > t.at("bright_median") && middle_of(values, 0.1) > t.at("bright_low")) ||
             (paper == Paper::photo &&
              blown_share(small, t.at("bright_level")) > t.at("bright_share"))) {
    out.push_back(finding("photo_bright"));
  }
}

// A spot in which everything is lost, much brighter than the paper around it.
void check_glare(const cv::Mat& subject, const Thresholds& t, std::vector<Problem>& out) {
  const cv::Mat small = at_most(subject, 400);
  cv::Mat channels[3], least, blown;
  cv::split(small, channels);
  cv::min(channels[0], channels[1], least);
  cv::min(least, channels[2], least);
  std::vector<std::uint8_t> values(least.begin<std::uint8_t>(), least.end<std::uint8_t>());
  if (middle_of(values, 0.6) > t.at("glare_level") - t.at("glare_step")) return;
  blown = least >= t.at("glare_level");
  cv::morphologyEx(blown, blown, cv::MORPH_OPEN,
                   cv::getStructuringElement(cv::MORPH_ELLIPSE, {7, 7}));
  cv::Mat labels, stats, middles;
  const int spots = cv::connectedComponentsWithStats(blown, labels, stats, middles, 8);
  for (int i = 1; i < spots; ++i) {
    const int* spot = stats.ptr<int>(i);
    const double width = spot[cv::CC_STAT_WIDTH], height = spot[cv::CC_STAT_HEIGHT];
    const double area = spot[cv::CC_STAT_AREA];
    // A white strip or frame is no reflection.
    if (std::max(width, height) > 4 * std::min(width, height) || area < 0.45 * width * height)
      continue;
    if (area < t.at("glare_share") * static_cast<double>(blown.total())) continue;
    out.push_back(finding("photo_glare"));
    return;
  }
}

struct Colours {
  double red = 0, blue = 0;
};

Colours colours_of(const cv::Mat& rgb, const Thresholds& t) {
  cv::Mat hsv, mask, more;
  cv::cvtColor(rgb, hsv, cv::COLOR_RGB2HSV);
  const double saturation = t.at("top_saturation"), value = t.at("top_value");
  Colours colours;
  cv::inRange(hsv, cv::Scalar(0, saturation, value), cv::Scalar(t.at("red_until"), 255, 255), mask);
  cv::inRange(hsv, cv::Scalar(t.at("red_from"), saturation, value), cv::Scalar(180, 255, 255),
              more);
  colours.red = share_of(mask | more);
  cv::inRange(hsv, cv::Scalar(t.at("blue_from"), saturation, value),
              cv::Scalar(t.at("blue_until"), 255, 255), mask);
  colours.blue = share_of(mask);
  return colours;
}

cv::Rect within(const cv::Mat& picture, double x, double y, double width, double height) {
  const cv::Rect wanted(static_cast<int>(x), static_cast<int>(y), static_cast<int>(width),
                        static_cast<int>(height));
  return wanted & cv::Rect(0, 0, picture.cols, picture.rows);
}

// The backdrop is one plain colour on both sides of the head and above it.
double backdrop_share(const cv::Mat& rgb, const cv::Rect& face, const Thresholds& t) {
  cv::Mat lab;
  cv::cvtColor(rgb, lab, cv::COLOR_RGB2Lab);
  const double side = face.width * 1.1;
  const double bottom = face.y + face.height * 0.8;
  std::vector<std::array<int, 3>> colours;
  for (int y = 0; y < std::min<double>(bottom, lab.rows); y += 3)
    for (int x = 0; x < lab.cols; x += 3) {
      const bool person = x > face.x + face.width / 2.0 - side &&
                          x < face.x + face.width / 2.0 + side && y > face.y - face.height * 0.6;
      const cv::Vec3b& p = lab.at<cv::Vec3b>(y, x);
      if (!person) colours.push_back({p[0], p[1], p[2]});
    }
  if (colours.size() < 50) return 0;
  std::vector<int> a, b, l;
  for (const auto& c : colours) {
    l.push_back(c[0]);
    a.push_back(c[1]);
    b.push_back(c[2]);
  }
  const int ml = middle_of(l, 0.5), ma = middle_of(a, 0.5), mb = middle_of(b, 0.5);
  const double wide = t.at("backdrop_spread");
  const auto near = std::count_if(colours.begin(), colours.end(), [&](const auto& c) {
    return std::hypot(0.5 * (c[0] - ml), c[1] - ma, c[2] - mb) < wide;
  });
  return static_cast<double>(near) / static_cast<double>(colours.size());
}

struct Lettering {
  double straight = 0, mirrored = 0;  // characters times confidence
};

double legible(TextReader& reader, const cv::Mat& band) {
  double sum = 0;
  std::size_t read = 0;
  for (const Piece& found : find_pieces(band)) {
    const cv::Rect& box = found.parts.front();
    if (box.width < 3 * box.height || ++read > 4) continue;
    const Piece piece = reader.read_line(band(box));
    if (piece.confidence < 40 || !is_utf8(piece.text)) continue;
    sum += static_cast<double>(count_characters(piece.text)) * piece.confidence / 100;
  }
  return sum;
}

// Light letters on a darker ground are turned into dark on light first.
Lettering lettering_of(TextReader& reader, const cv::Mat& rgb, const cv::Rect& face) {
  const int bottom = std::max(40, face.y - face.height / 8);
  cv::Mat band = at_most(rgb, 1100);
  const double scale = static_cast<double>(band.cols) / rgb.cols;
  band = band(cv::Rect(0, 0, band.cols, std::min(band.rows, static_cast<int>(bottom * scale))));
  cv::Mat grey = grey_of(band), ground, even;
  cv::medianBlur(grey, ground, 61);
  cv::absdiff(grey, ground, even);
  cv::normalize(even, even, 0, 235, cv::NORM_MINMAX);
  even = 245 - even;
  cv::Mat flipped;
  cv::flip(even, flipped, 1);
  reader.allow(k_most_columns);
  return {legible(reader, even), legible(reader, flipped)};
}

void check_face_place(const cv::Mat& rgb, const cv::Rect& face, const Thresholds& t,
                      std::vector<Problem>& out) {
  const double height = static_cast<double>(face.height) / rgb.rows;
  const double centre = (face.x + face.width / 2.0) / rgb.cols;
  if (height < t.at("face_height_least")) {
    out.push_back(finding("photo_face_small"));
  } else if (height > t.at("face_height_most")) {
    out.push_back(finding("photo_face_large"));
  }
  if (std::abs(centre - 0.5) > t.at("face_off_centre")) out.push_back(finding("photo_off_centre"));
}

void check_top(const cv::Mat& rgb, const cv::Rect& face, const Thresholds& t,
               std::vector<Problem>& out) {
  const cv::Rect torso = within(rgb, face.x + face.width * 0.1, face.y + face.height * 1.6,
                                face.width * 0.8, face.height * 1.3);
  if (torso.area() < 100) return;
  const Colours colours = colours_of(at_most(rgb(torso), 160), t);
  if (colours.red > t.at("top_share")) out.push_back(finding("photo_red_top"));
  if (colours.blue > t.at("top_share")) out.push_back(finding("photo_blue_top"));
}

}  // namespace

bool FaceFinder::load() { return cascade_.load(k_cascade); }

std::vector<cv::Rect> FaceFinder::find(const cv::Mat& rgb) {
  const cv::Mat grey = grey_of(at_most(rgb, k_face_side));
  const double scale = static_cast<double>(rgb.cols) / grey.cols;
  std::vector<cv::Rect> faces;
  if (std::min(grey.cols, grey.rows) < k_least_face) return faces;
  cascade_.detectMultiScale(grey, faces, 1.1, 3, 0, {k_least_face, k_least_face});
  if (faces.empty()) {
    // The cascade wants room around a face: one that fills the picture is found with a border.
    const int border = std::max(grey.rows, grey.cols) / 3;
    cv::Mat roomy;
    cv::copyMakeBorder(grey, roomy, border, border, border, border, cv::BORDER_REPLICATE);
    cv::resize(roomy, roomy, {}, 0.5, 0.5, cv::INTER_AREA);
    cascade_.detectMultiScale(roomy, faces, 1.05, 3, 0, {60, 60});
    for (cv::Rect& face : faces)
      face = cv::Rect(2 * face.x - border, 2 * face.y - border, 2 * face.width, 2 * face.height) &
             cv::Rect(0, 0, grey.cols, grey.rows);
    std::erase_if(faces, [](const cv::Rect& face) { return face.area() == 0; });
  }
  for (cv::Rect& face : faces)
    face = {static_cast<int>(face.x * scale), static_cast<int>(face.y * scale),
            static_cast<int>(face.width * scale), static_cast<int>(face.height * scale)};
  std::sort(faces.begin(), faces.end(),
            [](const cv::Rect& a, const cv::Rect& b) { return a.area() > b.area(); });
  return faces;
}

void FinderDeleter::operator()(FaceFinder* finder) const { delete finder; }

std::unique_ptr<FaceFinder, FinderDeleter> load_face_finder() {
  std::unique_ptr<FaceFinder, FinderDeleter> finder(new FaceFinder);
  if (!finder->load()) return nullptr;
  return finder;
}

double edge_width(const cv::Mat& rgb) {
  cv::Mat grey, dx, dy, slope, high, low, ridge;
  cv::GaussianBlur(grey_of(at_most(rgb, k_edge_side)), grey, {0, 0}, 0.8);
  cv::Sobel(grey, dx, CV_32F, 1, 0, 3, 1.0 / 8);
  cv::Sobel(grey, dy, CV_32F, 0, 1, 3, 1.0 / 8);
  cv::magnitude(dx, dy, slope);
  const cv::Mat brush = cv::getStructuringElement(cv::MORPH_RECT, {13, 13});
  cv::dilate(grey, high, brush);
  cv::erode(grey, low, brush);
  cv::dilate(slope, ridge, cv::getStructuringElement(cv::MORPH_RECT, {9, 9}));
  std::vector<double> widths;
  for (int y = 8; y < grey.rows - 8; ++y)
    for (int x = 8; x < grey.cols - 8; ++x) {
      const float steep = slope.at<float>(y, x);
      const int contrast = high.at<std::uint8_t>(y, x) - low.at<std::uint8_t>(y, x);
      if (contrast < 50 || steep < ridge.at<float>(y, x)) continue;
      widths.push_back(contrast / static_cast<double>(steep));
    }
  if (widths.size() < 60) return 99;  // nothing in the picture has a clear edge
  return middle_of(widths, 0.35);
}

double screen_pattern(const cv::Mat& rgb) {
  if (std::min(rgb.cols, rgb.rows) < k_tile + 2) return 1;
  const cv::Mat grey = grey_of(rgb);
  std::vector<double> patterns;
  for (double at_y : {0.25, 0.5, 0.75})
    for (double at_x : {0.3, 0.5, 0.7}) {
      const int x =
          std::clamp(static_cast<int>(at_x * grey.cols) - k_tile / 2, 0, grey.cols - k_tile);
      const int y =
          std::clamp(static_cast<int>(at_y * grey.rows) - k_tile / 2, 0, grey.rows - k_tile);
      patterns.push_back(pattern_in(grey(cv::Rect(x, y, k_tile, k_tile))));
    }
  return middle_of(patterns, 0.5);
}

std::vector<Problem> check_picture(const cv::Mat& rgb, Paper paper,
                                   const std::optional<Outline>& outline, const Thresholds& t) {
  std::vector<Problem> out;
  // Light of the paper itself, not of the table it lies on.
  const cv::Mat subject = outline ? straighten(rgb, *outline, 600) : rgb;
  if (edge_width(rgb) > t.at("edge_width_most")) out.push_back(finding("photo_blurred"));
  check_light(subject, paper, t, out);
  check_glare(subject, t, out);
  if (screen_pattern(rgb) > t.at("screen_pattern_most")) out.push_back(finding("photo_of_screen"));
  return out;
}

std::vector<Problem> check_paper(const Outline& outline, const Thresholds& t) {
  std::vector<Problem> out;
  if (outline.cut_sides > 0) out.push_back(finding("photo_corner_cut"));
  if (outline.share < t.at("paper_share_least")) out.push_back(finding("photo_paper_small"));
  return out;
}

std::vector<Problem> check_person(const cv::Mat& rgb, const Thresholds& t, const Tools& tools) {
  std::vector<Problem> out;
  if (!tools.faces) return out;
  const std::vector<cv::Rect> faces = tools.faces->find(rgb);
  if (faces.empty()) return {finding("photo_no_face")};
  const cv::Rect& face = faces.front();
  const auto others = std::count_if(faces.begin() + 1, faces.end(), [&](const cv::Rect& other) {
    return other.area() > t.at("second_face_share") * face.area();
  });
  if (others > 0)
    out.push_back(finding("photo_many_faces", {{"count", std::to_string(others + 1)}}));
  check_face_place(rgb, face, t, out);
  check_top(rgb, face, t, out);
  const cv::Mat small = at_most(rgb, 400);
  const double scale = static_cast<double>(small.cols) / rgb.cols;
  const cv::Rect small_face =
      within(small, face.x * scale, face.y * scale, face.width * scale, face.height * scale);
  if (backdrop_share(small, small_face, t) < t.at("backdrop_share_least"))
    out.push_back(finding("photo_no_backdrop"));
  if (!tools.reader) return out;
  const Lettering letters = lettering_of(*tools.reader, rgb, face);
  if (letters.mirrored > t.at("mirrored_ratio") * letters.straight &&
      letters.mirrored > t.at("letters_least"))
    out.push_back(finding("photo_mirrored"));
  else if (letters.straight < t.at("letters_least"))
    out.push_back(finding("photo_no_lettering"));
  return out;
}

}  // namespace beian::documents
