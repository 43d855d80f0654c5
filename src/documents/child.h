// Decoders of strangers' files run in child processes of the same program: a crash, a bomb or a bug
// there costs one upload and nothing else. A child has no network, no files, no inherited
// descriptors, bounded memory and a deadline; idle children sleep in a read.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "documents/prepare.h"

namespace beian::documents {

// The argument under which main() must call image_worker_main() before doing anything else.
inline constexpr const char* k_image_worker_argument = "__image-worker";

// The child's whole life: confines itself, then answers requests from standard input on standard
// output until the input ends. Returns the exit status.
int image_worker_main();

struct ImageWorkerOptions {
  std::vector<std::string> command = {"/proc/self/exe", k_image_worker_argument};
  int processes = 2;           // most children at once, so most pictures at once
  int jobs_per_process = 200;  // then replaced, so that leaks and fragmentation do not add up
  int max_waiting = 64;        // callers beyond these are refused at once
  std::chrono::milliseconds wait{15'000};      // for a free child
  std::chrono::milliseconds deadline{20'000};  // for one picture
};

// Thread-safe; callers block. Children are started when first needed.
class ImageWorker {
 public:
  explicit ImageWorker(ImageWorkerOptions options = {});
  ~ImageWorker();
  ImageWorker(const ImageWorker&) = delete;
  ImageWorker& operator=(const ImageWorker&) = delete;

  // What is plainly no picture is refused without waking a child. A child that dies over a file is
  // replaced and the file tried once more; dying again makes the problem image_damaged, running out
  // of time image_too_slow, and out of memory image_too_heavy. Throws Refusal{unavailable,
  // "image_workers_busy"} when too many callers wait, and std::runtime_error when no child can be
  // started.
  PrepareOutcome prepare(const PrepareRequest& request);

  // Process ids of the children alive now, for supervision and tests.
  std::vector<pid_t> children() const;

 private:
  class Child;
  class Place;
  std::unique_ptr<Child> take_place();
  void give_back(std::unique_ptr<Child> child);
  std::unique_ptr<Child> start_child();
  void end_child(std::unique_ptr<Child> child);

  ImageWorkerOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Child>> idle_;
  std::vector<pid_t> alive_;
  int busy_ = 0;
  int waiting_ = 0;
};

}  // namespace beian::documents
