// What a photograph is known again by after it was re-encoded, resized or trimmed a little: a small
// grey copy of it, its print.
//
// Prints are compared in two steps. bands_of() says which prints are worth comparing: signs of its
// coarse structure, cut into bands; two prints of one photograph have some bands in common, whoever
// keeps a keyed hash of each band finds them by equality, and nothing but equality can be seen
// without the key. is_same_picture() then decides, because people who stand before the same
// backdrop have bands in common too.
//
// A print is personal data like the photograph: it shows a face, coarsely. It is kept sealed and
// goes when the photograph goes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "documents/image.h"

namespace beian::documents {

inline constexpr int k_print_side = 96;  // px
inline constexpr std::size_t k_print_bytes = k_print_side * k_print_side;
inline constexpr int k_print_bands = 8;

std::string print_of(const Image& image);
inline bool is_picture_print(std::string_view bytes) { return bytes.size() == k_print_bytes; }

// The k_print_bands bands under which a print is kept: band i of one is compared with band i of
// another. Empty for what is no print.
using Bands = std::vector<std::uint16_t>;
Bands bands_of(std::string_view print);
// Under which its copies may have been kept: as it is, with a little more on each side (the copy's
// whole picture was larger) and with a little less (the copy was trimmed).
std::vector<Bands> bands_to_look_for(std::string_view print);
// The most bands that a print has in common with one of these.
int most_in_common(std::string_view print, const std::vector<Bands>& wanted);

// How far two prints agree in their fine structure where one is laid upon the other so that they
// agree best, up to 6 % of each side cut off; 1 for copies. `worst`: in the part of the picture
// where they agree least, which is the face when two people stand before the same backdrop.
struct Agreement {
  double whole = 0, worst = 0;
};
Agreement agreement(std::string_view one, std::string_view other);
class Thresholds;  // documents/inspection.h
bool is_copy(const Agreement& agreed, const Thresholds& thresholds);

}  // namespace beian::documents
