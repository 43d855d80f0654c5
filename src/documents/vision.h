// Pictures as OpenCV sees them, and what the papers' reader and the photo checks both need. Private
// to src/documents.
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "documents/image.h"

namespace beian::documents {

// Shares the pixels of `image`, which must outlive it. RGB, not BGR.
cv::Mat view_of(const Image& image);
Image to_image(const cv::Mat& rgb);

// Shrinks to this long side; never enlarges.
cv::Mat at_most(const cv::Mat& picture, int long_side);

// Where a paper lies in a picture, when it stands out from what it lies on.
struct Outline {
  std::array<cv::Point2f, 4> corners;  // top left, top right, bottom right, bottom left
  double share = 0;                    // of the picture's area
  int cut_sides = 0;  // of the picture's four sides, those beyond which the paper goes on
};
// Nothing when the paper fills the picture (a scan) or cannot be told from the ground.
std::optional<Outline> find_outline(const cv::Mat& rgb);

// The paper seen from straight above, `width` pixels wide (or high, when it stands upright).
cv::Mat straighten(const cv::Mat& rgb, const Outline& outline, int width);
// Turned so that lines of text lie level, for a scan that lies slightly askew.
cv::Mat level(const cv::Mat& rgb);

}  // namespace beian::documents
