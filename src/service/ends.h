// Filings that wait for their applicant beyond the limit of their step: warned of, then ended.
#pragma once

#include "service/service.h"

namespace beian::service {

// The clock's, once a minute: what was returned or waits for the verification photograph is
// announced to end (data/deadlines.json: warn_days before its due time) and ends when that is over,
// unless somebody has touched it within a day. Product slots go back.
void tend_waiting_filings(Service& s);

}  // namespace beian::service
