// IPv4 addresses as the interface writes them: one number, the first octet highest (V3.0 §3.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beian::service {

// nullopt unless it is four decimal parts of 0 to 255.
std::optional<std::uint32_t> ipv4_from_text(std::string_view text);
std::string ipv4_to_text(std::int64_t number);

}  // namespace beian::service
