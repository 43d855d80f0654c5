#include "documents/child.h"

#include "documents/decoders.h"
#include "documents/wire.h"

namespace beian::documents {

ChildPoolOptions image_worker_options() {
  ChildPoolOptions options;
  options.command = {"/proc/self/exe", k_image_worker_argument};
  return options;
}

ImageWorker::ImageWorker(ChildPoolOptions options) : pool_(std::move(options)) {}

PrepareOutcome ImageWorker::prepare(const PrepareRequest& request) {
  PrepareOutcome outcome;
  if (auto refused = refuse_by_content(request.file, request.limits)) {
    outcome.problems.push_back(*refused);
    return outcome;
  }
  const ChildPool::Talk talk = pool_.ask(pack(request), [&](std::string_view answer) {
    auto unpacked = unpack_outcome(answer, request.fit_bytes);
    if (unpacked) outcome = std::move(*unpacked);
    return unpacked.has_value();
  });
  if (talk == ChildPool::Talk::late) outcome.problems.push_back(image_problem("image_too_slow"));
  if (talk == ChildPool::Talk::died) outcome.problems.push_back(image_problem("image_damaged"));
  return outcome;
}

}  // namespace beian::documents
