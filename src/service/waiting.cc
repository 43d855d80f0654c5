#include "service/waiting.h"

#include <cmath>
#include <map>
#include <mutex>

#include "filing/waits.h"
#include "service/account.h"
#include "service/statistics_report.h"

namespace beian::service {
namespace {

constexpr Millis k_fresh = 10 * k_minute;

double rounded(std::optional<Millis> wait, Millis unit) {
  return std::round(static_cast<double>(wait.value_or(0)) * 100 / static_cast<double>(unit)) / 100;
}

json::object compute(Service& s, const std::string& province) {
  const json::value document = read_json_file(s.config.data_dir + "/statistics.json");
  const json::object& waits = as_object(as_object(document).at("waits"));
  const std::int64_t days = get_int(waits, "days"), minimum = get_int(waits, "minimum");
  const Day today = shanghai_day(s.now());
  const store::Period period = read_period(s, day_to_string(today - std::chrono::days(days)),
                                           day_to_string(today), province, "");
  struct Step {
    WaitHistogram elapsed, working;
  };
  std::map<std::string, Step> found;
  for (const store::Waited& row :
       s.db.read([&](Reader& reader) { return store::waits_of(reader, period, "step"); })) {
    found[row.item].elapsed.add(WaitHistogram::unpack(row.elapsed));
    found[row.item].working.add(WaitHistogram::unpack(row.working));
  }
  json::array steps;
  for (const char* state : {"initial_review", "photo_review", "bureau_review"}) {
    const auto& [elapsed, working] = found[state];
    if (elapsed.count() < minimum || elapsed.count() == 0) continue;
    steps.push_back(json::object{
        {"state", state},
        {"count", elapsed.count()},
        {"median_hours", rounded(elapsed.quantile(0.5), k_hour)},
        {"p80_hours", rounded(elapsed.quantile(0.8), k_hour)},
        {"p90_hours", rounded(elapsed.quantile(0.9), k_hour)},
        {"p95_hours", rounded(elapsed.quantile(0.95), k_hour)},
        {"working_days", json::object{{"p50", rounded(working.quantile(0.5), k_day)},
                                      {"p80", rounded(working.quantile(0.8), k_day)},
                                      {"p95", rounded(working.quantile(0.95), k_day)}}}});
  }
  return {{"days", days}, {"minimum", minimum}, {"steps", std::move(steps)}};
}

}  // namespace

json::object waiting_times(Service& s, const std::string& province) {
  struct Kept {
    Millis at = 0;
    json::object answer;
  };
  static std::mutex mutex;
  static std::map<std::string, Kept> kept;  // at most one for each bureau, and one for all
  std::lock_guard lock(mutex);
  const auto found = kept.find(province);
  if (found != kept.end() && s.now() - found->second.at < (s.config.demo ? 1000 : k_fresh))
    return found->second.answer;
  json::object answer = compute(s, province);
  kept[province] = {s.now(), answer};
  return answer;
}

}  // namespace beian::service
