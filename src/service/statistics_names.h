// Which sums the numbers are made of, for the page and its tables (service/statistics_report.h).
#pragma once

#include <string_view>
#include <vector>

namespace beian::service {

// How steps are called in the sums: the action and the state it left.
struct TotalName {
  const char* name;
  std::vector<std::string_view> items;
};
const std::vector<TotalName>& step_totals();
const std::vector<TotalName>& first_totals();

inline constexpr int k_bands = 5;  // of how long open filings have waited

}  // namespace beian::service
