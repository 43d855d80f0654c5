// Record ids, made by the program so that a row can be written before the database has seen it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beian {

using Id = std::int64_t;

// A new positive id: milliseconds since 2020 in the high bits, 22 random bits below, so ids sort by
// age and two nodes practically never meet (one process never meets itself); a primary key catches
// the rest. In JSON ids are decimal strings, because a JavaScript number keeps only 53 bits.
// Not a secret: whoever must not guess it gets random_token().
Id new_id();

std::string id_to_string(Id id);
// nullopt unless `text` is 1 to 19 digits naming a positive 63-bit number.
std::optional<Id> id_from_string(std::string_view text);

}  // namespace beian
