// What time does by itself: idle drafts end, used links and sessions go, files without a row go.
#pragma once

#include "worker/loop.h"

namespace beian::worker {

// The work of the one "clocks" job, once a minute.
Done tend_clocks(service::Service& s, const store::Job& job);
// The work of the one "announce_expiries" job, once a day.
Done announce_expiries(service::Service& s, const store::Job& job);
// The work of the one "index_filings" job: filings older than the search are made findable; it
// ends.
Done index_filings(service::Service& s, const store::Job& job);
// The work of the one "sweep_blobs" job, once a day.
Done sweep_blobs(service::Service& s, const store::Job& job);

// Makes sure that the standing jobs exist: clocks, sweep, and one line for each configured bureau.
void plant_standing_jobs(service::Service& s);

}  // namespace beian::worker
