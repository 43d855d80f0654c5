// The connections to the bureaus: what the configuration says (service/service.h, [[bureaus]]),
// what an administrator changes of it while the platform runs (setting "line.<province>"), how each
// fares, and trying one. Addresses, names and secrets are the configuration's alone.
#pragma once

#include <string>
#include <string_view>

#include "base/config.h"
#include "base/json.h"
#include "service/review.h"
#include "service/service.h"

namespace beian::service {

// nullptr where no [[bureaus]] has this province.
const BureauConfig* configured_line(const Service& s, std::string_view province);

struct LineNow {
  BureauConfig config;  // with what was changed
  bool paused = false;  // files are neither sent nor fetched
};
LineNow line_now(const Service& s, const BureauConfig& configured);

// {paused, poll_seconds, upload_hours, max_file_mb, max_records}, schema LineParameters: without a
// change.
json::object parameters_of(const BureauConfig& configured);
// As it is kept. Throws Refusal{invalid}; a file may hold no more than the configuration allows.
json::value checked_parameters(const BureauConfig& configured, const json::value& value);
// After a change: no hour of before keeps the line resting, and it is looked at at once.
void follow_parameters(Service& s, Tx& tx, const std::string& province);

// {connections: [Connection]}, in the configuration's order.
json::object show_connections(Service& s, std::string_view locale);
// {good, at, findings}. Takes up to a minute; Refusal{conflict, "connection_test_runs"} while
// another test runs, Refusal{not_found} for a province without a connection.
json::object test_connection(Service& s, const Staff& by, const std::string& province,
                             std::string_view locale);

}  // namespace beian::service
