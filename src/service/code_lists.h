// The bureau's code lists (JCDM) beside ours (data/dictionaries): what differs, and what an
// administrator took over. Accepted entries count from the next start of the program.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "bureau/messages.h"
#include "service/review.h"
#include "service/service.h"

namespace beian::service {

// Keeps the lists; a difference to ours becomes a task. Returns how many entries came.
int apply_code_lists(Service& s, Tx& tx, const std::string& province, const std::string& file_name,
                     const bureau::CodeLists& lists);

// {dictionaries: [{id, title, changes: [{code, change, ours, theirs, province, note}]}]};
// change: added, renamed, retired, revived.
json::object show_code_differences(Service& s, Reader& reader, std::string_view locale);
// Takes over these entries of one dictionary; codes without a difference are passed over. Returns
// how many.
int accept_codes(Service& s, const Staff& staff, const std::string& dictionary,
                 const std::vector<std::int64_t>& codes);

// Puts accepted entries into the dictionaries read from data: once, at the start.
void overlay_accepted_codes(Reference& reference, Db& db);

// Entries that only bureaus name: "unfiled_outcomes", "verification_opinions", "reporting_units".
json::array show_received_codes(Reader& reader, const std::string& dictionary);

}  // namespace beian::service
