#include "documents/decoders.h"

namespace beian::documents {
namespace {

// Where the pixel of the upright picture at (x, y) lies in the stored one: orientation tells which
// side of the upright picture the stored first row and first column are (EXIF 2.3 §4.6.4, 0x0112).
struct Turn {
  bool swap;    // rows become columns
  bool flip_x;  // stored columns run right to left
  bool flip_y;  // stored rows run bottom to top
};

Turn turn_for(int orientation) {
  switch (orientation) {
    case 2:
      return {false, true, false};
    case 3:
      return {false, true, true};
    case 4:
      return {false, false, true};
    case 5:
      return {true, false, false};
    case 6:
      return {true, false, true};
    case 7:
      return {true, true, true};
    case 8:
      return {true, true, false};
    default:
      return {false, false, false};
  }
}

Image upright(Image stored, int orientation) {
  const Turn turn = turn_for(orientation);
  if (!turn.swap && !turn.flip_x && !turn.flip_y) return stored;
  Image result;
  result.width = turn.swap ? stored.height : stored.width;
  result.height = turn.swap ? stored.width : stored.height;
  result.rgb.resize(stored.rgb.size());
  std::uint8_t* to = result.rgb.data();
  for (int y = 0; y < result.height; ++y) {
    for (int x = 0; x < result.width; ++x, to += 3) {
      int from_x = turn.swap ? y : x;
      int from_y = turn.swap ? x : y;
      if (turn.flip_x) from_x = stored.width - 1 - from_x;
      if (turn.flip_y) from_y = stored.height - 1 - from_y;
      const std::size_t at = (static_cast<std::size_t>(from_y) * stored.width + from_x) * 3;
      to[0] = stored.rgb[at];
      to[1] = stored.rgb[at + 1];
      to[2] = stored.rgb[at + 2];
    }
  }
  return result;
}

}  // namespace

Problem image_problem(std::string code) {
  Problem problem;
  problem.code = std::move(code);
  return problem;
}

std::optional<Problem> refuse_by_size(std::int64_t width, std::int64_t height,
                                      const ImageLimits& limits) {
  if (width <= 0 || height <= 0) return image_problem("image_damaged");
  std::optional<Problem> problem;
  if (width > limits.max_side || height > limits.max_side) {
    problem = image_problem("image_side_too_long");
    problem->params["max_side"] = std::to_string(limits.max_side);
  } else if (width * height > limits.max_pixels) {
    problem = image_problem("image_too_many_pixels");
    problem->params["max_megapixels"] = std::to_string(limits.max_pixels / 1'000'000);
  }
  if (problem) {
    problem->params["width"] = std::to_string(width);
    problem->params["height"] = std::to_string(height);
  }
  return problem;
}

std::variant<Decoded, Problem> decode(std::string_view bytes, const ImageLimits& limits,
                                      int enough_side) {
  if (auto refused = refuse_by_content(bytes, limits)) return *refused;
  const FileKind kind = sniff(bytes);
  RawOrProblem outcome = kind == FileKind::jpeg  ? decode_jpeg(bytes, limits, enough_side)
                         : kind == FileKind::png ? decode_png(bytes, limits)
                                                 : decode_webp(bytes, limits, enough_side);
  if (const Problem* problem = std::get_if<Problem>(&outcome)) return *problem;
  Raw& raw = std::get<Raw>(outcome);
  const int orientation = exif_orientation(bytes);
  Decoded result;
  result.source_width = orientation >= 5 ? raw.source_height : raw.source_width;
  result.source_height = orientation >= 5 ? raw.source_width : raw.source_height;
  result.image = upright(std::move(raw.image), orientation);
  return result;
}

}  // namespace beian::documents
