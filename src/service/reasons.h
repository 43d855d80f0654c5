// Ready-made reasons that learn: which were sent for a field, and a reviewer's own wordings. The
// texts stay in data/reasons.json; only codes are counted here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "service/review.h"
#include "service/service.h"
#include "store/cases.h"

namespace beian::service {

// "sites.s2.manager.name" -> "sites.*.manager.name".
std::string field_pattern(std::string_view field);

// In the transaction of the return: counts the reasons sent, and keeps wordings that hold nothing
// about a person or this filing.
void learn_reasons(Service& s, Tx& tx, const Staff& staff, const store::Filing& filing,
                   const std::vector<store::Correction>& sent);

// The contract's ReasonUses, for one case.
json::object show_reason_uses(Service& s, Reader& reader, const Staff& staff,
                              const store::Filing& filing);

}  // namespace beian::service
