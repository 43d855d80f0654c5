// The three decoders behind decode(), each turning bytes of one sniffed kind into pixels as stored
// (not yet turned upright). Private to src/documents.
#pragma once

#include <string_view>
#include <variant>

#include "documents/image.h"

namespace beian::documents {

// How large the picture says it is, and the pixels, perhaps already shrunk.
struct Raw {
  Image image;
  int source_width = 0;
  int source_height = 0;
};

using RawOrProblem = std::variant<Raw, Problem>;

RawOrProblem decode_jpeg(std::string_view bytes, const ImageLimits& limits, int enough_side);
RawOrProblem decode_png(std::string_view bytes, const ImageLimits& limits);
RawOrProblem decode_webp(std::string_view bytes, const ImageLimits& limits, int enough_side);

// Against the header's figures, or nullopt.
std::optional<Problem> refuse_by_size(std::int64_t width, std::int64_t height,
                                      const ImageLimits& limits);
Problem image_problem(std::string code);

}  // namespace beian::documents
