// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials/uscc.hpp"

#include <array>

#include "actors/credentials/code_text.hpp"
#include "protocols/types/result.hpp"

namespace zhili::credentials {
namespace {

constexpr auto values = [] {
  std::array<std::int8_t, 128> table{};
  table.fill(-1);
  for (std::size_t i = 0; i < uscc_alphabet.size(); ++i)
    table[static_cast<std::size_t>(uscc_alphabet[i])] = static_cast<std::int8_t>(i);
  return table;
}();

constexpr int value_of(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < values.size() ? values[byte] : -1;
}

constexpr bool in_region(std::size_t index) { return index >= 2 && index < 8; }

constexpr std::uint8_t place(std::size_t index) { return static_cast<std::uint8_t>(index + 1); }

}  // namespace

char uscc_check_character(std::string_view first17) {
  ZHILI_ASSERT(first17.size() == 17, "17 characters before the check");
  int sum = 0, weight = 1;
  for (const char c : first17) {
    sum += value_of(c) * weight;
    weight = weight * 3 % 31;
  }
  return uscc_alphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

char organisation_check_character(std::string_view first8) {
  ZHILI_ASSERT(first8.size() == 8, "8 characters before the check");
  constexpr int weights[8] = {3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    // Here letters count 10 to 35, unlike in the code around it.
    const char c = first8[i];
    sum += (c <= '9' ? c - '0' : c - 'A' + 10) * weights[i];
  }
  return "0X987654321"[sum % 11];
}

uscc_check check_uscc(std::string_view text) {
  if (const auto foreign = foreign_position(text, 18); foreign != 0)
    return {uscc_verdict::bad_character, static_cast<std::uint8_t>(foreign)};
  if (text.size() != 18) return {uscc_verdict::bad_length};
  for (std::size_t i = 0; i < 18; ++i)
    if (const int v = value_of(text[i]); v < 0 || (in_region(i) && v > 9))
      return {uscc_verdict::bad_character, place(i)};

  const char check = uscc_check_character(text.substr(0, 17));
  const char inner = organisation_check_character(text.substr(8, 8));
  const char inner_expected = inner == text[16] ? '\0' : inner;
  if (check != text[17]) return {uscc_verdict::bad_check, 18, check, inner_expected};
  if (inner_expected != 0) return {uscc_verdict::bad_organisation_check, 17, inner, inner};
  return {};
}

}  // namespace zhili::credentials
