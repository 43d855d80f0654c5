// Reads lines of print with tesseract: finds the pieces of text on a level page itself, because the
// engine's own page analysis mixes the columns of a licence, and reads each as one line. Private to
// src/documents.
#pragma once

#include <tesseract/baseapi.h>

#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace beian::documents {

struct Piece {
  cv::Rect box;           // in the page given to read_page
  std::string text;       // without blanks
  double confidence = 0;  // 0 to 100
};

class TextReader {
 public:
  // False when a language is missing.
  bool load();

  // What is written on a level page (one channel, dark on light), from top to bottom.
  std::vector<Piece> read_page(const cv::Mat& page);
  // The same line in several sizes; what most of them say.
  Piece read_well(const cv::Mat& line);
  // One line; `allowed` not empty: only these characters, with the English model.
  Piece read_line(const cv::Mat& line, const char* allowed = nullptr);

 private:
  tesseract::TessBaseAPI chinese_, latin_;
};

// The channel in which red seals and stamps fade, evened out so that paper is white everywhere.
cv::Mat ink_of(const cv::Mat& rgb);
// Boxes of text pieces on such a page, from top to bottom.
struct PieceBox {
  cv::Rect box;
  cv::Rect tail;  // the second character of a label set wide apart; empty otherwise
  cv::Rect whole() const { return tail.empty() ? box : box | tail; }
};
std::vector<PieceBox> find_pieces(const cv::Mat& page);

}  // namespace beian::documents
