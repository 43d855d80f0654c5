// What the bureau says becomes steps of filings: results and refusals (BAJG), publications with the
// numbers (BASJ). Order and repetition do not matter: each file is applied once, and each step only
// from the state it belongs to.
#pragma once

#include <string>

#include "bureau/messages.h"
#include "service/line_notes.h"
#include "service/service.h"

namespace beian::service {

// Applies one file in the caller's transaction. Returns what was done and what was not understood.
LineNotes apply_download(Service& s, Tx& tx, const std::string& province, Id isp_id,
                         const bureau::Download& download);

}  // namespace beian::service
