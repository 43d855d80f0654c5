// Argon2id off the request threads: at most a few computations (64 MiB each) at a time, and a short
// queue. The caller waits for its own; when the queue is full it is refused at once, so that a
// storm of log-ins can exhaust neither memory nor every request thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/crypto.h"

namespace beian {

// Thread-safe. Destroying it finishes what is queued.
class PasswordWorkers {
 public:
  explicit PasswordWorkers(int threads = 2, std::size_t queue_limit = 32, PasswordCost cost = {});
  ~PasswordWorkers();
  PasswordWorkers(const PasswordWorkers&) = delete;
  PasswordWorkers& operator=(const PasswordWorkers&) = delete;

  // Both throw Refusal{too_many, "busy"} when the queue is full.
  std::string hash(const std::string& password);
  [[nodiscard]] bool verify(const std::string& password, const std::string& hash);

 private:
  void enqueue(std::packaged_task<void()> task);
  void run();

  const std::size_t queue_limit_;
  const PasswordCost cost_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::packaged_task<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace beian
