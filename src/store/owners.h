// Whose a record of the bureau's is: by its ids and numbers, as the registry has them.
#pragma once

#include <optional>
#include <string>

#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct Owner {
  Id account_id = 0;
  Id filing_id = 0;    // 0: of none of ours
  std::string domain;  // of a website
  std::string number;
};
// By the bureau's id, else by the number; either may be absent (0, empty).
std::optional<Owner> owner_of_site(Reader& reader, Id bureau_id, const std::string& number);
std::optional<Owner> owner_of_organiser(Reader& reader, Id bureau_id, const std::string& number);
std::optional<Owner> owner_of_domain(Reader& reader, const std::string& domain);

// Whether a message of this key was written before (store/jobs.h).
bool was_told(Reader& reader, const std::string& message_key);

}  // namespace beian::store
