// Deflate that only gives frequent bytes short codes and looks for no repetitions: a data file is
// nearly all base64 of pictures, where there are none to find. zlib's Z_HUFFMAN_ONLY does the same
// at a quarter of the speed (docs/decisions/0004-packing.md).
#pragma once

#include <string>
#include <string_view>

namespace beian::bureau {

// Appends a raw deflate stream (RFC 1951). The same bytes give the same stream.
void deflate_huffman(std::string_view bytes, std::string& into);

}  // namespace beian::bureau
