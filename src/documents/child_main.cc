// The child's side of documents/child.h.
#include <malloc.h>

#include <exception>
#include <string>

#include "base/log.h"
#include "documents/child.h"
#include "documents/confine.h"
#include "documents/decoders.h"
#include "documents/wire.h"

namespace beian::documents {
namespace {

// The parent's deadline ends a child that hangs; this one ends it when the parent is gone.
constexpr int k_processor_seconds = 30;

// Address space: the program's own mappings, and the 250 MB that a picture of 50 million pixels was
// seen to take at most in any of the three formats.
constexpr std::size_t k_memory = 512u << 20;

PrepareOutcome answer(const std::string& message) {
  PrepareOutcome outcome;
  const auto request = unpack_request(message);
  if (!request) {
    outcome.problems.push_back(image_problem("image_damaged"));
    return outcome;
  }
  try {
    return prepare(*request);
  } catch (const std::exception&) {  // out of the memory this process may have
    outcome.problems.push_back(image_problem("image_too_heavy"));
    return outcome;
  }
}

}  // namespace

int image_worker_main() {
  // Pixels go straight back to the system when freed: an idle child holds no picture.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  if (!confine_to_decoding(k_memory)) log_warn("image_worker_partly_confined");
  serve_parent(
      [](const std::string& message) {
        std::string packed = pack(answer(message));
        malloc_trim(0);
        return packed;
      },
      k_processor_seconds);
  return 0;
}

}  // namespace beian::documents
