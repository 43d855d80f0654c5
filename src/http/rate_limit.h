// Token buckets by key (an address, an account) in bounded memory. Safe from any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace beian {

struct Rate {
  double per_second = 0;  // 0: no limit
  double burst = 0;       // how many at once; at least 1 where there is a limit
};

class RateLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Remembers at most `max_keys`. Beyond that the longest unused are forgotten, which can only be
  // in a caller's favour.
  explicit RateLimiter(Rate rate, std::size_t max_keys = 100000);

  // Takes one token. Returns zero when it was there, else how long until there is one.
  [[nodiscard]] std::chrono::milliseconds take(std::string_view key, Time now);

  std::size_t size() const;

 private:
  struct Bucket {
    double tokens = 0;
    Time at;
  };
  using Buckets = std::unordered_map<std::string, Bucket>;

  Bucket& find_or_add(const std::string& key, Time now);

  const Rate rate_;
  const std::size_t max_keys_;
  mutable std::mutex mutex_;
  // Two generations: whoever is seen moves to `young_`; when that is half full or as old as a
  // bucket takes to fill up, `old_` is dropped and `young_` takes its place.
  Buckets young_, old_;
  Time turned_;
};

// What is limited together: an IPv4 address, or the /64 that an IPv6 customer has to himself.
std::string rate_key(std::string_view ip);

}  // namespace beian
