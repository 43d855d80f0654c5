// Rolls what happened up into daily numbers (store/statistics.h): from the events, by days, never
// when somebody opens a page. A day is rolled up again and again while it lasts, once an hour after
// its end, and once days later, when mails that were tried for long have their fate. Rolling a day
// up twice gives the same.
#pragma once

#include <string>

#include "filing/date.h"
#include "service/service.h"

namespace beian::service {

// Rolls up at most `most` of the days that are due, the latest first. True when more are due.
bool roll_up_statistics(Service& s, int most);
// Rolls one day up from what the database has. Mails and short messages are left as they were
// counted where the day is older than their rows are kept for certain, and the queues, of which
// there is no history, where it is over. Whose working time it was follows data/calendar.
void roll_up_day(Service& s, Day day);
// The first day on which anything happened, today for an empty database.
Day first_statistics_day(Service& s);

}  // namespace beian::service
