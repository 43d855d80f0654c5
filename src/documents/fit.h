// Makes a picture small enough for the ministry's interface, as legibly as the limit allows.
#pragma once

#include <cstddef>
#include <string>

#include "documents/image.h"

namespace beian::documents {

struct Fitted {
  std::string jpeg;  // at most the asked bytes; empty when even the smallest form is larger
  int width = 0;
  int height = 0;
  int quality = 0;
  bool grey = false;      // the picture has no colour to lose
  double legibility = 0;  // edge similarity to the original, 0 to 1
};

// Tries scales from at most 1800 px (long side) downwards; at each the best JPEG quality that fits;
// keeps the one whose edges resemble the original's most. Never enlarges. With `max_bytes` of 20
// KiB or more something always fits, because the scale goes down to 320 px.
Fitted fit(const Image& image, std::size_t max_bytes);

// How well `candidate` keeps the edges of `original` (gradient similarity of luma, weighted by the
// strength of the edge), 0 to 1. The candidate may be smaller; it is compared at the original's
// size.
double legibility(const Image& original, const Image& candidate);

}  // namespace beian::documents
