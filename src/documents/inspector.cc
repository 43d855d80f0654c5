#include "documents/inspector.h"

#include "documents/inspection_wire.h"

namespace beian::documents {

ChildPoolOptions inspector_options() {
  ChildPoolOptions options;
  options.command = {"/proc/self/exe", k_inspector_argument};
  options.processes = 1;
  options.deadline = std::chrono::seconds(90);  // nobody waits for it; a busy machine is slow
  return options;
}

Inspector::Inspector(Thresholds thresholds, ChildPoolOptions options)
    : thresholds_(std::move(thresholds)), pool_(std::move(options)) {}

std::optional<Inspection> Inspector::inspect(const InspectRequest& request) {
  std::optional<Inspection> inspection;
  pool_.ask(pack_question(request, thresholds_), [&](std::string_view answer) {
    inspection = unpack_inspection(answer);
    return inspection.has_value();
  });
  return inspection;
}

}  // namespace beian::documents
