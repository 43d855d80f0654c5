// Time, passed in so that deadlines and expiries can be tested without waiting.
#pragma once

#include <atomic>
#include <cstdint>

namespace beian {

using Millis = std::int64_t;  // since 1970-01-01T00:00:00Z

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Millis now() const = 0;
};

class SystemClock : public Clock {
 public:
  Millis now() const override;
};

// Stands still until told otherwise. Thread-safe.
class ManualClock : public Clock {
 public:
  explicit ManualClock(Millis start) : now_(start) {}
  Millis now() const override { return now_.load(); }
  void advance(Millis by) { now_ += by; }
  void set(Millis to) { now_ = to; }

 private:
  std::atomic<Millis> now_;
};

}  // namespace beian
