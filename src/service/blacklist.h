// The bureaus' black list (HMDLB): who and what may not be filed. Asked at determination and at
// submit, so that the applicant hears it before the bureau says 1064 or 1065.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/refusal.h"
#include "bureau/messages.h"
#include "service/service.h"

namespace beian::service {

struct Suspect {
  std::int64_t certificate_type = 0;
  std::string certificate_number;
  std::string certificate_field;  // where a problem stands: "certificate_number"
  // Registrable domains in A-labels, each with its field.
  std::vector<std::pair<std::string, std::string>> domains;
};
// blacklisted_organiser, blacklisted_domain: hard, with the bureau and the day as source.
std::vector<Problem> blacklist_problems(Service& s, Reader& reader, const Suspect& suspect);
// The same for the content of a filing.
std::vector<Problem> blacklist_problems(Service& s, Reader& reader, const json::object& content);

// Takes over a list; returns how many entries changed. A black-listed website that is served here
// becomes a task.
int apply_blacklist(Service& s, Tx& tx, const std::string& province, const std::string& file_name,
                    const bureau::Download& download);

}  // namespace beian::service
