#pragma once

#include <cstdint>
#include <string_view>

#include "base/json.h"

namespace beian::sandbox {

// An IPv4 address as a number or as 203.0.113.1. Throws Refusal{invalid} naming the member.
std::uint32_t address_in(const json::object& object, std::string_view member);

}  // namespace beian::sandbox
