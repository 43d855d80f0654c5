// What is not done in time rises: the clock puts it among the overdue (a queue with its own count),
// writes it down, and tells the seniors once, all of a round in one notice.
#pragma once

#include "service/service.h"

namespace beian::service {

// At most 500 a round; the rest in the next.
void tend_overdue(Service& s);

}  // namespace beian::service
