#include "service/waiting.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "store/waiting.h"

namespace beian::service {
namespace {

constexpr Millis k_history = 90LL * 24 * 3600 * 1000;
constexpr Millis k_fresh = 10 * 60 * 1000;
constexpr std::size_t k_enough = 5;  // fewer say nothing, and could point at one filing

double hours(Millis millis) { return static_cast<double>(millis / 36000) / 100.0; }

json::object compute(Service& s) {
  json::array steps;
  for (auto& [state, waits] :
       s.db.read([&](Reader& reader) { return store::waits_since(reader, s.now() - k_history); })) {
    if (waits.size() < k_enough) continue;
    std::sort(waits.begin(), waits.end());
    steps.push_back(json::object{{"state", state},
                                 {"count", waits.size()},
                                 {"median_hours", hours(waits[waits.size() / 2])},
                                 {"p90_hours", hours(waits[waits.size() * 9 / 10])}});
  }
  return {{"steps", std::move(steps)}};
}

}  // namespace

json::object waiting_times(Service& s) {
  static std::mutex mutex;
  static std::optional<json::object> last;
  static Millis computed_at = 0;
  std::lock_guard lock(mutex);
  if (!last || s.now() - computed_at > k_fresh) {
    last = compute(s);
    computed_at = s.now();
  }
  return *last;
}

}  // namespace beian::service
