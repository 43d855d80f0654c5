// Where a change may give a filed website another domain: data/domain_changes.json, dated.
#pragma once

#include <string>

#include "base/json.h"
#include "service/draft.h"
#include "service/service.h"
#include "store/filings.h"

namespace beian::service {

// Whether the bureau of this province allows it today.
bool domain_may_change(const Service& s, const std::string& province);

// Throws Refusal{invalid, "content_invalid"} for a change that would give a website of a change
// another domain where its bureau does not allow it.
void require_domains_stay(const Service& s, const store::Filing& filing,
                          const std::vector<Change>& changes);

// Of a change: domains that differ from what is registered without being allowed or chosen, and
// those chosen and left as they were.
std::vector<Problem> check_domain_changes(const Service& s, const store::Filing& filing,
                                          const json::object& content);

}  // namespace beian::service
