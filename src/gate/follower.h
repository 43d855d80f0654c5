// Keeps a gate equal to the registry: reads all names once, then looks for changes several times a
// second and at once when told of one. Trouble with the database leaves the gate as it is.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "db/db.h"
#include "gate/gate.h"

namespace beian::gate {

struct FollowerOptions {
  std::chrono::milliseconds look_every{200};
  std::chrono::hours read_all_every{6};  // should a change ever have been noted nowhere
  std::size_t most_changes = 20'000;     // more than these are read into a table of their own anew
};

// Reads every filed name into a table. Throws DbError.
NameTable read_names(Db& db);

class Follower {
 public:
  // Starts at once; both must outlive this object.
  Follower(Db& db, Gate& gate, FollowerOptions options = {});
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  void look_now();  // there may be a change

 private:
  void run();
  void look();
  void read_all();
  bool wait(std::chrono::milliseconds at_most);  // false: to be stopped

  Db& db_;
  Gate& gate_;
  const FollowerOptions options_;
  std::int64_t position_ = 0;
  std::chrono::steady_clock::time_point read_all_at_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false, told_ = false;
  std::thread thread_;
};

}  // namespace beian::gate
