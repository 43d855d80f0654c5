// Phones, e-mail and addresses of machines, by the ministry's limits (phones digits and '-', at
// least 11 characters; e-mail at most 128). Same checks in web/src/shared/form/contact.ts
// (tests/vectors/contacts.json). Each returns nothing for a good value, else one problem without a
// field.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/refusal.h"

namespace beian {

namespace json = boost::json;

// Landline area codes of the mainland (data/dictionaries/area_codes.json): code -> province.
class AreaCodes {
 public:
  static AreaCodes from_json(const json::value& value);
  bool has(std::string_view code) const;
  // GB/T 2260 code of the province of a landline ("0571-…"); nullopt for mobiles and unknown codes.
  std::optional<std::string> province(std::string_view phone) const;

 private:
  std::map<std::string, std::string, std::less<>> provinces_;
};

std::optional<Problem> check_mobile(std::string_view text);
// A landline with area code, a mobile number or a 400/800 number.
std::optional<Problem> check_phone(const AreaCodes& area_codes, std::string_view text);
std::optional<Problem> check_email(std::string_view text);

// Big-endian value of a dotted IPv4 address; nullopt for anything else (no octal, no short forms).
std::optional<std::uint32_t> parse_ipv4(std::string_view text);
std::string ipv4_to_string(std::uint32_t address);
// The usual short spelling of an IPv4 or IPv6 address (RFC 5952), or nullopt.
std::optional<std::string> canonical_ip(std::string_view text);
// Addresses that no website can have from outside are refused; IPv6 is advice, because interface
// V.3.0 carries 32 bits.
std::optional<Problem> check_ip(std::string_view text);

}  // namespace beian
