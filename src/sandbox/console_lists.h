// The console's plain lists.
#pragma once

#include "base/json.h"
#include "db/db.h"
#include "sandbox/setup.h"

namespace beian::sandbox {

// 通讯参数 of every provider, secrets included: this is where an operator reads them.
json::object providers_json(Reader& reader);
// Proof that nothing is sent twice: acceptances of each sequence number and of each record.
json::object accepted_json(Reader& reader);
json::object uploads_json(Reader& reader);  // the last 50, with what became of them
json::object files_json(Reader& reader);    // the last 50 for download
// The codes an officer may add to a return.
json::object codes_json(const Dictionaries& dictionaries);

}  // namespace beian::sandbox
