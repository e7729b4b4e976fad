// SPDX-License-Identifier: Apache-2.0
// Texts as vectorscan is given them: two bytes a character. It finds its literals by pairs of bytes, and UTF-8 writes Chinese with
// so few different ones that any pair belongs to some literal; here the characters are spread over all pairs, in two thirds of
// the bytes. Internal to policy/text.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "policy/text/normalised_text.hpp"

namespace zhili::policy {

/// Where a literal or match ends, in characters: only even places are borders of characters.
inline constexpr std::size_t code_bytes = 2;

/// Characters above U+FFFF share what is left beyond the others: a match of a term with such a one has yet to be compared.
constexpr bool shares_code(std::uint32_t character) { return character > 0xFFFF; }

/// REQUIRES: a code point that is no surrogate. The first byte is never 0, which ends a literal.
constexpr std::array<char, code_bytes> code_of(std::uint32_t character) {
  constexpr std::uint32_t surrogates_begin = 0xD800, surrogates = 0x800, own = 0x10000 - surrogates;
  // The largest prime below 255 * 256, so that to multiply is to shuffle; the factor is near its golden section.
  constexpr std::uint32_t prime = 65'269, factor = 40'339;
  std::uint32_t n = character;
  if (character >= surrogates_begin) [[unlikely]] n = shares_code(character) ? own + character % (prime - own) : character - surrogates;
  // n * factor % prime by the fraction that n * factor / prime leaves: exact for every n below the prime, since n / 2^32 < 1 / prime.
  constexpr auto fraction = static_cast<std::uint32_t>((std::uint64_t{factor} << 32) / prime + 1);
  const auto code = static_cast<std::uint32_t>(std::uint64_t{n * fraction} * prime >> 32) + 256;
  return {static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
}

}  // namespace zhili::policy
