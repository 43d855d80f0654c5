// The clients of an agency: folders in which its filings lie, each in exactly one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "service/service.h"
#include "store/agencies.h"

namespace beian::service {

// With their counters, by name; `word` in the name, empty for all.
json::object show_clients(Service& s, Id agency, const std::string& word);
json::object show_client(Service& s, Id agency, Id client);
// Refusal{conflict, "client_known"} for a name that the agency has.
json::object add_client(Service& s, Id agency, const std::string& name);
json::object rename_client(Service& s, Id agency, Id client, const std::string& name);
// Refusal{conflict, "client_in_use"} while filings lie in it.
void remove_client(Service& s, Id agency, Id client);
void move_filing_to_client(Service& s, Id agency, Id filing, Id client);

// A page of the agency's filings, newest change first: {filings, next}.
json::object show_agency_filings(Service& s, Id agency, const store::FilingPage& page,
                                 std::string_view locale);
// The keyset position in `next`, as the page gave it; throws Refusal{invalid} for another text.
void read_position(const std::string& position, store::FilingPage& page);

// The folder for a new draft: the one asked for, else that of the organiser's latest filing.
// nullopt for an account that is no agency. Refusal{invalid, "client_needed"} where an agency named
// none.
std::optional<Id> client_for_draft(Service& s, Reader& reader, const store::Filing& draft);
// The folder of that name, made when there is none.
Id client_named(Service& s, Tx& tx, Id agency, const std::string& name);
std::string checked_client_name(const std::string& typed);

}  // namespace beian::service
