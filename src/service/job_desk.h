// The administrator's verbs at jobs: to see why one does not get done, to have it tried now, to
// give it up.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "service/review.h"
#include "service/service.h"
#include "store/job_desk.h"

namespace beian::service {

// {counts: [{kind, state, n, next_at}], jobs: [{id, kind, state, province, filing_id, attempts,
// next_at, why, standing}], next}. `why` is a reason without addresses and numbers.
json::object show_jobs(Service& s, const store::JobQuery& query, std::string_view locale);

// At most 500 at once; what is being done right now, is gone, or may not be given up (the
// platform's own standing work, the lines to the bureaus) is passed over. Returns how many.
std::int64_t retry_jobs(Service& s, const Staff& by, store::JobQuery which);
// A message given up counts as refused: its receiver's list says so.
std::int64_t give_up_jobs(Service& s, const Staff& by, store::JobQuery which);

// "550 no such user ***@***, ref ***": whatever might name somebody is taken out.
std::string without_personal(std::string_view text);

}  // namespace beian::service
