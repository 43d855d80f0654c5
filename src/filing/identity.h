// Certificate numbers, checked to the digit. Which check a certificate type uses is data: the list
// "number" of its entry in data/dictionaries/certificate_types.json; of several names the first
// whose shape fits counts. The same checks exist in web/src/shared/form/identity.ts
// (tests/vectors/identity.json).
//
// Every function returns nothing for a good number, else one problem without a field. Numbers are
// expected as clean_line leaves them; small letters are accepted where the standard has capitals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"
#include "filing/date.h"
#include "filing/dictionary.h"
#include "filing/division.h"

namespace beian {

// GB 11643-1999: region, birth date, sequence, check digit (ISO 7064 MOD 11-2). Says which digit
// the last one should be.
std::optional<Problem> check_citizen_id(std::string_view number, const Divisions& divisions,
                                        Day today);
// Residence permits of Hong Kong, Macao and Taiwan residents: GB 11643 with the six digits given.
std::optional<Problem> check_residence_permit(std::string_view number,
                                              const std::vector<std::string>& prefixes, Day today);
// GB 32100-2015: 18 characters without I, O, S, V, Z; a check character modulo 31. An unknown
// region is advice, not a refusal: national registers use codes of their own.
std::optional<Problem> check_uscc(std::string_view number, const Divisions& divisions);
// Old business registration number: 15 digits, check digit by GB/T 17710 MOD 11,10.
std::optional<Problem> check_business_registration(std::string_view number);
// GB 11714-1997: eight characters and a check character, with or without a hyphen.
std::optional<Problem> check_organisation_code(std::string_view number);
std::optional<Problem> check_passport(std::string_view number);
std::optional<Problem> check_hk_macao_permit(std::string_view number);
std::optional<Problem> check_taiwan_permit(std::string_view number);
// Both shapes in use: three letters and twelve digits, or since 2023 eighteen characters from '9'.
std::optional<Problem> check_permanent_resident(std::string_view number, Day today);
std::optional<Problem> check_officer_card(std::string_view number);
// Certificates without a published rule: 4 to 64 letters, digits, Chinese characters and -/()号.
std::optional<Problem> check_any_number(std::string_view number);

// The entry point: by the ministry's certificate type. An unknown type gives choice_unknown.
std::optional<Problem> check_certificate_number(const Dictionaries& dictionaries,
                                                const Divisions& divisions, std::int64_t type,
                                                std::string_view number, Day today);

// The form in which a number is stored, compared and sent: capitals, no blanks.
std::string canonical_number(std::string_view number);
// The birth date inside a number of GB 11643 or of the new permanent-resident card.
std::optional<Day> birth_date(std::string_view number);

}  // namespace beian
