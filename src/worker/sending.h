// Prepared files on their way to the bureau, one at a time in sequence. Before a second try the
// bureau is asked what it has (interface specification 3-3-4).
#pragma once

#include "worker/line.h"

namespace beian::worker {

// Sends what is prepared and what waits, at most `most` files.
Round send_files(Line& line, int most);

}  // namespace beian::worker
