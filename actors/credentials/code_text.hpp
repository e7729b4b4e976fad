// SPDX-License-Identifier: Apache-2.0
// Reading numbers that people type: the one normalisation, and the small steps that the checks share.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace zhili::credentials {

/// Turns full-width forms (U+FF01 to U+FF5E) into ASCII and ASCII letters into capitals; all else stays as it is.
/// The checks never do this themselves, and neither does anything turn O into 0 or I into 1: such a slip is reported.
std::string normalise(std::string_view text);

/// Digits only, and at least one.
constexpr bool all_digits(std::string_view text) {
  for (const char c : text)
    if (c < '0' || c > '9') return false;
  return !text.empty();
}

/// REQUIRES: all_digits(text) and at most nine of them.
constexpr unsigned number_of(std::string_view text) {
  unsigned value = 0;
  for (const char c : text) value = value * 10 + static_cast<unsigned>(c - '0');
  return value;
}

/// Drops `prefix` from the front of `rest` where it stands there.
constexpr bool eat(std::string_view& rest, std::string_view prefix) {
  if (!rest.starts_with(prefix)) return false;
  rest.remove_prefix(prefix.size());
  return true;
}

/// Place, from 1, of the first byte outside ASCII among the first `length`; 0: none. Tells a full-width number
/// from one that is merely too long.
constexpr std::size_t foreign_position(std::string_view text, std::size_t length) {
  for (std::size_t i = 0; i < text.size() && i < length; ++i)
    if (static_cast<unsigned char>(text[i]) >= 0x80) return i + 1;
  return 0;
}

}  // namespace zhili::credentials
