// The bureau's own look at numbers that carry a check digit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace beian::sandbox {

// GB 11643: 17 digits with a possible date of birth, then 0-9 or X. The region is not looked up.
bool is_citizen_number(std::string_view number);
// GB 32100: 18 characters without I, O, Z, S, V, the last one a check character (modulo 31).
bool is_social_credit_code(std::string_view code);

// Numbers of nobody, right by their check characters: of a region (990000) that does not exist.
std::string invented_citizen_number(std::int64_t serial);
std::string invented_credit_code(std::int64_t serial);

}  // namespace beian::sandbox
