// The readers of each kind of paper: from a picture to fields. Private to src/documents.
#pragma once

#include <map>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "documents/inspection.h"
#include "documents/text_reader.h"
#include "documents/vision.h"

namespace beian::documents {

// What the QR codes in a picture say, as UTF-8; at most four.
std::vector<std::string> read_codes(const cv::Mat& rgb);

struct Reading {
  std::map<std::string, std::string> fields;
  std::map<std::string, int> confidence;  // of every field, 0 to 100
};
// Straightens the paper that lies in `outline`, or the whole picture, and reads it; upside-down
// papers are turned. Bounded: what is hard to read is given up.
// `codes` help: a licence's code carries its number.
Reading read_paper(TextReader& reader, Paper paper, const cv::Mat& rgb,
                   const std::optional<Outline>& outline, const std::vector<std::string>& codes);

}  // namespace beian::documents
