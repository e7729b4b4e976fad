// SPDX-License-Identifier: Apache-2.0
// 统一社会信用代码, the unified social credit code of GB 32100-2015, with the organisation code of GB 11714 inside:
// two check characters, hence two chances to catch a slip.
#pragma once

#include <cstdint>
#include <string_view>

namespace zhili::credentials {

/// The 31 characters of the code, by value. I, O, S, V and Z are left out.
inline constexpr std::string_view uscc_alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

enum class uscc_verdict : std::uint8_t {
  good,
  /// Not 18 characters.
  bad_length,
  /// A character outside the alphabet, or a letter in the region (places 3 to 8).
  bad_character,
  /// Place 18 is wrong; the organisation code may be wrong too.
  bad_check,
  /// Place 18 is right and place 17 is not: made up rather than mistyped.
  bad_organisation_check,
};

struct uscc_check {
  uscc_verdict verdict = uscc_verdict::good;
  /// Place of the fault, from 1; 0 where there is none to point at.
  std::uint8_t position = 0;
  /// The check character that the others demand at `position`; 0 unless a check character is wrong.
  char expected = 0;
  /// The same for place 17, also where place 18 is wrong as well; 0: the organisation code agrees with itself.
  char organisation_expected = 0;

  explicit operator bool() const { return verdict == uscc_verdict::good; }
};

/// Judges a code as it stands: lower case and full-width forms are bad characters (see `normalise`).
/// The first two characters (authority, class) are not judged: their tables are not public as a whole.
uscc_check check_uscc(std::string_view text);

/// The organisation code inside, places 9 to 17. REQUIRES: 18 characters.
constexpr std::string_view organisation_of(std::string_view uscc) { return uscc.substr(8, 9); }

/// Place 18 of a code. REQUIRES: 17 characters of the alphabet.
char uscc_check_character(std::string_view first17);

/// Place 9 of an organisation code, 0 to 9 or X (GB 11714). REQUIRES: 8 digits or capitals.
char organisation_check_character(std::string_view first8);

}  // namespace zhili::credentials
