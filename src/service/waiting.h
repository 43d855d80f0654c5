// What the wait is really like: how long filings stood in each step, from our own history.
#pragma once

#include "base/json.h"
#include "service/service.h"

namespace beian::service {

// {"steps": [{state, count, median_hours, p90_hours}]} over the last 90 days; computed at most once
// in ten minutes.
json::object waiting_times(Service& s);

}  // namespace beian::service
