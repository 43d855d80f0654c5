// Leases jobs of some kinds and does them, on threads of its own: slow lines to bureaus in one loop
// do not hold up the mail in another. With http/problem.cc the only place that catches what ends a
// piece of work: a job that fails is tried again later, with its reason kept.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "service/service.h"
#include "store/jobs.h"

namespace beian::worker {

// What became of a job that did not throw.
struct Done {
  // Set: the job is done again at this time (a line that is polled). Unset: the job is finished.
  std::optional<Millis> again_at;
  // Not empty: it did not work and is tried again with growing pauses; a short reason without
  // personal data.
  std::string trouble;
};
using Work = std::function<Done(const store::Job&)>;

class Loop {
 public:
  // `node` names this process in leases. Work by kind of job; other kinds are left alone.
  Loop(service::Service& service, std::string node, std::map<std::string, Work> works);
  ~Loop();  // stop()

  void start(int threads);
  // There may be something to do now.
  void wake();
  // Finishes what is under way.
  void stop();

  // Leases and does one job that is due; false when there is none. For tests and for `threads` = 0.
  bool do_one();

 private:
  void run();
  void settle(const store::Job& job, const Done& done);

  service::Service& service_;
  const std::string node_;
  const std::map<std::string, Work> works_;
  std::vector<std::string> kinds_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t wakes_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

// Seconds until try number `attempts` + 1: 2, 4, 8 … at most 15 minutes.
Millis pause_after(std::int64_t attempts);

}  // namespace beian::worker
