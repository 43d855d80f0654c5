// Decoders of strangers' files run in child processes of the same program: a crash, a bomb or a bug
// there costs one upload and nothing else. A child has no network, no files, no inherited
// descriptors, bounded memory and a deadline; idle children sleep in a read.
#pragma once

#include <vector>

#include "documents/child_pool.h"
#include "documents/prepare.h"

namespace beian::documents {

// The argument under which main() must call image_worker_main() before doing anything else.
inline constexpr const char* k_image_worker_argument = "__image-worker";

// The child's whole life: confines itself, then answers requests from standard input on standard
// output until the input ends. Returns the exit status.
int image_worker_main();

ChildPoolOptions image_worker_options();

// Thread-safe; callers block.
class ImageWorker {
 public:
  explicit ImageWorker(ChildPoolOptions options = image_worker_options());

  // What is plainly no picture is refused without waking a child. A child that dies over a file is
  // replaced and the file tried once more; dying again makes the problem image_damaged, running out
  // of time image_too_slow, and out of memory image_too_heavy. Throws what ChildPool::ask does.
  PrepareOutcome prepare(const PrepareRequest& request);

  std::vector<pid_t> children() const { return pool_.children(); }

 private:
  ChildPool pool_;
};

}  // namespace beian::documents
