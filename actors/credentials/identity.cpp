// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials/identity.hpp"

#include <chrono>

#include "actors/credentials/code_text.hpp"
#include "actors/credentials/region.hpp"

namespace zhili::credentials {
namespace {

bool calendar_day(unsigned year, unsigned month, unsigned day) {
  return std::chrono::year_month_day{std::chrono::year{static_cast<int>(year)}, std::chrono::month{month},
                                     std::chrono::day{day}}
      .ok();
}

// Beside the mainland: Taiwan, Hong Kong, Macao, and 83 for residence permits of Taiwan residents.
bool identity_province(unsigned code) {
  return mainland_province(code) || code == 71 || code == 81 || code == 82 || code == 83;
}

char check_character(std::string_view first17) {
  constexpr unsigned weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  unsigned sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += static_cast<unsigned>(first17[i] - '0') * weights[i];
  return "10X98765432"[sum % 11];
}

}  // namespace

identity_check check_identity(std::string_view text) {
  using enum identity_verdict;
  if (const auto foreign = foreign_position(text, 18); foreign != 0)
    return {bad_character, static_cast<std::uint8_t>(foreign)};
  if (text.size() != 18) return {bad_length};
  for (std::size_t i = 0; i < 18; ++i)
    if ((text[i] < '0' || text[i] > '9') && !(i == 17 && text[i] == 'X'))
      return {bad_character, static_cast<std::uint8_t>(i + 1)};
  if (!identity_province(number_of(text.substr(0, 2)))) return {bad_region, 1};
  if (!calendar_day(number_of(text.substr(6, 4)), number_of(text.substr(10, 2)), number_of(text.substr(12, 2))))
    return {bad_birth_date, 7};
  if (const char check = check_character(text.substr(0, 17)); check != text[17]) return {bad_check, 18, check};
  return {};
}

bool plausible_old_identity(std::string_view text) {
  return text.size() == 15 && all_digits(text) && identity_province(number_of(text.substr(0, 2))) &&
         calendar_day(1900 + number_of(text.substr(6, 2)), number_of(text.substr(8, 2)), number_of(text.substr(10, 2)));
}

}  // namespace zhili::credentials
