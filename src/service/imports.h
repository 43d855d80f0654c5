// Batch import of an agency's clients: a table of organisers and websites becomes drafts: of first
// filings, and where the organiser is filed already, of the kind that the determination finds
// (import_asking.h). Nothing is made before somebody has seen what is wrong and confirmed; then a
// job makes the drafts in batches, and knows of every row whether it was done: killed and repeated,
// it doubles nothing. The same file is the same import.
//
// A row is a website. Rows with the same certificate become one draft with several websites, named
// by its first row. Left out are rows that cannot be read (errors of the preview), and ones that
// are there already: an open filing of this organiser or with this domain, or one that is filed
// under another account. The preview says of both what the registry knows by then.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "service/service.h"
#include "store/imports.h"

namespace beian::service {

inline constexpr std::size_t k_most_problems_shown = 500;

// Reads and checks the table. The same file again gives the import that there is. Refusal{invalid,
// "import_unreadable"} where it is no table, "import_columns_missing" naming the columns.
json::object check_import(Service& s, Id agency, Id person, const std::string& name,
                          const std::string& file, std::string_view locale);
json::object show_import(Service& s, Id agency, Id import, std::string_view locale);
json::array list_imports(Service& s, Id agency);
// Makes drafts of the rows without errors. Refusal{conflict, "import_faulty"} where rows have
// errors and `skip_faulty` is not said; "import_nothing" where no row is good.
void confirm_import(Service& s, Id agency, Id import, bool skip_faulty);
void drop_import(Service& s, Id agency, Id import);

// The job: goes on where it was. False when it stopped after `patience` with rows left.
bool run_import(Service& s, Id import, Millis patience);

}  // namespace beian::service
