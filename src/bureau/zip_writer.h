// Writes a zip archive of one file in memory, in one pass over the content. No library at hand
// writes one without compressing in its own, much slower way (docs/decisions/0004-packing.md).
#pragma once

#include <string>
#include <string_view>

namespace beian::bureau {

// One entry, with a fixed date so that equal input gives equal bytes.
std::string zip_one_file(std::string_view name, std::string_view content);

}  // namespace beian::bureau
