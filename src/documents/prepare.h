// An uploaded picture made ready: the copy to keep and show, the copy for the bureau, the
// thumbnail.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/refusal.h"
#include "documents/fit.h"
#include "documents/image.h"

namespace beian::documents {

inline constexpr int k_full_side = 2560;      // px, long side of the copy kept for reviewing
inline constexpr int k_thumbnail_side = 360;  // px

struct PrepareRequest {
  std::string file;           // as uploaded
  std::size_t fit_bytes = 0;  // for the bureau's copy (MaterialLimits::raw_bytes_for); 0: none
  ImageLimits limits;
};

struct Prepared {
  FileKind source_kind = FileKind::unknown;
  int source_width = 0;  // upright
  int source_height = 0;
  std::string full;  // JPEG, long side at most k_full_side
  int full_width = 0;
  int full_height = 0;
  std::string thumbnail;        // JPEG
  Fitted fitted;                // for the bureau; empty when fit_bytes is 0
  std::vector<Problem> advice;  // soft: image_small
};

struct PrepareOutcome {
  std::optional<Prepared> prepared;
  std::vector<Problem> problems;  // hard: decode()'s, image_is_strip, image_cannot_fit
};

// In this process. The server calls ImageWorker::prepare instead, which does it in a child.
PrepareOutcome prepare(const PrepareRequest& request);

}  // namespace beian::documents
