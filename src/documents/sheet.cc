#include "documents/sheet.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>

#include "documents/canvas.h"
#include "documents/pdf_text.h"
#include "documents/qr.h"

namespace beian::documents {
namespace {

// Points; A4 is 595 × 842.
constexpr double k_width = 595.28, k_height = 841.89, k_margin = 50;
constexpr double k_inside = k_width - 2 * k_margin;
constexpr double k_label = 92, k_padding = 3;
constexpr double k_signature = 34, k_seal_width = 170, k_seal_height = 100;
constexpr double k_code_side = 66;
constexpr double k_bottom = k_height - 62;
constexpr double k_pi = 3.14159265358979323846;

cairo_status_t append(void* to, const unsigned char* bytes, unsigned int count) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), count);
  return CAIRO_STATUS_SUCCESS;
}

class Page {
 public:
  // `pages`: how many there will be; 0 where that is not known yet.
  Page(const Sheet& sheet, int pages)
      : sheet_(sheet),
        pages_(pages),
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
    // Two short answers share a line.
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const bool two =
          i + 1 < table.rows.size() && is_short(table.rows[i]) && is_short(table.rows[i + 1]);
      if (two) {
        row({table.rows[i], table.rows[i + 1]});
        ++i;
      } else {
        row({table.rows[i]});
      }
    }
    y_ += 8;
  }

  void signatures() {
    if (sheet_.signatures.empty() && sheet_.seal.empty()) return;
    // Below each other beside the seal; side by side where there is none.
    const bool sealed = !sheet_.seal.empty();
    const std::size_t columns = sealed ? 1 : 2;
    const std::size_t lines = (sheet_.signatures.size() + columns - 1) / columns;
    const double height =
        std::max(k_signature * static_cast<double>(lines), sealed ? k_seal_height + 5 : 0);
    room_for(height + 10);
    const double top = y_ + 10;
    for (std::size_t i = 0; i < sheet_.signatures.size(); ++i) {
      const double x = k_margin + static_cast<double>(i % columns) * k_inside / 2;
      const double y = top + static_cast<double>(i / columns) * k_signature;
      text(x, y, 110, sheet_.signatures[i] + "：", 10.5);
      line(x + 105, y + 15, x + (sealed ? 265 : 235), y + 15);
    }
    if (sealed) {
      cairo_set_source_rgb(cairo_, 0.6, 0.6, 0.6);
      cairo_set_line_width(cairo_, 0.7);
      const double dash[] = {4, 3};
      cairo_set_dash(cairo_, dash, 2, 0);
      cairo_rectangle(cairo_, k_width - k_margin - k_seal_width, top, k_seal_width, k_seal_height);
      cairo_stroke(cairo_);
      cairo_set_dash(cairo_, nullptr, 0, 0);
      text(k_width - k_margin - k_seal_width + 8, top + 6, k_seal_width - 16, sheet_.seal, 9);
    }
    y_ = top + height;
  }

  std::string finish() {
    end();
    cairo_surface_finish(surface_);
    return pdf_;
  }
  int number() const { return page_; }

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

  using Row = std::pair<std::string, std::string>;

  // Fits into half the width on one line.
  bool is_short(const Row& one) const {
    return pango_layout_get_line_count(layout(one.second, k_inside / 2 - k_label - 14, 10).get()) ==
           1;
  }

  // Moves y_ below what it wrote.
  void text(double x, double y, double width, const std::string& words, double size,
            bool bold = false) {
    const Layout made = layout(words, width, size, bold);
    int height = 0;
    pango_layout_get_size(made.get(), nullptr, &height);
    cairo_set_source_rgb(cairo_, 0.08, 0.08, 0.1);
    cairo_move_to(cairo_, x, y);
    draw_words(cairo_, made.get());
    y_ = y + static_cast<double>(height) / PANGO_SCALE;
  }

  void line(double x1, double y1, double x2, double y2) {
    cairo_set_source_rgb(cairo_, 0.35, 0.35, 0.38);
    cairo_set_line_width(cairo_, 0.6);
    cairo_move_to(cairo_, x1, y1);
    cairo_line_to(cairo_, x2, y2);
    cairo_stroke(cairo_);
  }

  void row(const std::vector<Row>& cells) {
    const double width = k_inside / static_cast<double>(cells.size());
    const double room = width - k_label - 14;
    double height = 0;
    for (const auto& [label, value] : cells)
      height = std::max({height, height_of(value, room, 10), height_of(label, k_label - 12, 10)});
    height += 2 * k_padding;
    room_for(height);
    const double top = y_;
    double x = k_margin;
    for (const auto& [label, value] : cells) {
      text(x + 6, top + k_padding, k_label - 12, label, 10);
      text(x + k_label + 8, top + k_padding, room, value, 10);
      line(x, top, x, top + height);
      line(x + k_label, top, x + k_label, top + height);
      x += width;
    }
    line(x, top, x, top + height);
    line(k_margin, top, k_width - k_margin, top);
    line(k_margin, top + height, k_width - k_margin, top + height);
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
        cairo_move_to(cairo_, 0, 0);  // not where the last words ended
        const Layout made = layout(sheet_.watermark, k_width, 46, true);
        draw_words(cairo_, made.get());
        cairo_restore(cairo_);
      }
      cairo_restore(cairo_);
    }
    const double kept = y_;
    std::string foot = sheet_.footer + "　";
    // Only the first page has the code: the others say what they belong to.
    if (page_ > 1) foot += sheet_.number + "　";
    foot += "第 " + std::to_string(page_) + " 页";
    if (pages_ > 0) foot += "，共 " + std::to_string(pages_) + " 页";
    text(k_margin, k_height - 44, k_inside, foot, 8);
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
  const int pages_;
  std::string pdf_;
  cairo_surface_t* surface_;
  cairo_t* cairo_;
  double y_ = k_margin;
  int page_ = 0;
};

void draw(const Sheet& sheet, Page& page) {
  page.heading();
  for (const std::string& words : sheet.opening) page.paragraph(words);
  for (const SheetTable& table : sheet.tables) page.table(table);
  for (const std::string& words : sheet.closing) page.paragraph(words);
  page.signatures();
}

}  // namespace

std::string draw_sheet(const Sheet& sheet) {
  Page counted(sheet, 0);
  draw(sheet, counted);
  (void)counted.finish();
  Page page(sheet, counted.number());
  draw(sheet, page);
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
