#include "documents/text_reader.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "documents/inspection.h"

namespace beian::documents {
namespace {

constexpr int k_line_height = 48;          // px that a line is enlarged to where it is smaller
constexpr int k_margin = 6;                // px of paper around a piece
constexpr std::size_t k_most_pieces = 70;  // a page of noise is not read to its end
constexpr int k_gap = 30;  // px between characters of one piece, at the size of a page

bool start(tesseract::TessBaseAPI& engine, const char* language) {
  if (engine.Init(nullptr, language, tesseract::OEM_LSTM_ONLY) != 0) return false;
  engine.SetPageSegMode(tesseract::PSM_RAW_LINE);
  engine.SetVariable("debug_file", "/dev/null");
  return true;
}

// A label of two characters is often set wide apart: single characters of one row and size that
// stand within two heights of each other are one piece.
void join_spaced(std::vector<PieceBox>& pieces) {
  std::sort(pieces.begin(), pieces.end(),
            [](const PieceBox& a, const PieceBox& b) { return a.box.x < b.box.x; });
  const auto single = [](const PieceBox& one) {
    return one.tail.empty() && one.box.width < 1.5 * one.box.height;
  };
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    for (std::size_t j = i + 1; j < pieces.size() && single(pieces[i]); ++j) {
      const cv::Rect& a = pieces[i].box;
      const cv::Rect& b = pieces[j].box;
      if (b.x - (a.x + a.width) > 2 * a.height) break;
      if (!single(pieces[j]) || std::abs(a.y - b.y) > a.height / 2 || a.height > 1.7 * b.height ||
          b.height > 1.7 * a.height)
        continue;
      pieces[i].tail = b;
      pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(j));
      break;
    }
  }
}

// Without the empty paper between the two.
cv::Mat closed_up(const cv::Mat& page, const PieceBox& piece) {
  if (piece.tail.empty()) return page(piece.box);
  const int top = std::min(piece.box.y, piece.tail.y);
  const int bottom = std::max(piece.box.y + piece.box.height, piece.tail.y + piece.tail.height);
  cv::Mat joined;
  cv::hconcat(page(cv::Rect(piece.box.x, top, piece.box.width, bottom - top)),
              page(cv::Rect(piece.tail.x, top, piece.tail.width, bottom - top)), joined);
  return joined;
}

std::string without_blanks(const char* text) {
  std::string out;
  for (const char* at = text; at && *at; ++at)
    if (*at != ' ' && *at != '\n' && *at != '\t') out += *at;
  return out;
}

}  // namespace

bool TextReader::load() { return start(chinese_, "chi_sim") && start(latin_, "eng"); }

Piece TextReader::read_line(const cv::Mat& line, const char* allowed) {
  cv::Mat large = line;
  if (line.rows < k_line_height) {
    const double scale = static_cast<double>(k_line_height) / line.rows;
    cv::resize(line, large, {}, scale, scale, cv::INTER_CUBIC);
  }
  if (!large.isContinuous()) large = large.clone();
  tesseract::TessBaseAPI& engine = allowed ? latin_ : chinese_;
  if (allowed) engine.SetVariable("tessedit_char_whitelist", allowed);
  engine.SetImage(large.data, large.cols, large.rows, 1, static_cast<int>(large.step));
  Piece piece;
  const std::unique_ptr<char[]> text(engine.GetUTF8Text());
  piece.text = without_blanks(text.get());
  piece.confidence = engine.MeanTextConf();
  engine.Clear();
  return piece;
}

Piece TextReader::read_well(const cv::Mat& line) {
  std::vector<Piece> readings;
  for (double scale : {1.0, 1.5, 2.2, 0.8}) {
    cv::Mat sized;
    cv::resize(line, sized, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
    readings.push_back(read_line(sized));
  }
  const auto votes = [&](const Piece& one) {
    double sum = 0;
    for (const Piece& other : readings)
      if (other.text == one.text) sum += 100 + other.confidence;
    return sum;
  };
  return *std::max_element(readings.begin(), readings.end(),
                           [&](const Piece& a, const Piece& b) { return votes(a) < votes(b); });
}

cv::Mat ink_of(const cv::Mat& rgb) {
  cv::Mat red, paper, even;
  cv::extractChannel(rgb, red, 0);
  // What paper would look like without ink, from a coarse look at the page.
  cv::Mat coarse;
  cv::resize(red, coarse, {}, 0.25, 0.25, cv::INTER_AREA);
  cv::morphologyEx(coarse, coarse, cv::MORPH_CLOSE,
                   cv::getStructuringElement(cv::MORPH_ELLIPSE, {15, 15}));
  cv::GaussianBlur(coarse, coarse, {0, 0}, 6);
  cv::resize(coarse, paper, red.size(), 0, 0, cv::INTER_LINEAR);
  cv::divide(red, paper, even, 245);
  return even;
}

std::vector<PieceBox> find_pieces(const cv::Mat& page) {
  cv::Mat smooth, dark;
  cv::GaussianBlur(page, smooth, {0, 0}, 1.0);
  cv::adaptiveThreshold(smooth, dark, 255, cv::ADAPTIVE_THRESH_MEAN_C, cv::THRESH_BINARY_INV, 41,
                        22);
  // Frames and rules are longer than any character is.
  cv::Mat labels, stats, middles;
  const int count = cv::connectedComponentsWithStats(dark, labels, stats, middles, 8);
  cv::Mat text = cv::Mat::zeros(page.size(), CV_8U);
  for (int i = 1; i < count; ++i) {
    const int* s = stats.ptr<int>(i);
    const int width = s[cv::CC_STAT_WIDTH], height = s[cv::CC_STAT_HEIGHT];
    if (width > 110 || height > 110 || std::max(width, height) < 5) continue;
    const cv::Rect box(s[cv::CC_STAT_LEFT], s[cv::CC_STAT_TOP], width, height);
    text(box).setTo(255, labels(box) == i);
  }
  cv::dilate(text, text, cv::getStructuringElement(cv::MORPH_RECT, {k_gap, 5}));
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(text, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
  std::vector<PieceBox> pieces;
  const cv::Rect whole(0, 0, page.cols, page.rows);
  for (const auto& contour : contours) {
    cv::Rect box = cv::boundingRect(contour);
    box.x += k_gap / 2;
    box.width -= k_gap;
    if (box.height < 14 || box.height > 120 || box.width < 10) continue;
    box.x -= k_margin;
    box.width += 2 * k_margin;
    box.y -= 3;
    box.height += 6;
    pieces.push_back({box & whole, {}});
  }
  join_spaced(pieces);
  std::sort(pieces.begin(), pieces.end(),
            [](const PieceBox& a, const PieceBox& b) { return a.box.y < b.box.y; });
  return pieces;
}

std::vector<Piece> TextReader::read_page(const cv::Mat& page) {
  std::vector<Piece> pieces;
  for (const PieceBox& found : find_pieces(page)) {
    if (pieces.size() >= k_most_pieces) break;
    Piece piece = read_line(closed_up(page, found));
    piece.box = found.whole();
    if (!piece.text.empty()) pieces.push_back(std::move(piece));
  }
  return pieces;
}

void ReaderDeleter::operator()(TextReader* reader) const { delete reader; }

std::unique_ptr<TextReader, ReaderDeleter> load_reader() {
  std::unique_ptr<TextReader, ReaderDeleter> reader(new TextReader);
  if (!reader->load()) return nullptr;
  return reader;
}

}  // namespace beian::documents
