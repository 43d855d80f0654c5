// How long steps took, read from the events.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "db/db.h"

namespace beian::store {

// State -> milliseconds that filings stood in it before somebody else moved them on, for the states
// that staff and bureaus answer for. At most the 20,000 latest steps are looked at.
std::map<std::string, std::vector<Millis>> waits_since(Reader& reader, Millis since);

}  // namespace beian::store
