// Rows of an import about organisers that are filed already, here or elsewhere: which kind their
// websites call for, the bureau says (service/determine.h), and where it still wants the filing
// password, it is proven first (service/proof.h), with the limit on tries that pages have too. So
// each such organiser is a job of its own, with its question kept sealed until it is answered:
// killed and repeated, it doubles nothing.
//
// New websites of one organiser become one draft, each new access one of its own. What cannot begin
// is left out with its reason. A bureau that does not answer, and a password that is locked, are
// tried again for a day.
#pragma once

#include <string>
#include <vector>

#include "service/import_reading.h"
#include "service/service.h"
#include "store/imports.h"

namespace beian::service {

// The bureau is asked about this draft: its organiser is one's own and filed, or its table says
// that it is filed.
bool asks_bureau(Service& s, Reader& reader, Id agency, const ImportDraft& draft);
// Keeps the question and plants its job.
void ask_about_import(Service& s, Tx& tx, Id import, const ImportDraft& draft,
                      const std::vector<std::int64_t>& numbers);

// The job. Empty: answered, now or before; else why it is to be tried again.
std::string answer_import_question(Service& s, Id import, std::int64_t row);

}  // namespace beian::service
