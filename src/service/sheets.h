// Papers to print, sign and seal, made from a filing (data/documents/sheets.json), and the uploaded
// signed copy told apart from one that was printed before something changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "service/review.h"
#include "service/service.h"
#include "store/filings.h"
#include "store/materials.h"

namespace beian::service {

// PDF of "verification_form", "authorisation", "commitment" or a letter that the bureau asks for
// ("no_finance_pledge": the name is that of the material) as the filing is now. Throws
// Refusal{not_found, "sheet_unknown"} for others and for those this organiser does not need, and
// Refusal{conflict, "sheet_incomplete"} while the filing lacks what the paper is about.
std::string print_sheet(Service& s, Id account, Id filing, const std::string& kind);
// For staff who hold the case; the look is written down.
std::string print_sheet_as_staff(Service& s, const Staff& staff, Id filing,
                                 const std::string& kind);
// The kinds that this filing may print, for the page.
std::vector<std::string> sheets_of(const Service& s, Kind filing, const json::object& content);

// A picture for keeping elsewhere: with the watermark.
std::string download_material_as_staff(Service& s, const Staff& staff, Id filing, Id material);

enum class SheetMatch {
  current,   // says what the filing says now
  outdated,  // of this filing, but something changed after it was printed
  foreign,   // of another filing, or another paper
  no_code,   // the code cannot be found or read
};
std::string_view to_string(SheetMatch match);
SheetMatch match_sheet(Service& s, const store::Filing& filing, const json::object& content,
                       const store::Material& material, const std::vector<std::string>& codes);

}  // namespace beian::service
