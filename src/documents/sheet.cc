#include "documents/sheet.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>

#include "documents/canvas.h"
#include "documents/qr.h"

namespace beian::documents {
namespace {

// Points; A4 is 595 × 842.
constexpr double k_width = 595.28, k_height = 841.89, k_margin = 50;
constexpr double k_inside = k_width - 2 * k_margin;
constexpr double k_label = 128;
constexpr double k_code_side = 66;
constexpr double k_bottom = k_height - 62;
constexpr double k_pi = 3.14159265358979323846;

cairo_status_t append(void* to, const unsigned char* bytes, unsigned int count) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), count);
  return CAIRO_STATUS_SUCCESS;
}

class Page {
 public:
  explicit Page(const Sheet& sheet)
      : sheet_(sheet),
        surface_(cairo_pdf_surface_create_for_stream(append, &pdf_, k_width, k_height)),
        cairo_(cairo_create(surface_)) {
    begin();
  }
  ~Page() {
    cairo_destroy(cairo_);
    cairo_surface_destroy(surface_);
  }
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  void heading() {
    draw_code(k_width - k_margin - k_code_side, 34);
    text(k_margin, 46, k_inside - k_code_side - 12, sheet_.title, 19, true);
    y_ = std::max(y_, 76.0);
    text(k_margin, y_, k_inside - k_code_side - 12, sheet_.number, 9);
    y_ = std::max(y_ + 14, 34 + k_code_side + 14);
  }

  void paragraph(const std::string& words) {
    const double height = height_of(words, k_inside, 10.5);
    room_for(height);
    text(k_margin, y_, k_inside, words, 10.5);
    y_ += 7;
  }

  void table(const SheetTable& table) {
    room_for(60);
    text(k_margin, y_ + 6, k_inside, table.title, 11.5, true);
    y_ += 5;
    for (const auto& [label, value] : table.rows) row(label, value);
    y_ += 8;
  }

  void signatures() {
    if (sheet_.signatures.empty() && sheet_.seal.empty()) return;
    const double height = std::max(38.0 * static_cast<double>(sheet_.signatures.size()),
                                   sheet_.seal.empty() ? 0 : 110.0);
    room_for(height + 10);
    const double top = y_ + 10;
    double y = top;
    for (const std::string& who : sheet_.signatures) {
      text(k_margin, y, 260, who + "：", 10.5);
      line(k_margin + 110, y + 15, k_margin + 270, y + 15);
      y += 38;
    }
    if (!sheet_.seal.empty()) {
      cairo_set_source_rgb(cairo_, 0.6, 0.6, 0.6);
      cairo_set_line_width(cairo_, 0.7);
      const double dash[] = {4, 3};
      cairo_set_dash(cairo_, dash, 2, 0);
      cairo_rectangle(cairo_, k_width - k_margin - 170, top, 170, 105);
      cairo_stroke(cairo_);
      cairo_set_dash(cairo_, nullptr, 0, 0);
      text(k_width - k_margin - 162, top + 6, 154, sheet_.seal, 9);
    }
    y_ = top + height;
  }

  std::string finish() {
    end();
    cairo_surface_finish(surface_);
    return pdf_;
  }

 private:
  using Layout = std::unique_ptr<PangoLayout, decltype(&g_object_unref)>;

  Layout layout(const std::string& words, double width, double size, bool bold = false) const {
    Layout made(pango_cairo_create_layout(cairo_), &g_object_unref);
    pango_context_set_language(pango_layout_get_context(made.get()),
                               pango_language_from_string("zh-cn"));
    PangoFontDescription* font = pango_font_description_from_string(k_font_families);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    if (bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(made.get(), font);
    pango_font_description_free(font);
    pango_layout_set_width(made.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(made.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_line_spacing(made.get(), 1.25f);
    pango_layout_set_text(made.get(), words.data(), static_cast<int>(words.size()));
    return made;
  }

  double height_of(const std::string& words, double width, double size) const {
    int height = 0;
    pango_layout_get_size(layout(words, width, size).get(), nullptr, &height);
    return static_cast<double>(height) / PANGO_SCALE;
  }

  // Moves y_ below what it wrote.
  void text(double x, double y, double width, const std::string& words, double size,
            bool bold = false) {
    const Layout made = layout(words, width, size, bold);
    int height = 0;
    pango_layout_get_size(made.get(), nullptr, &height);
    cairo_set_source_rgb(cairo_, 0.08, 0.08, 0.1);
    cairo_move_to(cairo_, x, y);
    pango_cairo_show_layout(cairo_, made.get());
    y_ = y + static_cast<double>(height) / PANGO_SCALE;
  }

  void line(double x1, double y1, double x2, double y2) {
    cairo_set_source_rgb(cairo_, 0.35, 0.35, 0.38);
    cairo_set_line_width(cairo_, 0.6);
    cairo_move_to(cairo_, x1, y1);
    cairo_line_to(cairo_, x2, y2);
    cairo_stroke(cairo_);
  }

  void row(const std::string& label, const std::string& value) {
    const double room = k_inside - k_label - 16;
    const double height =
        std::max(height_of(value, room, 10), height_of(label, k_label - 12, 10)) + 8;
    room_for(height);
    const double top = y_;
    text(k_margin + 6, top + 4, k_label - 12, label, 10);
    text(k_margin + k_label + 8, top + 4, room, value, 10);
    line(k_margin, top, k_width - k_margin, top);
    line(k_margin, top + height, k_width - k_margin, top + height);
    for (double x : {k_margin, k_margin + k_label, k_width - k_margin})
      line(x, top, x, top + height);
    y_ = top + height;
  }

  void room_for(double height) {
    if (y_ + height <= k_bottom || height > k_bottom - k_margin) return;
    end();
    cairo_show_page(cairo_);
    begin();
  }

  void begin() {
    ++page_;
    y_ = k_margin;
  }

  // The watermark lies over the words, pale; the foot says which page this is.
  void end() {
    if (!sheet_.watermark.empty()) {
      cairo_save(cairo_);
      cairo_set_source_rgba(cairo_, 0.2, 0.35, 0.6, 0.08);
      for (double y : {0.22, 0.5, 0.78}) {
        cairo_save(cairo_);
        cairo_translate(cairo_, k_width * 0.16, k_height * y + 60);
        cairo_rotate(cairo_, -k_pi / 9);
        const Layout made = layout(sheet_.watermark, k_width, 46, true);
        pango_cairo_show_layout(cairo_, made.get());
        cairo_restore(cairo_);
      }
      cairo_restore(cairo_);
    }
    const double kept = y_;
    text(k_margin, k_height - 44, k_inside, sheet_.footer + "　第 " + std::to_string(page_) + " 页",
         8);
    y_ = kept;
  }

  void draw_code(double left, double top) {
    const QrCode code = make_qr(sheet_.code);
    const double module = k_code_side / code.size;
    cairo_set_source_rgb(cairo_, 0, 0, 0);
    for (const QrRun& run : code.runs)
      cairo_rectangle(cairo_, left + run.x * module, top + run.y * module, run.length * module,
                      module);
    cairo_fill(cairo_);
  }

  const Sheet& sheet_;
  std::string pdf_;
  cairo_surface_t* surface_;
  cairo_t* cairo_;
  double y_ = k_margin;
  int page_ = 0;
};

}  // namespace

std::string draw_sheet(const Sheet& sheet) {
  Page page(sheet);
  page.heading();
  for (const std::string& words : sheet.opening) page.paragraph(words);
  for (const SheetTable& table : sheet.tables) page.table(table);
  for (const std::string& words : sheet.closing) page.paragraph(words);
  page.signatures();
  return page.finish();
}

std::string watermark_jpeg(const std::string& jpeg, const std::string& words) {
  const auto decoded = decode(jpeg, {}, 1 << 20);
  const Decoded* picture = std::get_if<Decoded>(&decoded);
  if (!picture) return {};
  Canvas canvas(picture->image);
  canvas.repeat(words);
  return encode_jpeg(canvas.image(), {.quality = 86});
}

}  // namespace beian::documents
