// A sheet to draw on with Cairo and Pango, for samples. Private to src/documents.
#pragma once

#include <cairo.h>

#include <string>

#include "documents/image.h"

namespace beian::documents {

struct Colour {
  double red, green, blue;
};

struct TextStyle {
  double size = 24;  // px
  Colour colour{0.1, 0.1, 0.12};
  bool bold = false;
  double width = 0;      // px; 0: one line, otherwise wrapped
  bool centred = false;  // about x, or within width
};

// Coordinates are pixels from the top left.
// Whichever is installed; the language makes shared code points take their mainland forms.
inline constexpr const char* k_font_families =
    "Noto Sans CJK SC, Droid Sans Fallback, WenQuanYi Micro Hei, Sans";

class Canvas {
 public:
  explicit Canvas(const Image& ground);
  Canvas(int width, int height, Colour ground);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  // The top left of the text (or the top centre, when centred) comes to (x, y).
  void text(double x, double y, const std::string& text, const TextStyle& style);
  void box(double x, double y, double width, double height, Colour colour, double line = 0);
  void ellipse(double x, double y, double half_width, double half_height, Colour colour);
  void line(double x1, double y1, double x2, double y2, Colour colour, double width);
  // Large pale slanted words over everything drawn so far.
  void stamp(const std::string& text);

  // The same words small and pale, slanted, over the whole sheet.
  void repeat(const std::string& text);

  cairo_t* cairo() { return cairo_; }
  int width() const { return width_; }
  int height() const { return height_; }
  Image image() const;

 private:
  int width_, height_;
  cairo_surface_t* surface_;
  cairo_t* cairo_;
};

}  // namespace beian::documents
