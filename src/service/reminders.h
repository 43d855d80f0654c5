// What the clock does about filings that wait for the ministry's SMS check, and about certificates,
// domains and products that will end.
#pragma once

#include "service/service.h"

namespace beian::service {

// A reminder half-way through the ministry's 24 hours; when they and a grace are over and nobody
// said that the check is done, the filing is given back. (V3.0 carries no news of the check.)
void tend_sms_checks(Service& s);

// Mails owners 60, 30 and 7 days (data/deadlines.json) before something registered ends: each once.
void announce_expiries(Service& s);

}  // namespace beian::service
