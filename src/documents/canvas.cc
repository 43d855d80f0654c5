#include "documents/canvas.h"

#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#if defined(__SANITIZE_ADDRESS__)
// Fontconfig keeps its caches until the process ends, and Cairo 1.16 two small arrays of each PDF;
// the leak checker need not list them.
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\nleak:libcairo"; }
#endif

namespace beian::documents {
namespace {

constexpr double k_pi = 3.14159265358979323846;

PangoLayout* make_layout(cairo_t* cairo, const std::string& text, const TextStyle& style) {
  PangoLayout* layout = pango_cairo_create_layout(cairo);
  pango_context_set_language(pango_layout_get_context(layout), pango_language_from_string("zh-cn"));
  PangoFontDescription* font = pango_font_description_from_string(k_font_families);
  pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
  if (style.bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
  if (style.width > 0) {
    pango_layout_set_width(layout, static_cast<int>(style.width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    if (style.centred) pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
  }
  return layout;
}

}  // namespace

Canvas::Canvas(int width, int height, Colour ground)
    : width_(width),
      height_(height),
      surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)),
      cairo_(cairo_create(surface_)) {
  box(0, 0, width, height, ground);
}

Canvas::Canvas(const Image& ground) : Canvas(ground.width, ground.height, {1, 1, 1}) {
  cairo_surface_flush(surface_);
  unsigned char* pixels = cairo_image_surface_get_data(surface_);
  const int stride = cairo_image_surface_get_stride(surface_);
  const std::uint8_t* from = ground.rgb.data();
  for (int y = 0; y < height_; ++y) {
    for (int x = 0; x < width_; ++x, from += 3) {
      const std::uint32_t pixel =
          std::uint32_t{from[0]} << 16 | std::uint32_t{from[1]} << 8 | from[2];
      std::memcpy(pixels + std::ptrdiff_t{y} * stride + std::ptrdiff_t{4} * x, &pixel, 4);
    }
  }
  cairo_surface_mark_dirty(surface_);
}

Canvas::~Canvas() {
  cairo_destroy(cairo_);
  cairo_surface_destroy(surface_);
}

void Canvas::text(double x, double y, const std::string& text, const TextStyle& style) {
  PangoLayout* layout = make_layout(cairo_, text, style);
  if (style.centred && style.width == 0) {
    int width = 0;
    pango_layout_get_pixel_size(layout, &width, nullptr);
    x -= width / 2.0;
  }
  cairo_set_source_rgb(cairo_, style.colour.red, style.colour.green, style.colour.blue);
  cairo_move_to(cairo_, x, y);
  pango_cairo_show_layout(cairo_, layout);
  g_object_unref(layout);
}

void Canvas::box(double x, double y, double width, double height, Colour colour, double line) {
  cairo_set_source_rgb(cairo_, colour.red, colour.green, colour.blue);
  cairo_rectangle(cairo_, x, y, width, height);
  if (line > 0) {
    cairo_set_line_width(cairo_, line);
    cairo_stroke(cairo_);
  } else {
    cairo_fill(cairo_);
  }
}

void Canvas::ellipse(double x, double y, double half_width, double half_height, Colour colour) {
  cairo_save(cairo_);
  cairo_translate(cairo_, x, y);
  cairo_scale(cairo_, half_width, half_height);
  cairo_arc(cairo_, 0, 0, 1, 0, 2 * k_pi);
  cairo_restore(cairo_);
  cairo_set_source_rgb(cairo_, colour.red, colour.green, colour.blue);
  cairo_fill(cairo_);
}

void Canvas::line(double x1, double y1, double x2, double y2, Colour colour, double width) {
  cairo_set_source_rgb(cairo_, colour.red, colour.green, colour.blue);
  cairo_set_line_width(cairo_, width);
  cairo_move_to(cairo_, x1, y1);
  cairo_line_to(cairo_, x2, y2);
  cairo_stroke(cairo_);
}

void Canvas::stamp(const std::string& text) {
  const double size = std::min(width_, height_) / 4.5;
  TextStyle style;
  style.size = size;
  style.bold = true;
  PangoLayout* layout = make_layout(cairo_, text, style);
  int text_width = 0, text_height = 0;
  pango_layout_get_pixel_size(layout, &text_width, &text_height);
  cairo_save(cairo_);
  cairo_translate(cairo_, width_ / 2.0, height_ / 2.0);
  cairo_rotate(cairo_, -k_pi / 7);
  cairo_set_source_rgba(cairo_, 0.75, 0.1, 0.1, 0.2);
  for (int i = -1; i <= 1; ++i) {
    cairo_move_to(cairo_, (i * 1.5 - 0.5) * text_width, -text_height / 2.0);
    pango_cairo_show_layout(cairo_, layout);
  }
  cairo_restore(cairo_);
  g_object_unref(layout);
}

void Canvas::repeat(const std::string& text) {
  TextStyle style;
  style.size = std::max(width_, height_) / 32.0;
  style.bold = true;
  PangoLayout* layout = make_layout(cairo_, text, style);
  int text_width = 0, text_height = 0;
  pango_layout_get_pixel_size(layout, &text_width, &text_height);
  const double step_x = text_width * 1.5, step_y = text_height * 5.0;
  const double far = std::hypot(width_, height_) / 2;
  cairo_save(cairo_);
  cairo_translate(cairo_, width_ / 2.0, height_ / 2.0);
  cairo_rotate(cairo_, -k_pi / 8);
  int row = 0;
  for (double y = -far; y < far; y += step_y, ++row)
    for (double x = -far - (row % 2) * step_x / 2; x < far; x += step_x) {
      cairo_move_to(cairo_, x + 1, y + 1);
      cairo_set_source_rgba(cairo_, 1, 1, 1, 0.25);
      pango_cairo_show_layout(cairo_, layout);
      cairo_move_to(cairo_, x, y);
      cairo_set_source_rgba(cairo_, 0.35, 0.38, 0.45, 0.38);
      pango_cairo_show_layout(cairo_, layout);
    }
  cairo_restore(cairo_);
  g_object_unref(layout);
}

Image Canvas::image() const {
  cairo_surface_flush(surface_);
  const unsigned char* pixels = cairo_image_surface_get_data(surface_);
  const int stride = cairo_image_surface_get_stride(surface_);
  Image image{width_, height_, {}};
  image.rgb.reserve(std::size_t{3} * width_ * height_);
  for (int y = 0; y < height_; ++y) {
    for (int x = 0; x < width_; ++x) {
      std::uint32_t pixel = 0;  // 0x00RRGGBB in the machine's own byte order
      std::memcpy(&pixel, pixels + std::ptrdiff_t{y} * stride + std::ptrdiff_t{4} * x, 4);
      image.rgb.push_back(static_cast<std::uint8_t>(pixel >> 16));
      image.rgb.push_back(static_cast<std::uint8_t>(pixel >> 8));
      image.rgb.push_back(static_cast<std::uint8_t>(pixel));
    }
  }
  return image;
}

}  // namespace beian::documents
