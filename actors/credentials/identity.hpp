// SPDX-License-Identifier: Apache-2.0
// 居民身份证号码, the number of a resident identity card (GB 11643-1999). PERSONAL DATA: only the edge, which opens the
// sealed part, may call this; keep the verdict, never the number, and put neither into a log, metric or report.
#pragma once

#include <cstdint>
#include <string_view>

namespace zhili::credentials {

enum class identity_verdict : std::uint8_t {
  good,
  /// Not 18 characters.
  bad_length,
  /// Not a digit (at place 18: nor X).
  bad_character,
  /// Begins with no province. The rest of the region code is not judged: codes change over time.
  bad_region,
  /// The calendar has no such day.
  bad_birth_date,
  bad_check,
};

struct identity_check {
  identity_verdict verdict = identity_verdict::good;
  /// Place of the fault, from 1; 0 where there is none to point at.
  std::uint8_t position = 0;
  /// The check character that would be right; 0 unless that is the fault.
  char expected = 0;

  explicit operator bool() const { return verdict == identity_verdict::good; }
};

/// Judges a number of 18 characters as it stands (see `normalise`).
identity_check check_identity(std::string_view text);

/// The 15 digits of cards before 1999 (no check digit, born 19..): province and birth date.
bool plausible_old_identity(std::string_view text);

}  // namespace zhili::credentials
