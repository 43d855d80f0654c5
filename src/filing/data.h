// Reading our own data files: every fault names where it is, because an operator edits them.
// Only for the .cc files of this room: it brings in the whole of Boost.JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace beian::data {

// `where` is what the message names: "form first_filing: field site_name".
[[noreturn]] void fault(std::string_view where, std::string_view what);

const json::object& object(const json::value& value, std::string_view where);
const json::array& array(const json::value& value, std::string_view where);
std::string text(const json::value& value, std::string_view where);
std::int64_t integer(const json::value& value, std::string_view where);

const json::value& member(const json::object& object, std::string_view key, std::string_view where);
std::string text_of(const json::object& object, std::string_view key, std::string_view where);
std::string text_or(const json::object& object, std::string_view key, std::string_view otherwise,
                    std::string_view where);
std::int64_t integer_or(const json::object& object, std::string_view key, std::int64_t otherwise,
                        std::string_view where);
bool flag_or(const json::object& object, std::string_view key, bool otherwise,
             std::string_view where);
std::vector<std::string> texts_or_none(const json::object& object, std::string_view key,
                                       std::string_view where);

}  // namespace beian::data
