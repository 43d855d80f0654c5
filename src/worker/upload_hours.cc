#include "worker/upload_hours.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

namespace beian::worker {
namespace {

constexpr Millis k_minute = 60'000;
constexpr int k_day = 24 * 60;
constexpr Millis k_china = 8 * 60 * k_minute;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Times of day in minutes, in order of appearance. A colon may be full-width.
std::vector<int> times_in(std::string text) {
  constexpr std::string_view k_wide_colon = "：";
  for (std::size_t at; (at = text.find(k_wide_colon)) != std::string::npos;)
    text.replace(at, k_wide_colon.size(), ":");
  std::vector<int> out;
  for (std::size_t i = 1; i + 2 < text.size(); ++i) {
    if (text[i] != ':' || !is_digit(text[i - 1]) || !is_digit(text[i + 1]) ||
        !is_digit(text[i + 2]))
      continue;
    int hour = text[i - 1] - '0';
    if (i >= 2 && is_digit(text[i - 2])) hour += 10 * (text[i - 2] - '0');
    const int minute = (text[i + 1] - '0') * 10 + (text[i + 2] - '0');
    if (hour > 24 || minute > 59) continue;
    out.push_back(std::min(hour * 60 + minute, k_day));
    i += 2;
    // Seconds, when they are written, are passed over.
    if (i + 3 < text.size() && text[i + 1] == ':' && is_digit(text[i + 2])) i += 3;
  }
  return out;
}

}  // namespace

std::optional<Millis> opens_at(std::string_view text, Millis now) {
  const std::vector<int> times = times_in(std::string(text));
  const int minute = static_cast<int>((now + k_china) / k_minute % k_day);
  std::optional<int> wait;  // minutes
  for (std::size_t i = 0; i + 1 < times.size(); i += 2) {
    const int from = times[i], until = times[i + 1];
    const bool open =
        from <= until ? minute >= from && minute < until : minute >= from || minute < until;
    if (open) return now;
    wait = std::min(wait.value_or(k_day), (from - minute + k_day) % k_day);
  }
  if (!wait) return std::nullopt;
  return (now / k_minute + *wait) * k_minute;
}

}  // namespace beian::worker
