// The one JSON library, and the bounded way in.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace beian {

namespace json = boost::json;

// Parses at most `max_bytes` of UTF-8 JSON nested at most 32 deep.
// Throws Refusal{bad_request, "json_invalid"} (or too_large) with the position of the fault.
json::value parse_json(std::string_view text, std::size_t max_bytes = 1 << 20);

// Reads a file of ours (data/…). Throws std::runtime_error naming file and position.
json::value read_json_file(const std::string& path);

// Members of a request body. Each throws Refusal{invalid} naming the member when it is missing or
// of another type; the `opt_` forms return nullopt when it is absent or null.
const json::object& as_object(const json::value& value);
std::string get_string(const json::object& object, std::string_view key,
                       std::size_t max_bytes = 4096);
std::int64_t get_int(const json::object& object, std::string_view key);
bool get_bool(const json::object& object, std::string_view key);
Id get_id(const json::object& object, std::string_view key);
std::optional<std::string> opt_string(const json::object& object, std::string_view key,
                                      std::size_t max_bytes = 4096);
std::optional<std::int64_t> opt_int(const json::object& object, std::string_view key);
std::optional<bool> opt_bool(const json::object& object, std::string_view key);
std::optional<Id> opt_id(const json::object& object, std::string_view key);

}  // namespace beian
