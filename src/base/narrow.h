// Brackets of either width as one: what is typed keeps them (base/text.h), what is compared does
// not.
#pragma once

#include <string>
#include <string_view>

namespace beian {

// clean_line with narrow brackets: for numbers, and where two spellings of one name are the same.
// The same in web/src/shared/form/clean.ts.
std::string narrow_line(std::string_view utf8);

}  // namespace beian
