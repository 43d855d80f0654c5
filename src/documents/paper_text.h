// From pieces of print to the fields of a paper: labels, the values beside and below them, numbers
// with check digits, dates. No pictures here. Private to src/documents.
#pragma once

#include <functional>
#include <opencv2/core/types.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "documents/text_reader.h"

namespace beian::documents {

// A page's pieces, asked by label. Labels match with one character misread where they have four or
// more, and at the beginning of a piece where they have two or three.
class PageText {
 public:
  PageText(std::vector<Piece> pieces, std::vector<std::vector<std::string>> labels);

  // The value that stands after any of these spellings: in the same piece, or in the next one to
  // the right; with `more_lines`, together with what stands below it up to the next label.
  std::optional<std::string> value_of(const std::vector<std::string>& spellings,
                                      bool more_lines = false) const;
  // Reads the piece that holds this label's value once more, better.
  void read_again(const std::vector<std::string>& spellings,
                  const std::function<std::string(const cv::Rect&)>& read);
  const Piece* piece_with(const std::vector<std::string>& spellings) const;
  const std::vector<Piece>& pieces() const { return pieces_; }
  // How many of the labels are on the page: a measure of whether this is such a paper at all.
  int labels_found() const;

 private:
  struct Hit {
    std::size_t piece = 0, begin = 0, end = 0;  // characters of the piece's text
  };
  std::optional<Hit> find(const std::vector<std::string>& spellings) const;
  const Piece* right_of(const Piece& piece) const;
  bool begins_row(const Piece& piece) const;
  bool has_label(const std::u32string& text) const;
  std::u32string before_label(std::u32string text) const;

  std::vector<Piece> pieces_;
  std::vector<std::u32string> texts_;
  std::vector<std::vector<std::u32string>> labels_;
};

// GB 11643 and GB 32100 check digits (filing/identity.h says the rest of what must be right).
bool is_citizen_id(std::string_view number);
bool is_credit_code(std::string_view code);
// The number somewhere in a line of print, characters that look alike put right where that makes
// exactly one number whose check digit agrees.
std::optional<std::string> find_citizen_id(std::string_view line);
std::optional<std::string> find_credit_code(std::string_view line);
// "YYYY-MM-DD" of each date in a line, in order; "long" for 长期.
std::vector<std::string> find_dates(std::string_view line);
// Without stray marks at either end; brackets as certificates have them.
std::string tidy(std::string_view value);
// Only the Han characters and the middle dot that names have.
std::string only_name(std::string_view value);
// Letters and digits of a line.
std::string only_latin(std::string_view line);

}  // namespace beian::documents
