#include "filing/identity.h"

#include <algorithm>
#include <array>

#include "base/narrow.h"
#include "base/text.h"
#include "filing/problem.h"

namespace beian {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

std::string one(char c) { return std::string(1, c); }

// ISO 7064 MOD 11-2 over the first 17 digits: the 18th of GB 11643.
char mod_11_2(std::string_view number) {
  static constexpr std::array<int, 17> k_weights{7, 9, 10, 5,  8, 4, 2, 1, 6,
                                                 3, 7, 9,  10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < k_weights.size(); ++i) sum += (number[i] - '0') * k_weights[i];
  return "10X98765432"[sum % 11];
}

// YYYYMMDD
std::optional<Day> compact_day(std::string_view text) {
  return parse_day(std::string(text.substr(0, 4)) + "-" + std::string(text.substr(4, 2)) + "-" +
                   std::string(text.substr(6, 2)));
}

std::optional<Problem> check_birth(std::string_view eight_digits, Day today) {
  const std::optional<Day> birth = compact_day(eight_digits);
  if (!birth) return problem("id_birth_date", {{"date", std::string(eight_digits)}});
  if (*birth > today) return problem("id_birth_future", {{"date", std::string(eight_digits)}});
  return std::nullopt;
}

// Shape, birth date and check digit of GB 11643; the region is the caller's.
std::optional<Problem> check_gb11643(const std::string& number, Day today) {
  if (number.size() != 18) {
    return problem("id_length", {{"length", std::to_string(count_characters(number))}});
  }
  for (std::size_t i = 0; i < 18; ++i) {
    if (is_digit(number[i]) || (i == 17 && number[i] == 'X')) continue;
    return problem("id_characters", {{"position", std::to_string(i + 1)}});
  }
  if (auto birth = check_birth(std::string_view(number).substr(6, 8), today)) return birth;
  const char correct = mod_11_2(number);
  if (number[17] == correct) return std::nullopt;
  return problem("id_check_digit", {{"correct", one(correct)}, {"actual", one(number[17])}});
}

// GB 32100: 31 characters, each worth its place in this row.
constexpr std::string_view k_uscc_alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

char uscc_check_character(std::string_view number) {
  int sum = 0;
  int weight = 1;
  for (std::size_t i = 0; i < 17; ++i) {
    sum += static_cast<int>(k_uscc_alphabet.find(number[i])) * weight;
    weight = weight * 3 % 31;
  }
  return k_uscc_alphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

// GB/T 17710 MOD 11,10 over the first 14 digits.
char mod_11_10(std::string_view number) {
  int product = 10;
  for (std::size_t i = 0; i < 14; ++i) {
    const int sum = (product + (number[i] - '0')) % 10;
    product = (sum == 0 ? 10 : sum) * 2 % 11;
  }
  return static_cast<char>('0' + (11 - product) % 10);
}

char gb11714_check(std::string_view eight) {
  static constexpr std::array<int, 8> k_weights{3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    sum += (is_digit(eight[i]) ? eight[i] - '0' : eight[i] - 'A' + 10) * k_weights[i];
  }
  const int check = 11 - sum % 11;
  return check == 10 ? 'X' : check == 11 ? '0' : static_cast<char>('0' + check);
}

// The length alone tells which of several kinds of number was meant.
bool has_shape(std::string_view rule, const std::string& number) {
  const std::size_t size = number.size();
  const bool ascii =
      std::all_of(number.begin(), number.end(), [](char c) { return is_digit(c) || is_letter(c); });
  if (rule == "uscc") return ascii && (size == 17 || size == 18 || size == 19);
  if (rule == "business_registration") return ascii && all_digits(number) && size <= 16;
  return true;
}

}  // namespace

std::string canonical_number(std::string_view number) {
  std::string canonical;
  for (char c : narrow_line(number)) {
    if (c == ' ') continue;
    canonical.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return canonical;
}

std::optional<Problem> check_citizen_id(std::string_view text, const Divisions& divisions,
                                        Day today) {
  const std::string number = canonical_number(text);
  const bool digits = number.size() >= 2 && all_digits(std::string_view(number).substr(0, 2));
  if (number.size() == 18 && digits && !divisions.has_province_digits(number.substr(0, 2))) {
    return problem("id_region", {{"region", number.substr(0, 2)}});
  }
  return check_gb11643(number, today);
}

std::optional<Problem> check_residence_permit(std::string_view text,
                                              const std::vector<std::string>& prefixes, Day today) {
  const std::string number = canonical_number(text);
  const bool known = std::ranges::any_of(
      prefixes, [&](const std::string& prefix) { return number.starts_with(prefix); });
  if (number.size() == 18 && !known) {
    return problem("id_prefix", {{"prefixes", join(prefixes, "/")}});
  }
  return check_gb11643(number, today);
}

std::optional<Problem> check_uscc(std::string_view text, const Divisions& divisions) {
  const std::string number = canonical_number(text);
  if (number.size() != 18) {
    return problem("uscc_length", {{"length", std::to_string(count_characters(number))}});
  }
  for (std::size_t i = 0; i < 18; ++i) {
    if (k_uscc_alphabet.find(number[i]) != std::string_view::npos) continue;
    return problem("uscc_character", {{"position", std::to_string(i + 1)}});
  }
  const char correct = uscc_check_character(number);
  if (number[17] != correct) {
    return problem("uscc_check_character",
                   {{"correct", one(correct)}, {"actual", one(number[17])}});
  }
  // "10" marks organisations registered with a national authority.
  const std::string region = number.substr(2, 2);
  if (region != "10" && !divisions.has_province_digits(region)) {
    return advice("uscc_region", {{"region", number.substr(2, 6)}});
  }
  return std::nullopt;
}

std::optional<Problem> check_business_registration(std::string_view text) {
  const std::string number = canonical_number(text);
  if (number.size() != 15 || !all_digits(number)) {
    return problem("business_number_length",
                   {{"length", std::to_string(count_characters(number))}});
  }
  const char correct = mod_11_10(number);
  if (number[14] == correct) return std::nullopt;
  return problem("business_number_check", {{"correct", one(correct)}, {"actual", one(number[14])}});
}

std::optional<Problem> check_organisation_code(std::string_view text) {
  std::string number = canonical_number(text);
  if (number.size() == 10 && number[8] == '-') number.erase(8, 1);
  const bool good = number.size() == 9 &&
                    std::all_of(number.begin(), number.begin() + 8,
                                [](char c) { return is_digit(c) || is_letter(c); }) &&
                    (is_digit(number[8]) || number[8] == 'X');
  if (!good) return problem("organisation_code_shape");
  const char correct = gb11714_check(number);
  if (number[8] == correct) return std::nullopt;
  return problem("organisation_code_check",
                 {{"correct", one(correct)}, {"actual", one(number[8])}});
}

std::optional<Problem> check_passport(std::string_view text) {
  const std::string number = canonical_number(text);
  const bool good =
      number.size() >= 5 && number.size() <= 17 &&
      std::ranges::all_of(number, [](char c) { return is_digit(c) || is_letter(c); }) &&
      std::ranges::any_of(number, is_digit);
  if (good) return std::nullopt;
  return problem("passport_shape");
}

std::optional<Problem> check_hk_macao_permit(std::string_view text) {
  const std::string number = canonical_number(text);
  const bool good = (number.size() == 9 || number.size() == 11) &&
                    (number[0] == 'H' || number[0] == 'M') &&
                    all_digits(std::string_view(number).substr(1));
  if (good) return std::nullopt;
  return problem("hk_macao_permit_shape");
}

std::optional<Problem> check_taiwan_permit(std::string_view text) {
  const std::string number = canonical_number(text);
  const std::string_view digits = std::string_view(number).substr(0, 10);
  const bool booklet = number.size() == 10 || (number.size() == 11 && is_letter(number[10]));
  if (all_digits(digits) && (number.size() == 8 || booklet)) return std::nullopt;
  return problem("taiwan_permit_shape");
}

std::optional<Problem> check_permanent_resident(std::string_view text, Day today) {
  const std::string number = canonical_number(text);
  const bool old_card = number.size() == 15 &&
                        std::all_of(number.begin(), number.begin() + 3, is_letter) &&
                        all_digits(std::string_view(number).substr(3));
  if (old_card) return std::nullopt;
  const bool new_card = number.size() == 18 && number[0] == '9' &&
                        all_digits(std::string_view(number).substr(0, 17)) &&
                        (is_digit(number[17]) || number[17] == 'X');
  if (!new_card) return problem("permanent_resident_shape");
  if (auto birth = check_birth(std::string_view(number).substr(6, 8), today)) return birth;
  const char correct = mod_11_2(number);
  if (number[17] == correct) return std::nullopt;
  // The rule of the card of 2023 is known to us from one description only.
  return advice("id_check_digit", {{"correct", one(correct)}, {"actual", one(number[17])}});
}

std::optional<Problem> check_officer_card(std::string_view text) {
  std::vector<char32_t> points = to_code_points(canonical_number(text));
  const auto is_number = [](char32_t c) {
    return (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z');
  };
  // 军字第1234567号: one to four Chinese characters, the number, perhaps 号.
  if (!points.empty() && points.back() == U'号') points.pop_back();
  const auto first = std::ranges::find_if(points, is_number);
  const auto chinese = std::distance(points.begin(), first);
  const auto digits = std::distance(first, points.end());
  const bool prefix_good =
      std::all_of(points.begin(), first, [](char32_t c) { return c >= 0x4E00 && c <= 0x9FFF; });
  if (prefix_good && chinese <= 4 && digits >= 4 && digits <= 12 &&
      std::all_of(first, points.end(), is_number)) {
    return std::nullopt;
  }
  return problem("officer_card_shape");
}

std::optional<Problem> check_any_number(std::string_view text) {
  const std::vector<char32_t> points = to_code_points(canonical_number(text));
  const bool good =
      points.size() >= 4 && points.size() <= 64 && std::ranges::all_of(points, [](char32_t c) {
        return (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') ||
               (c >= 0x4E00 && c <= 0x9FFF) || c == U'-' || c == U'/' || c == U'(' || c == U')' ||
               c == U'〔' || c == U'〕' || c == U'[' || c == U']' || c == U'.' || c == U'·' ||
               c == U'〇';
      });
  if (good) return std::nullopt;
  return problem("certificate_number_shape");
}

std::optional<Problem> check_certificate_number(const Dictionaries& dictionaries,
                                                const Divisions& divisions, std::int64_t type,
                                                std::string_view text, Day today) {
  const DictionaryEntry* entry = dictionaries.find("certificate_types", type);
  if (!entry) return problem("choice_unknown");
  const std::string number = canonical_number(text);
  const std::vector<std::string>& rules = entry->list("number");
  auto rule =
      std::ranges::find_if(rules, [&](const auto& name) { return has_shape(name, number); });
  if (rule == rules.end()) rule = rules.begin();
  if (rule == rules.end() || *rule == "any") return check_any_number(number);
  if (*rule == "citizen_id") return check_citizen_id(number, divisions, today);
  if (*rule == "residence_permit") {
    return check_residence_permit(number, entry->list("prefixes"), today);
  }
  if (*rule == "uscc") return check_uscc(number, divisions);
  if (*rule == "business_registration") return check_business_registration(number);
  if (*rule == "organisation_code") return check_organisation_code(number);
  if (*rule == "passport") return check_passport(number);
  if (*rule == "hk_macao_permit") return check_hk_macao_permit(number);
  if (*rule == "taiwan_permit") return check_taiwan_permit(number);
  if (*rule == "permanent_resident") return check_permanent_resident(number, today);
  if (*rule == "officer_card") return check_officer_card(number);
  return check_any_number(number);
}

std::optional<Day> birth_date(std::string_view text) {
  const std::string number = canonical_number(text);
  if (number.size() != 18 || !all_digits(std::string_view(number).substr(0, 17))) {
    return std::nullopt;
  }
  return compact_day(std::string_view(number).substr(6, 8));
}

}  // namespace beian
