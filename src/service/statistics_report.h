// The numbers of a period as the desk's page shows and exports them, added up from days.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "service/review.h"
#include "service/service.h"
#include "store/statistics.h"

namespace beian::service {

// Throws Refusal{invalid, "period_invalid"} naming `from` or `until` when they are no days, stand
// in the wrong order, or are more than 1,100 days apart; `province` and `kind` may be empty.
store::Period read_period(const Service& s, const std::string& from, const std::string& until,
                          const std::string& province, const std::string& kind);

// Schema Statistics of the contract, of the provinces in this person's scope. Whoever is neither
// senior nor administrator sees of the reviewers only himself; whoever has a scope of customers
// sees nothing else.
json::object show_statistics(Service& s, const Staff& staff, const store::Period& period,
                             std::string_view locale);

// One part of it as a table: intake, provinces, reasons, steps, reviewers, messages, queue. The
// first row holds the headings. Throws Refusal{not_found, "not_found"} for another name.
using Table = std::vector<std::vector<std::string>>;
Table statistics_table(Service& s, const Staff& staff, const store::Period& period,
                       const std::string& part, std::string_view locale);

}  // namespace beian::service
