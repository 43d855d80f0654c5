// Reads lines of print with tesseract: finds the pieces of text on a level page itself, because the
// engine's own page analysis mixes the columns of a licence, and reads each as one line. Private to
// src/documents.
#pragma once

#include <tesseract/baseapi.h>

#include <functional>
#include <limits>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace beian::documents {

// A piece of print: one line, or a label whose two characters are set wide apart.
struct Piece {
  cv::Rect box;                 // in the page it was found on
  std::vector<cv::Rect> parts;  // what is read, without the empty paper between two parts
  std::string text;             // without blanks
  double confidence = 0;        // 0 to 100

  // How many characters as wide as high it would hold.
  double aspect() const;
};

class TextReader {
 public:
  // False when a language is missing.
  bool load();

  // From now on so much may be read, then every line is empty: what bounds the time that a page
  // takes, whatever is on it. In columns of pixels of lines 48 px high, each of which costs about
  // 0.07 ms of processor time. Without a call nothing bounds it.
  void allow(double columns) { left_ = columns; }
  double left() const { return left_; }

  // Fills in text and confidence of a piece of this page (one channel, dark on light).
  Piece read_piece(const cv::Mat& page, Piece piece);
  // The piece read in ways in which the engine errs differently, until `enough` says so.
  void read_variously(const cv::Mat& page, const Piece& piece,
                      const std::function<bool(const Piece&)>& enough);
  // A piece that was read once, read again in those ways; each character as most of them
  // have it. The confidence tells how far they agree.
  Piece read_well(const cv::Mat& page, Piece piece);
  // One line; `allowed` not empty: only these characters, with the English model.
  Piece read_line(const cv::Mat& line, const char* allowed = nullptr);

 private:
  tesseract::TessBaseAPI chinese_, latin_;
  double left_ = std::numeric_limits<double>::infinity();
};

// The channel in which red seals and stamps fade, evened out so that paper is white everywhere.
cv::Mat ink_of(const cv::Mat& rgb);
// The pieces of print on such a page, from top to bottom, unread.
std::vector<Piece> find_pieces(const cv::Mat& page);

}  // namespace beian::documents
