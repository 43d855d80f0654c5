// One act on many filings of a queue. Each is a transaction of its own and has its own result, so
// that one that moved on meanwhile keeps none of the others back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/refusal.h"
#include "service/review.h"
#include "service/service.h"

namespace beian::service {

enum class BulkAct {
  claim,    // for oneself
  assign,   // to a colleague
  release,  // one's own
  remind,   // the applicant, once a day
  posted,   // the backdrop is on its way
};
std::optional<BulkAct> bulk_act_from_string(std::string_view name);
inline constexpr std::size_t k_bulk_at_most = 100;

struct BulkItem {
  Id filing = 0;
  std::string tracking_number;  // of `posted`
};
struct BulkRequest {
  BulkAct act = BulkAct::claim;
  std::vector<BulkItem> items;
  Id assignee = 0;      // of `assign`
  Claim how;            // of `claim` and `assign`: those that somebody has
  std::string carrier;  // of `posted`
};
struct BulkResult {
  Id filing = 0;
  std::optional<Refusal> refusal;  // absent: done
};
// In the order of the items. Throws Refusal{invalid, "bulk_invalid"} for none, too many or doubled.
std::vector<BulkResult> do_in_bulk(Service& s, const Staff& staff, const BulkRequest& request);

}  // namespace beian::service
