#include "documents/page_text.h"

#include <algorithm>

#include "documents/paper_text.h"

namespace beian::documents {
namespace {

constexpr std::size_t k_most_reads = 70;  // a page of noise is not read to its end

// Where `label` begins in `text`.
std::optional<std::size_t> label_in(const std::u32string& text, const std::u32string& label) {
  if (const auto at = text.find(label); at != std::u32string::npos) return at;
  const std::size_t n = label.size();
  const std::size_t places = n >= 4 && text.size() >= n ? text.size() - n + 1 : text.size() >= n;
  for (std::size_t at = 0; at < places; ++at) {
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < n; ++i) wrong += text[at + i] != label[i];
    if (wrong <= 1) return at;
  }
  return std::nullopt;
}

bool same_row(const cv::Rect& a, const cv::Rect& b) {
  const int overlap = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  return overlap > 0.5 * std::min(a.height, b.height);
}

}  // namespace

PageText::PageText(std::vector<Piece> pieces, const std::vector<std::vector<std::string>>& labels,
                   Read read)
    : pieces_(std::move(pieces)),
      texts_(pieces_.size()),
      known_(pieces_.size(), false),
      read_(std::move(read)) {
  for (const auto& spellings : labels)
    for (const std::string& spelling : spellings) labels_.push_back(plain_print(spelling));
}

const std::u32string& PageText::text(std::size_t i) {
  if (!known_[i] && reads_ < k_most_reads) {
    ++reads_;
    known_[i] = true;
    pieces_[i] = read_(pieces_[i]);
    texts_[i] = plain_print(pieces_[i].text);
  }
  return texts_[i];
}

const Piece& PageText::piece(std::size_t i) {
  text(i);
  return pieces_[i];
}

void PageText::improve(std::size_t i, const Read& read) {
  pieces_[i] = read(piece(i));
  texts_[i] = plain_print(pieces_[i].text);
}

// `likely`: only in what has been read anyway and in what is about as long as the label.
std::optional<PageText::Hit> PageText::find_among(const std::vector<std::string>& spellings,
                                                  bool likely) {
  for (const std::string& spelling : spellings) {
    const std::u32string label = plain_print(spelling);
    const double n = static_cast<double>(label.size());
    std::optional<Hit> near;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      const double aspect = pieces_[i].aspect();
      if (likely && !known_[i] && (aspect < 0.75 * n - 0.4 || aspect > 1.15 * n + 0.6)) continue;
      if (const auto at = text(i).find(label); at != std::u32string::npos) {
        found_.insert(label);
        return Hit{i, at, at + label.size()};
      }
      if (near) continue;
      if (const auto at = label_in(text(i), label)) near = Hit{i, *at, *at + label.size()};
    }
    if (near) return near;
  }
  return std::nullopt;
}

std::optional<PageText::Hit> PageText::find(const std::vector<std::string>& spellings) {
  const auto hit = find_among(spellings, true);
  return hit ? hit : find_among(spellings, false);
}

std::optional<std::size_t> PageText::right_of(std::size_t i, bool with_print) {
  const cv::Rect from = pieces_[i].box;
  std::vector<std::size_t> beside;
  for (std::size_t k = 0; k < pieces_.size(); ++k)
    if (k != i && same_row(from, pieces_[k].box) && pieces_[k].box.x >= from.x + from.width / 2)
      beside.push_back(k);
  std::sort(beside.begin(), beside.end(),
            [&](std::size_t a, std::size_t b) { return pieces_[a].box.x < pieces_[b].box.x; });
  for (std::size_t k : beside)
    if (!with_print || !text(k).empty()) return k;
  return std::nullopt;
}

bool PageText::has_label(const std::u32string& text) const {
  return std::any_of(labels_.begin(), labels_.end(),
                     [&](const std::u32string& label) { return text.starts_with(label); });
}

// A value ends where the next column's label begins.
std::u32string PageText::before_label(std::u32string text) const {
  for (const std::u32string& label : labels_)
    if (const auto at = text.find(label); at != std::u32string::npos && label.size() >= 3)
      text.resize(at);
  return text;
}

// Another label stands before it: its value, not the rest of ours.
bool PageText::begins_row(std::size_t i) {
  const cv::Rect& box = pieces_[i].box;
  for (std::size_t k = 0; k < pieces_.size(); ++k) {
    const cv::Rect& other = pieces_[k].box;
    const int gap = box.x - (other.x + other.width);
    if (k != i && same_row(other, box) && gap > -10 && gap < 5 * box.height && has_label(text(k)))
      return true;
  }
  return false;
}

// The next line of a value whose lines begin at `left`.
std::optional<std::size_t> PageText::below(std::size_t i, int left) {
  const cv::Rect from = pieces_[i].box;
  std::optional<std::size_t> next;
  for (std::size_t k = 0; k < pieces_.size(); ++k) {
    const cv::Rect& box = pieces_[k].box;
    const int down = box.y - from.y;
    if (down < from.height * 0.5 || down > from.height * 1.7) continue;
    if (std::abs(box.x - left) > 1.6 * from.height) continue;
    if ((!next || box.y < pieces_[*next].box.y) && !text(k).empty()) next = k;
  }
  return next;
}

std::optional<std::size_t> PageText::holder_of(const std::vector<std::string>& spellings) {
  const auto hit = find(spellings);
  if (!hit) return std::nullopt;
  return hit->end < texts_[hit->piece].size() ? hit->piece : right_of(hit->piece);
}

std::optional<std::size_t> PageText::above_value_of(const std::vector<std::string>& spellings) {
  const auto hit = find(spellings);
  if (!hit) return std::nullopt;
  std::size_t holder = hit->piece;
  if (hit->end >= texts_[holder].size()) holder = right_of(holder, false).value_or(holder);
  const cv::Rect& box = pieces_[holder].box;
  std::optional<std::size_t> best;
  for (std::size_t k = 0; k < pieces_.size(); ++k) {
    const cv::Rect& other = pieces_[k].box;
    const int up = box.y - other.y;
    if (up < box.height || up > 4 * box.height || std::abs(other.x - box.x) > 1.6 * box.height)
      continue;
    if (!best || other.y > pieces_[*best].box.y) best = k;
  }
  return best;
}

std::optional<PageText::Value> PageText::value_of(const std::vector<std::string>& spellings,
                                                  bool more_lines) {
  const auto hit = find(spellings);
  if (!hit) return std::nullopt;
  std::size_t last = hit->piece;
  const double length = static_cast<double>(texts_[last].size());
  std::u32string value = texts_[last].substr(hit->end);
  double confidence = pieces_[last].confidence;
  int left = pieces_[last].box.x + static_cast<int>(pieces_[last].box.width *
                                                    (static_cast<double>(hit->end) + 0.4) / length);
  if (value.empty()) {
    const auto beside = right_of(last);
    if (!beside) return std::nullopt;
    last = *beside;
    left = pieces_[last].box.x;
    value = texts_[last];
    confidence = pieces_[last].confidence;
  }
  value = before_label(value);
  for (int lines = 0; more_lines && lines < 4; ++lines) {
    const auto next = below(last, left);
    if (!next || has_label(texts_[*next]) || begins_row(*next)) break;
    value += before_label(texts_[*next]);
    confidence = std::min(confidence, pieces_[*next].confidence);
    last = *next;
  }
  Value out{tidy(to_utf8(value)), confidence};
  if (out.text.empty()) return std::nullopt;
  return out;
}

}  // namespace beian::documents
