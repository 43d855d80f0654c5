#include "worker/loop.h"

#include <algorithm>

#include "base/log.h"
#include "base/refusal.h"

namespace beian::worker {
namespace {

constexpr Millis k_lease = 5 * 60 * 1000;
// Another node may add a job without waking this one.
constexpr auto k_look_at_least_every = std::chrono::seconds(2);
constexpr auto k_settle_again_after = std::chrono::seconds(1);

void write_outcome(Tx& tx, const store::Job& job, const std::string& node, const Done& done,
                   Millis now) {
  if (!done.trouble.empty())
    store::postpone_job(tx, job.id, node, now + pause_after(job.attempts), done.trouble);
  else if (done.again_at)
    store::repeat_job(tx, job.id, node, *done.again_at);
  else
    store::finish_job(tx, job.id, node);
}

}  // namespace

Millis pause_after(std::int64_t attempts) {
  const std::int64_t exponent = std::clamp<std::int64_t>(attempts, 1, 10);
  return std::min<Millis>(1000LL << exponent, 15 * 60 * 1000);
}

Loop::Loop(service::Service& service, std::string node, std::map<std::string, Work> works)
    : service_(service), node_(std::move(node)), works_(std::move(works)) {
  for (const auto& [kind, work] : works_) kinds_.push_back(kind);
}

Loop::~Loop() { stop(); }

void Loop::start(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

void Loop::wake() {
  {
    std::lock_guard lock(mutex_);
    ++wakes_;
  }
  changed_.notify_all();
}

void Loop::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Loop::run() {
  std::uint64_t seen = 0;
  while (true) {
    {
      std::lock_guard lock(mutex_);
      if (stopping_) return;
      seen = wakes_;
    }
    bool did = false;
    try {
      did = do_one();
    } catch (const std::exception& e) {
      log_error("job_loop_failed", {{"what", e.what()}});
    }
    if (did) continue;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, k_look_at_least_every, [&] { return stopping_ || wakes_ != seen; });
  }
}

bool Loop::do_one() {
  const Millis now = service_.now();
  const auto due =
      service_.db.read([&](Reader& reader) { return store::next_job_time(reader, kinds_); });
  if (!due || *due > now) return false;
  const auto job = service_.db.write(
      [&](Tx& tx) { return store::lease_job(tx, kinds_, node_, now, now + k_lease); });
  if (!job) return false;
  Done done;
  try {
    done = works_.at(job->kind)(*job);
  } catch (const Refusal& refusal) {
    done.trouble = "refused: " + refusal.reason();
  } catch (const std::exception& e) {
    done.trouble = e.what();
  }
  settle(*job, done);
  return true;
}

void Loop::settle(const store::Job& job, const Done& done) {
  const Millis now = service_.now();
  if (!done.trouble.empty())
    log_warn("job_postponed", {{"job", id_to_string(job.id)},
                               {"kind", job.kind},
                               {"why", done.trouble},
                               {"attempts", std::to_string(job.attempts)}});
  // Until it is written: a job left leased because the disk was full would wait for its lease to
  // end, and what it did would be done once more.
  while (true) {
    try {
      service_.db.write([&](Tx& tx) { write_outcome(tx, job, node_, done, now); });
      return;
    } catch (const DbError& e) {
      log_error("job_not_settled", {{"job", id_to_string(job.id)}, {"what", e.what()}});
    }
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, k_settle_again_after, [&] { return stopping_; })) return;
  }
}

}  // namespace beian::worker
