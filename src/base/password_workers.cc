#include "base/password_workers.h"

#include <utility>

#include "base/refusal.h"

namespace beian {

PasswordWorkers::PasswordWorkers(int threads, std::size_t queue_limit, PasswordCost cost)
    : queue_limit_(queue_limit), cost_(cost) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

PasswordWorkers::~PasswordWorkers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

std::string PasswordWorkers::hash(const std::string& password) {
  std::string result;
  std::packaged_task<void()> task([&] { result = hash_password(password, cost_); });
  std::future<void> done = task.get_future();
  enqueue(std::move(task));
  done.get();
  return result;
}

bool PasswordWorkers::verify(const std::string& password, const std::string& hash) {
  bool result = false;
  std::packaged_task<void()> task([&] { result = verify_password(password, hash); });
  std::future<void> done = task.get_future();
  enqueue(std::move(task));
  done.get();
  return result;
}

void PasswordWorkers::enqueue(std::packaged_task<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= queue_limit_) throw Refusal(RefusalCode::too_many, "busy");
    queue_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void PasswordWorkers::run() {
  for (;;) {
    std::packaged_task<void()> task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    task();
  }
}

}  // namespace beian
