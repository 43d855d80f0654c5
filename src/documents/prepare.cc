#include "documents/prepare.h"

#include <algorithm>

#include "documents/decoders.h"

namespace beian::documents {
namespace {

constexpr int k_full_quality = 86;
constexpr int k_thumbnail_quality = 80;
constexpr int k_most_stretched = 20;  // long side to short side: beyond it nothing can be made out

std::vector<Problem> advice_for(const Prepared& prepared, const ImageLimits& limits) {
  const int long_side = std::max(prepared.source_width, prepared.source_height);
  if (long_side >= limits.advised_side) return {};
  Problem small = image_problem("image_small");
  small.hard = false;
  small.params = {{"width", std::to_string(prepared.source_width)},
                  {"height", std::to_string(prepared.source_height)},
                  {"advised_side", std::to_string(limits.advised_side)}};
  return {small};
}

}  // namespace

PrepareOutcome prepare(const PrepareRequest& request) {
  PrepareOutcome outcome;
  auto decoded = decode(request.file, request.limits, k_full_side);
  if (const Problem* problem = std::get_if<Problem>(&decoded)) {
    outcome.problems.push_back(*problem);
    return outcome;
  }
  const Decoded& source = std::get<Decoded>(decoded);
  const auto [shorter, longer] = std::minmax(source.source_width, source.source_height);
  if (longer > k_most_stretched * shorter) {
    outcome.problems.push_back(image_problem("image_is_strip"));
    outcome.problems.back().params = {{"width", std::to_string(source.source_width)},
                                      {"height", std::to_string(source.source_height)}};
    return outcome;
  }
  Prepared prepared;
  prepared.source_kind = sniff(request.file);
  prepared.source_width = source.source_width;
  prepared.source_height = source.source_height;
  const Image full = shrink(source.image, k_full_side);
  prepared.full = encode_jpeg(full, {.quality = k_full_quality});
  prepared.full_width = full.width;
  prepared.full_height = full.height;
  prepared.thumbnail =
      encode_jpeg(shrink(full, k_thumbnail_side), {.quality = k_thumbnail_quality});
  if (request.fit_bytes > 0) {
    prepared.fitted = fit(full, request.fit_bytes);
    if (prepared.fitted.jpeg.empty()) {
      outcome.problems.push_back(image_problem("image_cannot_fit"));
      return outcome;
    }
  }
  prepared.advice = advice_for(prepared, request.limits);
  outcome.prepared = std::move(prepared);
  return outcome;
}

}  // namespace beian::documents
