#include "documents/pdf_text.h"

namespace beian::documents {

void draw_words(cairo_t* cairo, PangoLayout* layout) {
  constexpr double k_unseen = 1.0 / 255;  // with none at all cairo leaves the words out
  double x = 0, y = 0;
  cairo_get_current_point(cairo, &x, &y);
  cairo_new_path(cairo);
  cairo_move_to(cairo, x, y);
  pango_cairo_layout_path(cairo, layout);
  cairo_fill(cairo);
  cairo_save(cairo);
  cairo_move_to(cairo, x, y);
  cairo_set_source_rgba(cairo, 1, 1, 1, k_unseen);
  pango_cairo_show_layout(cairo, layout);
  cairo_restore(cairo);
  cairo_new_path(cairo);
}

}  // namespace beian::documents
