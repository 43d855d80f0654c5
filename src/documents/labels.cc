#include "documents/labels.h"

#include <ZXing/BarcodeFormat.h>
#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "documents/canvas.h"
#include "documents/pdf_text.h"

namespace beian::documents {
namespace {

constexpr double k_point = 72.0 / 25.4;              // to a millimetre
constexpr double k_edge = 3;                         // mm of a label that stay empty
constexpr double k_bars = 8;                         // mm
constexpr double k_largest = 5.2, k_smallest = 1.4;  // mm: size of the recipient's name
constexpr std::size_t k_longest_code = 40;

using Surface = std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)>;
using Cairo = std::unique_ptr<cairo_t, void (*)(cairo_t*)>;

PangoLayout* layout_of(cairo_t* cairo, const std::string& text, double size, double width,
                       bool bold) {
  PangoLayout* layout = pango_cairo_create_layout(cairo);
  pango_context_set_language(pango_layout_get_context(layout), pango_language_from_string("zh-cn"));
  PangoFontDescription* font = pango_font_description_from_string(k_font_families);
  pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
  if (bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_width(layout, static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
  return layout;
}

// Returns the height; draws only when asked to.
double write(cairo_t* cairo, double x, double y, const std::string& text, double size, double width,
             bool bold, bool draw) {
  if (text.empty()) return 0;
  PangoLayout* layout = layout_of(cairo, text, size, width, bold);
  if (draw) {
    cairo_move_to(cairo, x, y);
    draw_words(cairo, layout);
  }
  int height = 0;
  pango_layout_get_size(layout, nullptr, &height);
  g_object_unref(layout);
  return static_cast<double>(height) / PANGO_SCALE;
}

// Name and telephone, address, sender: as high as they become with a name of this size.
double write_words(cairo_t* cairo, double x, double y, const Label& label, double size,
                   double width, bool draw) {
  double height = write(cairo, x, y, label.recipient + "  " + label.phone, size, width, true, draw);
  height += size * 0.3;
  height += write(cairo, x, y + height, label.address, size * 0.9, width, false, draw);
  if (label.sender.empty()) return height;
  height += size * 0.4;
  return height + write(cairo, x, y + height, label.sender, size * 0.62, width, false, draw);
}

void draw_bars(cairo_t* cairo, double x, double y, double width, const std::string& code) {
  ZXing::MultiFormatWriter writer(ZXing::BarcodeFormat::Code128);
  const ZXing::BitMatrix bars = writer.setMargin(0).encode(code, 0, 1);
  // Bars as wide as a printer can show cleanly, and never wider than the label.
  const double module = std::min(0.33, width / bars.width());
  for (int i = 0; i < bars.width(); ++i)
    if (bars.get(i, 0)) cairo_rectangle(cairo, x + i * module, y, module, k_bars * 0.62);
  cairo_fill(cairo);
  write(cairo, x, y + k_bars * 0.66, code, 2.2, width, false, true);
}

void draw_label(cairo_t* cairo, double x, double y, const LabelFormat& f, const Label& label) {
  const double width = f.width - 2 * k_edge, height = f.height - 2 * k_edge;
  const double for_words = label.code.empty() ? height : height - k_bars - 1;
  double size = k_largest;
  while (size > k_smallest && write_words(cairo, 0, 0, label, size, width, false) > for_words)
    size *= 0.94;
  write_words(cairo, x + k_edge, y + k_edge, label, size, width, true);
  if (!label.code.empty())
    draw_bars(cairo, x + k_edge, y + f.height - k_edge - k_bars, width, label.code);
}

}  // namespace

std::string LabelFormat::fault() const {
  if (across < 1 || down < 1 || across * down > 200) return "how many labels there are";
  if (width < 25 || height < 20) return "a label is too small to write on";
  if (across > 1 && next_x < width - 0.01) return "labels overlap from left to right";
  if (down > 1 && next_y < height - 0.01) return "labels overlap from top to bottom";
  if (first_x < 0 || first_y < 0 || first_x + (across - 1) * next_x + width > page_width + 0.5 ||
      first_y + (down - 1) * next_y + height > page_height + 0.5)
    return "labels lie beyond the page";
  return "";
}

std::string draw_labels(const LabelFormat& f, const std::vector<Label>& labels, int start) {
  if (const std::string fault = f.fault(); !fault.empty())
    throw std::runtime_error("label format: " + fault);
  const int each = f.across * f.down;
  if (start < 0 || start >= each) throw std::runtime_error("label: no such place on the page");
  for (const Label& label : labels)
    if (label.code.size() > k_longest_code) throw std::runtime_error("label: code too long");
  std::string bytes;
  const auto sink = [](void* to, const unsigned char* data, unsigned int length) {
    static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), length);
    return CAIRO_STATUS_SUCCESS;
  };
  Surface surface(cairo_pdf_surface_create_for_stream(sink, &bytes, f.page_width * k_point,
                                                      f.page_height * k_point),
                  cairo_surface_destroy);
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, "labels");
  {
    Cairo cairo(cairo_create(surface.get()), cairo_destroy);
    cairo_scale(cairo.get(), k_point, k_point);
    int place = start;
    for (const Label& label : labels) {
      if (place == each) {
        cairo_show_page(cairo.get());
        place = 0;
      }
      draw_label(cairo.get(), f.first_x + place % f.across * f.next_x,
                 f.first_y + place / f.across * f.next_y, f, label);
      ++place;
    }
    cairo_show_page(cairo.get());
  }
  cairo_surface_finish(surface.get());
  if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
    throw std::runtime_error("the labels could not be drawn");
  return bytes;
}

}  // namespace beian::documents
