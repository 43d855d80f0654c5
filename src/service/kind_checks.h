// What is checked of a filing because of its kind, beside form, rules and products.
#pragma once

#include <vector>

#include "base/json.h"
#include "base/refusal.h"
#include "service/service.h"
#include "store/filings.h"

namespace beian::service {

// Every defect of this kind: what is registered is out of date, nothing changes, the consequences
// were not agreed to.
std::vector<Problem> check_kind(Service& s, const store::Filing& filing,
                                const json::object& content);

// What stands in the way elsewhere: another filing under way for a domain or the organiser (one
// running order over all providers: result code 1003), a domain that is filed or no longer is.
std::vector<Problem> check_others(Service& s, Reader& reader, const store::Filing& filing);

}  // namespace beian::service
