// Keeps a gate equal to the registry: reads all names once, then looks for changes several times a
// second and at once when told of one; a further reading of all goes on beside that. Trouble with
// the database leaves the gate as it is.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "db/db.h"
#include "gate/gate.h"

namespace beian::gate {

struct FollowerOptions {
  std::chrono::milliseconds look_every{200};
  std::chrono::hours read_all_every{6};  // should a change ever have been noted nowhere
  std::size_t most_changes = 20'000;     // more than these are read into a table of their own anew
  std::string snapshot = {};             // file to be ready from (snapshot.h); empty: none
  std::size_t snapshot_from = 200'000;   // names; fewer are read from the database as quickly
};

// Reads every filed name into a table. Throws DbError, and Stopped once `stop` is set.
struct Stopped {};
NameTable read_names(Db& db, const std::atomic<bool>* stop = nullptr);

class Follower {
 public:
  // Starts at once; both must outlive this object.
  Follower(Db& db, Gate& gate, FollowerOptions options = {});
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  void look_now();  // there may be a change

 private:
  // All names, and the position before they were read: changes since are looked at once more.
  struct Reading {
    NameTable names;
    std::int64_t position;
    std::chrono::milliseconds took;
  };

  void run();
  void look();
  bool start_from_snapshot();
  bool due() const;
  Reading read() const;
  void take(Reading reading);
  void keep_snapshot(std::int64_t position) const;
  std::vector<Gate::Change> changes_after(std::int64_t& position) const;
  bool wait(std::chrono::milliseconds at_most);  // false: to be stopped

  Db& db_;
  Gate& gate_;
  const FollowerOptions options_;
  std::int64_t position_ = 0;
  std::optional<std::chrono::steady_clock::time_point> read_at_;  // from the database
  std::future<Reading> reading_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> stopping_{false};
  bool told_ = false;
  std::thread thread_;
};

}  // namespace beian::gate
