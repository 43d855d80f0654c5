// Address labels on sheets or rolls, as PDF.
#pragma once

#include <string>
#include <vector>

namespace beian::documents {

// All lengths are millimetres.
struct LabelFormat {
  double page_width = 0, page_height = 0;
  int across = 1, down = 1;
  double first_x = 0, first_y = 0;  // top left of the first label
  double width = 0, height = 0;
  double next_x = 0, next_y = 0;  // from the left (top) of one label to that of the next

  // Empty, or what is wrong: labels that overlap, or lie beyond the page.
  std::string fault() const;
};

struct Label {
  std::string recipient, phone, address;
  std::string sender;  // small below; empty: none
  std::string code;    // as bars (Code 128) and in print; ASCII, at most 40 characters
};

// The first label goes to place `start` of the first page (0: top left; then to the right, then
// down); as many pages as it takes. What does not fit is written smaller, never cut. Throws
// std::runtime_error for a faulty format, a start beyond the page, or when nothing can be drawn.
std::string draw_labels(const LabelFormat& format, const std::vector<Label>& labels, int start);

}  // namespace beian::documents
