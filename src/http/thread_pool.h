// A fixed number of threads and a bounded queue before them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace beian {

class ThreadPool {
 public:
  using Task = std::function<void()>;  // must not throw

  // Throws std::invalid_argument unless there is at least one thread.
  ThreadPool(int threads, std::size_t max_waiting);
  ~ThreadPool();  // stop()

  // False, at once, when max_waiting tasks wait already or the pool has stopped.
  [[nodiscard]] bool submit(Task task);

  // Runs what was accepted, then ends the threads.
  void stop();

 private:
  void run();

  const std::size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> waiting_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace beian
