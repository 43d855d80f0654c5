// What waits to be sent becomes a file with the next sequence number: ready filings of one kind, up
// to the bureau's limits; answers to its tasks; changes of the provider's addresses. The step of
// each filing to `sending` and the file are one transaction, so from here on no filing is without
// its file. Memory is bounded by one file.
#pragma once

#include "worker/line.h"

namespace beian::worker {

// False when nothing waits.
bool prepare_next(Line& line);

}  // namespace beian::worker
