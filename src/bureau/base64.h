// Base64 as it arrives: pictures by the megabyte, sometimes broken into lines of 76.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace beian::bureau {

// nullopt unless it is the standard alphabet, whole groups of four, padded; white space is skipped.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace beian::bureau
