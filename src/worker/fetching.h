// Files from the bureau: kept and applied in one transaction, acknowledged after it. What cannot be
// understood or applied is kept, shown to the operator and acknowledged: it must not block what
// comes behind it, and can be replayed.
#pragma once

#include "worker/line.h"

namespace beian::worker {

Round fetch_files(Line& line, int most);
// Applies stored files once more where an operator asked for it.
void replay_files(Line& line);

}  // namespace beian::worker
