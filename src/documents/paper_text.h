// What stands in a line of print: numbers with check digits, dates, names. No pictures here.
// Private to src/documents.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beian::documents {

// As labels and values are compared: without blanks and colons, full-width ASCII made narrow. Empty
// when it is no UTF-8.
std::u32string plain_print(std::string_view utf8);
std::string to_utf8(std::u32string_view text);

// GB 11643 and GB 32100 check digits (filing/identity.h says the rest of what must be right).
bool is_citizen_id(std::string_view number);
bool is_credit_code(std::string_view code);
// The number somewhere in a line of print, characters that look alike put right where that makes
// exactly one number whose check digit agrees.
std::optional<std::string> find_citizen_id(std::string_view line);
std::optional<std::string> find_credit_code(std::string_view line);
// "YYYY-MM-DD" of each date in a line, in order; "long" for 长期.
std::vector<std::string> find_dates(std::string_view line);
// The two ends of a validity as ID cards print it ("2020.01.01-2040.01.01", "2020.01.01-长期"): two
// of find_dates, also where 长期 was half misread. Else fewer than two.
std::vector<std::string> find_validity(std::string_view line);
// Without stray marks at either end; brackets as certificates have them.
std::string tidy(std::string_view value);
// Only the Han characters and the middle dot that names have, however a print's dot was read.
std::string only_name(std::string_view value);
// Letters and digits of a line.
std::string only_latin(std::string_view line);

}  // namespace beian::documents
