#include "filing/waits.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace beian {
namespace {

constexpr Millis k_minute = 60'000;
constexpr Millis k_day = 24 * 60 * k_minute;
constexpr double k_growth = 1.1;
constexpr int k_last_bucket = 200;  // more than three hundred years

// Bucket 0 is the first minute, bucket n the span from growth^(n-1) to growth^n minutes.
int bucket_of(Millis wait) {
  if (wait < k_minute) return 0;
  const double minutes = static_cast<double>(wait) / static_cast<double>(k_minute);
  return std::min(k_last_bucket, 1 + static_cast<int>(std::log(minutes) / std::log(k_growth)));
}

Millis middle_of(int bucket) {
  if (bucket == 0) return k_minute / 2;
  return static_cast<Millis>(std::pow(k_growth, bucket - 0.5) * static_cast<double>(k_minute));
}

std::int64_t read_number(std::string_view& text, char end) {
  std::int64_t n = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  text.remove_prefix(static_cast<std::size_t>(at - text.data()));
  const bool ended = text.empty() ? end == ' ' : text.front() == end;
  if (error != std::errc() || n < 0 || !ended) throw std::runtime_error("no histogram");
  if (!text.empty()) text.remove_prefix(1);
  return n;
}

}  // namespace

void WaitHistogram::add(Millis wait) { ++buckets_[bucket_of(wait)]; }

void WaitHistogram::add(const WaitHistogram& other) {
  for (const auto& [bucket, n] : other.buckets_) buckets_[bucket] += n;
}

std::int64_t WaitHistogram::count() const {
  std::int64_t total = 0;
  for (const auto& [bucket, n] : buckets_) total += n;
  return total;
}

std::optional<Millis> WaitHistogram::quantile(double share) const {
  const std::int64_t total = count();
  if (total == 0) return std::nullopt;
  const auto wanted = static_cast<std::int64_t>(std::ceil(share * static_cast<double>(total)));
  std::int64_t seen = 0;
  for (const auto& [bucket, n] : buckets_) {
    seen += n;
    if (seen >= wanted) return middle_of(bucket);
  }
  return middle_of(buckets_.rbegin()->first);
}

std::string WaitHistogram::pack() const {
  std::string out;
  for (const auto& [bucket, n] : buckets_) {
    if (!out.empty()) out += ' ';
    out += std::to_string(bucket) + ":" + std::to_string(n);
  }
  return out;
}

WaitHistogram WaitHistogram::unpack(std::string_view text) {
  WaitHistogram out;
  while (!text.empty()) {
    const std::int64_t bucket = read_number(text, ':');
    if (bucket > k_last_bucket) throw std::runtime_error("no histogram");
    out.buckets_[static_cast<int>(bucket)] += read_number(text, ' ');
  }
  return out;
}

Millis working_time(const Calendar& calendar, Millis from, Millis until) {
  Millis total = 0;
  while (from < until) {
    const Day day = shanghai_day(from);
    const Millis end = std::min(until, shanghai_midnight(day) + k_day);
    if (calendar.is_working_day(day)) total += end - from;
    from = end;
  }
  return total;
}

Millis working_days_ago(const Calendar& calendar, Millis now, int days) {
  Millis left = days * k_day, at = now;
  while (left > 0) {
    const Day day = shanghai_day(at - 1);
    const Millis begin = shanghai_midnight(day);
    const Millis span = at - begin;
    if (calendar.is_working_day(day)) {
      if (span >= left) return at - left;
      left -= span;
    }
    at = begin;
  }
  return at;
}

}  // namespace beian
