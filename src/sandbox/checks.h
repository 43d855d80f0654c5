// The automatic check of a new filing (异步校验): codes of the ministry, all of them at once.
#pragma once

#include <vector>

#include "bureau/messages.h"
#include "db/db.h"
#include "sandbox/settings.h"
#include "sandbox/setup.h"

namespace beian::sandbox {

// The ministry's text for the code, and what it is about; at most 255 characters, as Dmms is.
bureau::ResultCode result_code(const Dictionaries& dictionaries, std::int64_t code,
                               const std::string& about = "");
// Adds it unless the same is there already.
void add(std::vector<bureau::ResultCode>& codes, bureau::ResultCode code);

// Against itself and the dictionaries.
std::vector<bureau::ResultCode> check_content(const Dictionaries& dictionaries,
                                              const Province& province,
                                              const bureau::NewFiling& filing);

// Against what is filed, in flight or black-listed.
std::vector<bureau::ResultCode> check_registry(Reader& reader, const Dictionaries& dictionaries,
                                               const Settings& settings, Id isp_id,
                                               const bureau::NewFiling& filing);

}  // namespace beian::sandbox
