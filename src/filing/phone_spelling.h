// One way of writing phone numbers, whatever people and tables type (tests/vectors/contacts.json).
#pragma once

#include <string>
#include <string_view>

namespace beian {

// The spelling in which phone numbers are stored: no blanks, one sort of hyphen, an area code
// without brackets, a mobile number without hyphens and country code. The same in
// web/src/shared/form/clean.ts.
std::string canonical_phone(std::string_view text);

}  // namespace beian
