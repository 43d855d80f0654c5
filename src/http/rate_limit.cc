#include "http/rate_limit.h"

#include <algorithm>
#include <utility>

#include "base/crypto.h"
#include "http/client_address.h"

namespace beian {

using Seconds = std::chrono::duration<double>;

RateLimiter::RateLimiter(Rate rate, std::size_t max_keys)
    : rate_{rate.per_second, std::max(rate.burst, 1.0)},
      max_keys_(std::max(max_keys, std::size_t{2})) {}

std::chrono::milliseconds RateLimiter::take(std::string_view key, Time now) {
  if (rate_.per_second <= 0) return std::chrono::milliseconds(0);
  const std::lock_guard lock(mutex_);
  Bucket& bucket = find_or_add(std::string(key), now);
  const double elapsed = std::max(0.0, Seconds(now - bucket.at).count());
  bucket.tokens = std::min(rate_.burst, bucket.tokens + elapsed * rate_.per_second);
  bucket.at = std::max(bucket.at, now);
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return std::chrono::milliseconds(0);
  }
  const Seconds wait((1 - bucket.tokens) / rate_.per_second);
  return std::chrono::duration_cast<std::chrono::milliseconds>(wait) + std::chrono::milliseconds(1);
}

RateLimiter::Bucket& RateLimiter::find_or_add(const std::string& key, Time now) {
  const Seconds fills_in(rate_.burst / rate_.per_second);
  if (young_.size() >= max_keys_ / 2 || Seconds(now - turned_) > fills_in) {
    old_ = std::exchange(young_, {});
    turned_ = now;
  }
  const auto young = young_.find(key);
  if (young != young_.end()) return young->second;
  const auto old = old_.find(key);
  if (old != old_.end()) return young_.insert(old_.extract(old)).position->second;
  return young_.emplace(key, Bucket{rate_.burst, now}).first->second;
}

std::size_t RateLimiter::size() const {
  const std::lock_guard lock(mutex_);
  return young_.size() + old_.size();
}

std::string rate_key(std::string_view ip) {
  const auto bytes = parse_ip(ip);
  if (!bytes) return std::string(ip);
  std::string text = ip_to_string(*bytes);
  if (text.find(':') == std::string::npos) return text;
  return to_hex({reinterpret_cast<const char*>(bytes->data()), 8});
}

}  // namespace beian
