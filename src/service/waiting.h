// What the wait is really like: how long filings stood in each step, from our own history, as the
// daily numbers have it (service/statistics.h).
#pragma once

#include <string>

#include "base/json.h"
#include "service/service.h"

namespace beian::service {

// {"days", "minimum", "steps": [{state, count, median_hours, p80_hours, p90_hours, p95_hours,
// working_days: {p50, p80, p95}}]} of the steps that staff and bureaus answer for, of one province
// (GB/T 2260) or, where it is empty, of all. A step with fewer filings than data/statistics.json
// asks for is left out. Computed at most once in ten minutes. Throws Refusal{invalid,
// "period_invalid"} for a province without a bureau.
json::object waiting_times(Service& s, const std::string& province);

}  // namespace beian::service
