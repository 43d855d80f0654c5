// Small text work that several rooms need: cleaning what people type, and masking what lists show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beian {

bool is_utf8(std::string_view text);
std::size_t count_characters(std::string_view utf8);
std::vector<char32_t> to_code_points(std::string_view utf8);  // requires is_utf8
std::string from_code_points(const std::vector<char32_t>& points);
// Trims, folds full-width ASCII (not （）, see base/narrow.h, nor ，；：？！ in Chinese), drops
// what is invisible, joins blanks: the same in web/src/shared/form/clean.ts
// (tests/vectors/clean.json).
std::string clean_line(std::string_view utf8);
std::string to_lower_ascii(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// Lists, logs and messages show personal data only like this (PIPL art. 51; GB/T 35273 7.2).
std::string mask_id_number(std::string_view number);  // 110101********1234
std::string mask_phone(std::string_view phone);       // 138****1234
std::string mask_name(std::string_view name);         // 张* , 欧阳**
std::string mask_email(std::string_view email);       // a***@example.com

}  // namespace beian
