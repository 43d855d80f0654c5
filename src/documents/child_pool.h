// Child processes of this same program that do one kind of work for it, each question answered by
// one answer: a crash, a bomb or a bug there costs one question and nothing else. What the children
// may do is their own affair (documents/confine.h); the parent trusts nothing they say.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace beian::documents {

struct ChildPoolOptions {
  std::vector<std::string> command;
  int processes = 2;           // most children at once, so most questions at once
  int jobs_per_process = 200;  // then replaced, so that leaks and fragmentation do not add up
  int max_waiting = 64;        // callers beyond these are refused at once
  std::chrono::milliseconds wait{15'000};      // for a free child
  std::chrono::milliseconds deadline{20'000};  // for one answer
};

// Thread-safe; callers block. Children are started when first needed.
class ChildPool {
 public:
  explicit ChildPool(ChildPoolOptions options);
  ~ChildPool();
  ChildPool(const ChildPool&) = delete;
  ChildPool& operator=(const ChildPool&) = delete;

  enum class Talk { done, died, late };
  // `question` has its length in front; `accept` gets the answer without. False from it counts as a
  // child that died. A child that dies is replaced and asked once more. Throws Refusal{unavailable,
  // "image_workers_busy"} when too many callers wait, and std::runtime_error when no child can be
  // started.
  Talk ask(std::string_view question, const std::function<bool(std::string_view)>& accept);

  // Process ids of the children alive now, for supervision and tests.
  std::vector<pid_t> children() const;

 private:
  class Child;
  class Place;
  std::unique_ptr<Child> take_place();
  void give_back(std::unique_ptr<Child> child);
  std::unique_ptr<Child> start_child();
  void end_child(std::unique_ptr<Child> child);

  ChildPoolOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Child>> idle_;
  std::vector<pid_t> alive_;
  int busy_ = 0;
  int waiting_ = 0;
};

// The child's side: answers questions from standard input on standard output until the input ends.
// A question may take this many seconds of processor time, then the process ends itself, in case
// its parent is gone.
void serve_parent(const std::function<std::string(const std::string&)>& answer,
                  int processor_seconds);

}  // namespace beian::documents
