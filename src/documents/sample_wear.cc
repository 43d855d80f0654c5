#include <opencv2/imgproc.hpp>

#include "documents/sample_drawing.h"
#include "documents/vision.h"

namespace beian::documents {
namespace {

constexpr int k_width = 1600, k_height = 1200;  // of a picture of a paper on a table

// Wood or cloth, plainly another colour than paper.
cv::Mat plain_ground(Dice& dice) {
  const cv::Scalar colours[] = {{120, 84, 52}, {70, 74, 82}, {60, 92, 70}, {150, 120, 88}};
  cv::Mat picture(k_height, k_width, CV_8UC3, colours[dice.below(4)]);
  cv::Mat grain(k_height / 8, k_width / 40, CV_8UC3), wide;
  cv::randu(grain, 0, 26);
  cv::resize(grain, wide, picture.size(), 0, 0, cv::INTER_CUBIC);
  return picture + wide;
}

// Boards of several shades with dark joints and long grain.
cv::Mat planks(Dice& dice) {
  cv::Mat picture(k_height, k_width, CV_8UC3);
  for (int top = 0; top < k_height;) {
    const int height = 130 + dice.below(120);
    const double shade = dice.between(0.7, 1.15);
    const cv::Rect board(0, top, k_width, std::min(height, k_height - top));
    picture(board).setTo(cv::Scalar(158 * shade, 116 * shade, 74 * shade));
    cv::line(picture, {0, top}, {k_width, top}, {52, 36, 22}, 5);
    top += height;
  }
  cv::Mat grain(k_height / 3, k_width / 80, CV_8UC3), wide;
  cv::randu(grain, 0, 40);
  cv::resize(grain, wide, picture.size(), 0, 0, cv::INTER_CUBIC);
  return picture + wide;
}

// A tablecloth with checks, some of them nearly as light as paper.
cv::Mat cloth(Dice& dice) {
  const int side = 60 + dice.below(80);
  const cv::Scalar colour(90 + dice.below(60), 60 + dice.below(60), 60 + dice.below(60));
  cv::Mat picture(k_height, k_width, CV_8UC3, cv::Scalar(176, 168, 158));
  for (int y = 0; y < k_height; y += side)
    for (int x = y / side % 2 * side; x < k_width; x += 2 * side)
      cv::rectangle(picture, cv::Rect(x, y, side, side), colour, cv::FILLED);
  return picture;
}

cv::Mat ground(Wear::Table table, Dice& dice) {
  switch (table) {
    case Wear::Table::dark: {
      cv::Mat picture(k_height, k_width, CV_8UC3, cv::Scalar(22, 22, 25)),
          grain(picture.size(), CV_8UC3);
      cv::randu(grain, 0, 10);
      return picture + grain;
    }
    case Wear::Table::planks:
      return planks(dice);
    case Wear::Table::cloth:
      return cloth(dice);
    case Wear::Table::plain:
      break;
  }
  return plain_ground(dice);
}

cv::Mat lay_down(const cv::Mat& paper, const Wear& how, Dice& dice) {
  const bool full = how.on_ground == 0;
  cv::Mat picture =
      full ? cv::Mat(paper.size(), CV_8UC3, cv::Scalar(252, 252, 250)) : ground(how.table, dice);
  const double width = full ? paper.cols : how.on_ground * k_width;
  const double height = width * paper.rows / paper.cols;
  const cv::Point2d middle(picture.cols * (0.5 + how.shift_x), picture.rows * (0.5 + how.shift_y));
  const double lean = how.lean * CV_PI / 180;
  cv::Point2f from[4], to[4];
  for (int i = 0; i < 4; ++i) {
    const double u = i == 1 || i == 2 ? 1 : 0, v = i >= 2 ? 1 : 0;
    from[i] = {static_cast<float>(u * paper.cols), static_cast<float>(v * paper.rows)};
    const double x = (u - 0.5 + dice.between(-1, 1) * how.perspective) * width;
    const double y = (v - 0.5 + dice.between(-1, 1) * how.perspective) * height;
    to[i] = {static_cast<float>(middle.x + x * std::cos(lean) - y * std::sin(lean)),
             static_cast<float>(middle.y + x * std::sin(lean) + y * std::cos(lean))};
  }
  cv::warpPerspective(paper, picture, cv::getPerspectiveTransform(from, to), picture.size(),
                      cv::INTER_AREA, cv::BORDER_TRANSPARENT);
  // A thumb on the left or the right edge, a little way into the paper's margin.
  if (how.finger) {
    const bool right = dice.chance(0.5);
    const cv::Point2f at = (to[right ? 1 : 0] + to[right ? 2 : 3]) * 0.5f;
    const double size = width * dice.between(0.045, 0.06);
    cv::ellipse(
        picture,
        cv::Point(static_cast<int>(at.x + (right ? 1 : -1) * size * 1.6), static_cast<int>(at.y)),
        {static_cast<int>(size * 2.2), static_cast<int>(size)}, 0, 0, 360, {214, 168, 140},
        cv::FILLED, cv::LINE_AA);
  }
  return picture;
}

// A photographed screen: its grid against the camera's.
void add_screen(cv::Mat& picture, Dice& dice) {
  const double pitch = dice.between(2.6, 4.6), lean = dice.between(0.05, 0.3);
  const double strength = dice.between(0.10, 0.22);
  for (int y = 0; y < picture.rows; ++y)
    for (int x = 0; x < picture.cols; ++x) {
      const double u = (x * std::cos(lean) + y * std::sin(lean)) / pitch;
      const double v = (y * std::cos(lean) - x * std::sin(lean)) / pitch;
      const double dim = 1 - strength * (2 + std::cos(2 * CV_PI * u) + std::cos(2 * CV_PI * v)) / 2;
      cv::Vec3b& p = picture.at<cv::Vec3b>(y, x);
      for (int c = 0; c < 3; ++c) p[c] = cv::saturate_cast<std::uint8_t>(p[c] * dim);
    }
}

void add_glare(cv::Mat& picture, int spots, Dice& dice) {
  cv::Mat light = cv::Mat::zeros(picture.size(), CV_32F);
  for (int i = 0; i < spots; ++i) {
    const cv::Point at(static_cast<int>(picture.cols * dice.between(0.33, 0.67)),
                       static_cast<int>(picture.rows * dice.between(0.35, 0.65)));
    const int size = static_cast<int>(picture.cols * dice.between(0.06, 0.10));
    cv::ellipse(light, at, {size, static_cast<int>(size * dice.between(0.6, 1.2))},
                dice.between(0, 180), 0, 360, cv::Scalar(320), cv::FILLED);
  }
  cv::GaussianBlur(light, light, {0, 0}, picture.cols / 90.0);
  cv::Mat channels[3], merged;
  for (cv::Mat& channel : channels) channel = light;
  cv::merge(channels, 3, merged);
  cv::Mat bright;
  picture.convertTo(bright, CV_32FC3);
  bright += merged;
  bright.convertTo(picture, CV_8UC3);
}

void add_shade(cv::Mat& picture, double shade, double light) {
  cv::Mat row(1, picture.cols, CV_32FC3), all, bright;
  for (int x = 0; x < picture.cols; ++x) {
    const float f = static_cast<float>(light * (1 - shade * x / picture.cols));
    row.at<cv::Vec3f>(0, x) = {f, f, f};
  }
  cv::repeat(row, picture.rows, 1, all);
  picture.convertTo(bright, CV_32FC3);
  cv::multiply(bright, all, bright);
  bright.convertTo(picture, CV_8UC3);
}

// A hand's shadow with a soft rim, over one corner and its edges.
void add_shadow(cv::Mat& picture, Dice& dice) {
  cv::Mat light(picture.size(), CV_32FC3, cv::Scalar::all(1));
  const double x = dice.chance(0.5) ? 0 : picture.cols, y = dice.chance(0.5) ? 0 : picture.rows;
  const cv::Size reach(static_cast<int>(picture.cols * dice.between(0.35, 0.5)),
                       static_cast<int>(picture.rows * dice.between(0.4, 0.6)));
  cv::ellipse(light, cv::Point(static_cast<int>(x), static_cast<int>(y)), reach, 0, 0, 360,
              cv::Scalar::all(dice.between(0.6, 0.75)), cv::FILLED);
  cv::GaussianBlur(light, light, {0, 0}, picture.cols / 60.0);
  cv::Mat bright;
  picture.convertTo(bright, CV_32FC3);
  cv::multiply(bright, light, bright);
  bright.convertTo(picture, CV_8UC3);
}

}  // namespace

Wear light_wear(Dice& dice) {
  Wear how;
  how.blur = dice.between(0, 0.7);
  how.noise = dice.between(0, 5);
  how.shade = dice.between(0, 0.2);
  how.quality = 70 + dice.below(25);
  return how;
}

std::string wear(const Image& image, const Wear& how, Dice& dice) {
  cv::theRNG().state = dice.engine()();
  const bool moved = how.on_ground > 0 || how.lean != 0 || how.perspective > 0;
  cv::Mat picture = moved ? lay_down(view_of(image), how, dice) : view_of(image).clone();
  if (how.blur > 0.05) cv::GaussianBlur(picture, picture, {0, 0}, how.blur * picture.cols / 1000.0);
  if (how.shade > 0 || how.light != 1) add_shade(picture, how.shade, how.light);
  if (how.shadow) add_shadow(picture, dice);
  if (how.glare > 0) add_glare(picture, how.glare, dice);
  if (how.screen) add_screen(picture, dice);
  if (how.noise > 0) {
    cv::Mat noise(picture.size(), CV_16SC3), noisy;
    cv::randn(noise, 0, how.noise);
    picture.convertTo(noisy, CV_16SC3);
    noisy += noise;
    noisy.convertTo(picture, CV_8UC3);
  }
  return encode_jpeg(to_image(picture), {.quality = how.quality});
}

}  // namespace beian::documents
