// The registry on the console.
#pragma once

#include <optional>

#include "base/json.h"
#include "db/db.h"
#include "sandbox/setup.h"

namespace beian::sandbox {

// One filing with its numbers and its password; nullopt when there is none.
std::optional<json::object> subject_json(Reader& reader, const Dictionaries& dictionaries, Id id);

}  // namespace beian::sandbox
