// A page of print, asked by label. No pictures here. Private to src/documents.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "documents/text_reader.h"

namespace beian::documents {

// A page's pieces, asked by label. Reading is what costs: a piece is read when it is first asked
// for, and never twice, so what no field needs (a scope of business, a notice) is left unread.
// Labels match with one character misread where they have four or more, and at the beginning of a
// piece where they have two or three.
class PageText {
 public:
  using Read = std::function<Piece(const Piece&)>;
  // `labels`: all that such a paper has; a value ends where another one begins.
  PageText(std::vector<Piece> pieces, const std::vector<std::vector<std::string>>& labels,
           Read read);

  struct Value {
    std::string text;
    double confidence = 0;  // 0 to 100, of the least sure of the pieces it stands in
  };
  // The value that stands after any of these spellings: in the same piece, or in the next one to
  // the right; with `more_lines`, together with what stands below it up to the next label.
  std::optional<Value> value_of(const std::vector<std::string>& spellings, bool more_lines = false);
  // The piece that holds this label's value, for improve().
  std::optional<std::size_t> holder_of(const std::vector<std::string>& spellings);
  // The piece that stands right above that one: where a label could not be made out.
  std::optional<std::size_t> above_value_of(const std::vector<std::string>& spellings);
  // Reads a piece once more, better.
  void improve(std::size_t piece, const Read& read);

  std::size_t size() const { return pieces_.size(); }
  const Piece& unread(std::size_t i) const { return pieces_[i]; }  // its text may be empty yet
  const Piece& piece(std::size_t i);
  // How many labels were asked for and found letter by letter: a measure of whether this is such a
  // paper at all, and the right way up.
  int labels_found() const { return static_cast<int>(found_.size()); }

 private:
  struct Hit {
    std::size_t piece = 0, begin = 0, end = 0;  // characters of the piece's text
  };
  const std::u32string& text(std::size_t i);
  std::optional<Hit> find(const std::vector<std::string>& spellings);
  std::optional<Hit> find_among(const std::vector<std::string>& spellings, bool likely);
  std::optional<std::size_t> right_of(std::size_t i, bool with_print = true);
  std::optional<std::size_t> below(std::size_t i, int left);
  bool begins_row(std::size_t i);
  bool has_label(const std::u32string& text) const;
  std::u32string before_label(std::u32string text) const;

  std::vector<Piece> pieces_;
  std::vector<std::u32string> texts_;
  std::vector<bool> known_;
  std::size_t reads_ = 0;
  Read read_;
  std::vector<std::u32string> labels_;
  std::set<std::u32string> found_;
};

}  // namespace beian::documents
