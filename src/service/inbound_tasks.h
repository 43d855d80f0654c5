// What a bureau wants done, as tasks for the staff and news for the owner: verification tasks,
// unfiled websites, illegal accesses, inspection findings, notices.
#pragma once

#include "bureau/messages.h"
#include "service/inbound.h"

namespace beian::service {

// Returns how many tasks are new.
int open_tasks(Service& s, Tx& tx, const Inbound& in, const bureau::Download& download);

// ZXSJ: the registry, the owner and the staff hear that a record is cancelled.
LineNotes apply_cancellations(Service& s, Tx& tx, const Inbound& in,
                              const std::vector<bureau::CancelledRecord>& records);
// SJTB: what the bureau holds beside what we hold. Differences become tasks.
LineNotes compare_registry(Service& s, Tx& tx, const Inbound& in,
                           const bureau::Synchronisation& theirs);

}  // namespace beian::service
