#include "sandbox/identity.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

namespace beian::sandbox {
namespace {

int number_at(std::string_view digits, std::size_t from, std::size_t count) {
  int value = 0;
  for (std::size_t i = from; i < from + count; ++i) value = value * 10 + (digits[i] - '0');
  return value;
}

// Of the first 17 characters.
char citizen_check(std::string_view digits) {
  constexpr int k_weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += (digits[i] - '0') * k_weights[i];
  return "10X98765432"[sum % 11];
}

std::optional<char> credit_check(std::string_view code) {
  constexpr std::string_view k_alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  constexpr int k_weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) {
    const auto value = k_alphabet.find(code[i]);
    if (value == std::string_view::npos) return std::nullopt;
    sum += static_cast<int>(value) * k_weights[i];
  }
  return k_alphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

}  // namespace

bool is_citizen_number(std::string_view number) {
  if (number.size() != 18) return false;
  if (number.substr(0, 17).find_first_not_of("0123456789") != std::string_view::npos) return false;
  const char last = number[17] == 'x' ? 'X' : number[17];
  if (last != citizen_check(number)) return false;
  const std::chrono::year_month_day born{
      std::chrono::year(number_at(number, 6, 4)),
      std::chrono::month(static_cast<unsigned>(number_at(number, 10, 2))),
      std::chrono::day(static_cast<unsigned>(number_at(number, 12, 2)))};
  return born.ok() && number_at(number, 6, 4) >= 1880;
}

bool is_social_credit_code(std::string_view code) {
  if (code.size() != 18) return false;
  const auto check = credit_check(code);
  return check && code[17] == *check;
}

std::string invented_citizen_number(std::int64_t serial) {
  std::string number = fmt::format("99000019900101{:03}", serial % 1000);
  return number += citizen_check(number);
}

std::string invented_credit_code(std::int64_t serial) {
  std::string code = fmt::format("91990000M{:08}", 90'000'000 + serial % 10'000'000);
  return code += credit_check(code).value();
}

}  // namespace beian::sandbox
