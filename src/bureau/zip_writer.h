// Writes a zip archive in memory. Base64 pictures, which most of a data file is, have only entropy
// to squeeze: Huffman-only deflate packs them as small as level 6 does, six times faster. libzip
// cannot choose the strategy, minizip can.
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
