// What makes a photograph unfit, measured. Each finding is a soft problem whose words say how to
// take the picture again. Private to src/documents.
#pragma once

#include <opencv2/core.hpp>
#include <opencv2/objdetect.hpp>
#include <vector>

#include "documents/inspection.h"
#include "documents/vision.h"

namespace beian::documents {

class FaceFinder {
 public:
  bool load();
  // In the picture's own coordinates, the largest first.
  std::vector<cv::Rect> find(const cv::Mat& rgb);

 private:
  cv::CascadeClassifier cascade_;
};

// How many pixels a strong edge takes to go from dark to light, in a picture of 1000 px: about 2
// where it is sharp. Noise does not shorten it.
double edge_width(const cv::Mat& rgb);
// How far a regular fine pattern stands out, as a photographed screen shows; about 1 without.
double screen_pattern(const cv::Mat& rgb);

// Of any picture: sharpness, light, glare, a screen. `outline`: where the paper lies, if one does.
std::vector<Problem> check_picture(const cv::Mat& rgb, Paper paper,
                                   const std::optional<Outline>& outline,
                                   const Thresholds& thresholds);
// Of a paper: all four corners there, large enough.
std::vector<Problem> check_paper(const Outline& outline, const Thresholds& thresholds);
// Of a person before the backdrop. Without `faces` only what needs no face; without `reader` the
// lettering is not looked at.
std::vector<Problem> check_person(const cv::Mat& rgb, const Thresholds& thresholds,
                                  const Tools& tools);

}  // namespace beian::documents
