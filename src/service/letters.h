// Letters: applicant and staff write to each other on a filing. The other side is told that there
// is one, never what it says. Staff's notes among themselves are something else (calls, decisions).
#pragma once

#include "base/json.h"
#include "service/by.h"
#include "service/review.h"
#include "service/service.h"
#include "store/letters.h"

namespace beian::service {

inline constexpr std::size_t k_most_letter = 2000;          // characters
inline constexpr std::int64_t k_most_letters_an_hour = 20;  // of one side on one filing

// People's own words without invisible marks and runs of blanks; full-width signs stay.
std::string clean_words(const std::string& typed);

// All of a filing, oldest first. `seen`: whoever asks has read them.
std::vector<store::Letter> letters_of(Service& s, Id account, Id filing, bool seen);
std::vector<store::Letter> letters_at_desk(Service& s, const Staff& staff, Id filing, bool seen);

// Throw Refusal{invalid} for a text that is empty or too long, Refusal{conflict, "letter_draft"} on
// a draft, which staff does not see, and Refusal{too_many, "letters_too_many"}.
store::Letter write_letter(Service& s, const By& by, Id filing, const std::string& text);
store::Letter write_letter_as_staff(Service& s, const Staff& staff, Id filing,
                                    const std::string& text);

}  // namespace beian::service
