#include "documents/certificate_sheet.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

#include "documents/pdf_text.h"
#include "documents/qr.h"

namespace beian::documents {
namespace {

// Points: A4.
constexpr double k_width = 595, k_height = 842, k_margin = 56;
constexpr double k_name_width = 110, k_qr = 110;
constexpr const char* k_families =
    "Noto Sans CJK SC, Droid Sans Fallback, WenQuanYi Micro Hei, Sans";

struct Sheet {
  std::string bytes;
  std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> surface{nullptr,
                                                                       cairo_surface_destroy};
  std::unique_ptr<cairo_t, void (*)(cairo_t*)> cairo{nullptr, cairo_destroy};

  Sheet() {
    const auto write = [](void* to, const unsigned char* data, unsigned int length) {
      static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), length);
      return CAIRO_STATUS_SUCCESS;
    };
    surface.reset(cairo_pdf_surface_create_for_stream(write, &bytes, k_width, k_height));
    cairo.reset(cairo_create(surface.get()));
  }
  std::string finish() {
    cairo_show_page(cairo.get());
    cairo.reset();
    cairo_surface_finish(surface.get());
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
      throw std::runtime_error("the certificate sheet could not be drawn");
    return std::move(bytes);
  }
};

// Draws the text with its top left at (x, y), wrapped to `width`; returns its height.
double write(cairo_t* cairo, double x, double y, double width, const std::string& text, double size,
             double grey = 0.1, bool bold = false, bool centred = false) {
  PangoLayout* layout = pango_cairo_create_layout(cairo);
  pango_context_set_language(pango_layout_get_context(layout), pango_language_from_string("zh-cn"));
  PangoFontDescription* font = pango_font_description_from_string(k_families);
  pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
  if (bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_width(layout, static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  if (centred) pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
  pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
  cairo_set_source_rgb(cairo, grey, grey, grey);
  cairo_move_to(cairo, x, y);
  draw_words(cairo, layout);
  int height = 0;
  pango_layout_get_size(layout, nullptr, &height);
  g_object_unref(layout);
  return static_cast<double>(height) / PANGO_SCALE;
}

void line(cairo_t* cairo, double y, double grey) {
  cairo_set_source_rgb(cairo, grey, grey, grey);
  cairo_set_line_width(cairo, 0.7);
  cairo_move_to(cairo, k_margin, y);
  cairo_line_to(cairo, k_width - k_margin, y);
  cairo_stroke(cairo);
}

// The outline of make_qr: one "M<x> <y>h<length>v1h-<length>z" for each run of dark modules.
void draw_qr(cairo_t* cairo, double x, double y, const std::string& text) {
  const QrCode code = make_qr(text);
  const double module = k_qr / code.size;
  cairo_set_source_rgb(cairo, 0, 0, 0);
  int left = 0, top = 0, length = 0, used = 0;
  for (const char* at = code.path.c_str();
       std::sscanf(at, "M%d %dh%dv1h-%*dz%n", &left, &top, &length, &used) == 3; at += used) {
    cairo_rectangle(cairo, x + left * module, y + top * module, length * module, module);
  }
  cairo_fill(cairo);
}

}  // namespace

std::string certificate_sheet(const CertificateSheet& sheet) {
  Sheet page;
  cairo_t* cairo = page.cairo.get();
  const double inner = k_width - 2 * k_margin;
  double y = k_margin;
  y += write(cairo, k_margin, y, inner, sheet.title, 24, 0.1, true, true) + 26;
  y += write(cairo, k_margin, y, inner, sheet.number_label, 11, 0.45, false, true) + 4;
  y += write(cairo, k_margin, y, inner, sheet.number, 26, 0, true, true) + 26;
  line(cairo, y, 0.3);
  for (const auto& [name, value] : sheet.rows) {
    y += 10;
    const double name_height = write(cairo, k_margin, y, k_name_width, name, 11, 0.45);
    const double height =
        write(cairo, k_margin + k_name_width, y, inner - k_name_width, value, 12.5);
    y += (height > name_height ? height : name_height) + 10;
    line(cairo, y, 0.85);
  }
  y += 24;
  draw_qr(cairo, k_margin, y, sheet.link);
  double beside = y + 8;
  const double x = k_margin + k_qr + 18, width = inner - k_qr - 18;
  beside += write(cairo, x, beside, width, sheet.link_label, 11, 0.35) + 4;
  beside += write(cairo, x, beside, width, sheet.link, 11, 0.1) + 12;
  write(cairo, x, beside, width, sheet.note, 10, 0.45);
  write(cairo, k_margin, k_height - k_margin, inner, sheet.footer, 9, 0.5, false, true);
  return page.finish();
}

}  // namespace beian::documents
