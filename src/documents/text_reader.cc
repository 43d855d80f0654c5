#include "documents/text_reader.h"

#include <algorithm>
#include <map>
#include <opencv2/imgproc.hpp>

#include "base/text.h"
#include "documents/inspection.h"

namespace beian::documents {
namespace {

constexpr int k_line_height = 48;  // px that a line is enlarged to where it is smaller
constexpr int k_margin = 6;        // px of paper around a piece
constexpr int k_gap = 30;          // px between characters of one piece, at the size of a page
constexpr double k_long_line = 7;  // characters; beyond them two equal readings are enough

bool start(tesseract::TessBaseAPI& engine, const char* language) {
  if (engine.Init(nullptr, language, tesseract::OEM_LSTM_ONLY) != 0) return false;
  engine.SetPageSegMode(tesseract::PSM_RAW_LINE);
  engine.SetVariable("debug_file", "/dev/null");
  return true;
}

// A label of two characters is often set wide apart: single characters of one row and size that
// stand within two heights of each other are one piece.
void join_spaced(std::vector<Piece>& pieces) {
  std::sort(pieces.begin(), pieces.end(),
            [](const Piece& a, const Piece& b) { return a.box.x < b.box.x; });
  const auto single = [](const Piece& one) {
    return one.parts.size() == 1 && one.box.width < 1.5 * one.box.height;
  };
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    for (std::size_t j = i + 1; j < pieces.size() && single(pieces[i]); ++j) {
      const cv::Rect& a = pieces[i].box;
      const cv::Rect& b = pieces[j].box;
      if (b.x - (a.x + a.width) > 2 * a.height) break;
      if (!single(pieces[j]) || std::abs(a.y - b.y) > a.height / 2 || a.height > 1.7 * b.height ||
          b.height > 1.7 * a.height)
        continue;
      pieces[i].parts.push_back(b);
      pieces[i].box |= b;
      pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(j));
      break;
    }
  }
}

// What is read of a piece, with so much more of the page above and below it.
cv::Mat closed_up(const cv::Mat& page, const Piece& piece, int more = 0) {
  const int top = std::max(0, piece.box.y - more);
  const int bottom = std::min(page.rows, piece.box.y + piece.box.height + more);
  std::vector<cv::Mat> parts;
  for (const cv::Rect& part : piece.parts)
    parts.push_back(page(cv::Rect(part.x, top, part.width, bottom - top)));
  if (parts.size() == 1) return parts.front();
  cv::Mat joined;
  cv::hconcat(parts, joined);
  return joined;
}

cv::Mat sized(const cv::Mat& line, double across, double down) {
  cv::Mat out;
  cv::resize(line, out, {}, across, down, cv::INTER_CUBIC);
  return out;
}

cv::Mat bolder(const cv::Mat& line) {
  cv::Mat out = sized(line, 3, 3);
  cv::erode(out, out, cv::getStructuringElement(cv::MORPH_ELLIPSE, {3, 3}));
  return out;
}

double weight_of(const Piece& reading) { return 20 + reading.confidence; }

template <typename T>
T heaviest(const std::map<T, double>& weights) {
  return std::max_element(weights.begin(), weights.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

// Each character as most readings of the likeliest length have it.
Piece vote(const std::vector<Piece>& readings) {
  std::vector<std::vector<char32_t>> texts;
  std::map<std::size_t, double> lengths;
  double all = 0;
  for (const Piece& one : readings) {
    texts.push_back(is_utf8(one.text) ? to_code_points(one.text) : std::vector<char32_t>{});
    lengths[texts.back().size()] += weight_of(one);
    all += weight_of(one);
  }
  const std::size_t length = heaviest(lengths);
  std::vector<char32_t> text;
  double least = 1;  // of all votes, those for the character that fewest agree on
  for (std::size_t i = 0; i < length; ++i) {
    std::map<char32_t, double> votes;
    for (std::size_t k = 0; k < readings.size(); ++k)
      if (texts[k].size() == length) votes[texts[k][i]] += weight_of(readings[k]);
    text.push_back(heaviest(votes));
    least = std::min(least, votes[text.back()] / all);
  }
  Piece out = readings.front();
  out.text = from_code_points(text);
  double sum = 0;
  for (const Piece& one : readings) sum += one.confidence;
  out.confidence = least * sum / static_cast<double>(readings.size());
  return out;
}

std::string without_blanks(const char* text) {
  std::string out;
  for (const char* at = text; at && *at; ++at)
    if (*at != ' ' && *at != '\n' && *at != '\t') out += *at;
  return out;
}

}  // namespace

double Piece::aspect() const {
  int width = 0;
  for (const cv::Rect& part : parts) width += part.width;
  return width / std::max(1.0, static_cast<double>(box.height));
}

bool TextReader::load() { return start(chinese_, "chi_sim") && start(latin_, "eng"); }

Piece TextReader::read_line(const cv::Mat& line, const char* allowed) {
  const double columns = static_cast<double>(line.cols) * k_line_height / std::max(1, line.rows);
  if (columns > left_) {
    left_ = 0;  // a shorter line after a long one is none the more worth reading
    return {};
  }
  left_ -= columns;
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

Piece TextReader::read_piece(const cv::Mat& page, Piece piece) {
  Piece read = read_line(closed_up(page, piece));
  piece.text = std::move(read.text);
  piece.confidence = read.confidence;
  return piece;
}

void TextReader::read_variously(const cv::Mat& page, const Piece& piece,
                                const std::function<bool(const Piece&)>& enough) {
  const cv::Mat line = closed_up(page, piece);
  const std::function<cv::Mat()> ways[] = {
      [&] { return closed_up(page, piece, 2); },
      [&] { return closed_up(page, piece, 4); },
      [&] { return sized(line, 1.84, 2); },
      [&] { return bolder(line); },
  };
  for (const auto& way : ways)
    if (enough(read_line(way()))) return;
}

Piece TextReader::read_well(const cv::Mat& page, Piece piece) {
  std::vector<Piece> readings = {piece};
  read_variously(page, piece, [&](const Piece& reading) {
    readings.push_back(reading);
    return readings.size() == 2 && reading.text == piece.text && piece.aspect() > k_long_line;
  });
  Piece best = vote(readings);
  piece.text = std::move(best.text);
  piece.confidence = best.confidence;
  return piece;
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

std::vector<Piece> find_pieces(const cv::Mat& page) {
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
  std::vector<Piece> pieces;
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
    box &= whole;
    pieces.push_back({box, {box}, "", 0});
  }
  join_spaced(pieces);
  std::sort(pieces.begin(), pieces.end(),
            [](const Piece& a, const Piece& b) { return a.box.y < b.box.y; });
  return pieces;
}

void ReaderDeleter::operator()(TextReader* reader) const { delete reader; }

std::unique_ptr<TextReader, ReaderDeleter> load_reader() {
  std::unique_ptr<TextReader, ReaderDeleter> reader(new TextReader);
  if (!reader->load()) return nullptr;
  return reader;
}

}  // namespace beian::documents
