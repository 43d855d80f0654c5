// Words in a PDF. Cairo 1.16 loses a letter now and then when it embeds part of an OpenType font
// with CFF outlines (Noto Sans CJK: 如 in "变更备案。如有不实" came out blank), which a paper to
// sign, or an address, cannot afford. So the letters are drawn as shapes; the same words lie over
// them all but transparent, for searching, copying and reading aloud.
#pragma once

#include <pango/pangocairo.h>

namespace beian::documents {

// At the current point, in the current colour, which stays. Opaque colours only.
void draw_words(cairo_t* cairo, PangoLayout* layout);

}  // namespace beian::documents
