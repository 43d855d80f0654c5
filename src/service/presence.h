// Who has a case and who else looks at it: what a page that shows a case asks for every ten seconds
// while it is in sight. Costs two point reads; a lease of 45 s is written anew at most every 20 s.
#pragma once

#include "base/json.h"
#include "service/review.h"
#include "service/service.h"

namespace beian::service {

// Takes or renews the lease. {"holder": {id, name, since} | null, "mine", "version", "revision",
// "viewers": [{id, name, since}]}: the viewers without oneself. Nothing personal of the filing's.
json::object visit_case(Service& s, const Staff& staff, Id filing);
void leave_case(Service& s, const Staff& staff, Id filing);

}  // namespace beian::service
