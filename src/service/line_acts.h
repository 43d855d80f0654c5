// What people have the lines to the bureaus do once more. Both are written into the audit trail.
#pragma once

#include <string>

#include "service/audit.h"
#include "service/service.h"

namespace beian::service {

// A file that was sent goes once more, as it was. False where it is no longer kept.
bool send_again(Service& s, Tx& tx, const Doer& by, const std::string& province,
                std::int64_t sequence);
// A file that was received is applied once more. False where it is no longer kept.
bool apply_again(Service& s, Tx& tx, const Doer& by, const std::string& province,
                 const std::string& file_name);

}  // namespace beian::service
