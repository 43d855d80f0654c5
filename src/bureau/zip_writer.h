// Writes zip archives in memory, in one pass over the content. No library at hand
// writes one without compressing in its own, much slower way (docs/decisions/0004-packing.md).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beian::bureau {

// One entry, with a fixed date so that equal input gives equal bytes.
std::string zip_one_file(std::string_view name, std::string_view content);
// Several, by name and content.
std::string zip_files(const std::vector<std::pair<std::string, std::string_view>>& files);

}  // namespace beian::bureau
