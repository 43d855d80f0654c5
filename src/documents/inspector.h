// inspect() in a child process of its own, beside the decoders' children: it holds the language
// data (about 100 MiB), and nobody waits for it. A crash over a picture, a missing language pack or
// a slow page costs that picture's reading and nothing else.
#pragma once

#include <optional>

#include "documents/child_pool.h"
#include "documents/inspection.h"

namespace beian::documents {

// The argument under which main() must call inspector_main() before doing anything else.
inline constexpr const char* k_inspector_argument = "__inspector";

// The child's whole life: loads language data and face cascade, confines itself, answers.
int inspector_main();

ChildPoolOptions inspector_options();

// Thread-safe; callers block.
class Inspector {
 public:
  explicit Inspector(Thresholds thresholds, ChildPoolOptions options = inspector_options());

  // Nothing when the child died over the picture twice or took too long. Throws what ChildPool::ask
  // does.
  std::optional<Inspection> inspect(const InspectRequest& request);

  const Thresholds& thresholds() const { return thresholds_; }
  std::vector<pid_t> children() const { return pool_.children(); }

 private:
  Thresholds thresholds_;
  ChildPool pool_;
};

}  // namespace beian::documents
