// SPDX-License-Identifier: Apache-2.0
// UTF-8, one character at a time. Internal to policy/text.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace zhili::policy::utf8 {

struct decoded {
  std::uint32_t code_point;
  /// 0: no valid character begins here.
  std::uint32_t length;
};

/// Strict as RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. REQUIRES: p[0] >= 0x80, left > 0.
[[gnu::always_inline]] inline decoded decode(const unsigned char* p, std::size_t left) {
  const auto follows = [&](std::size_t i) { return i < left && (p[i] & 0xC0U) == 0x80U; };
  const auto low = [&](std::size_t i) { return p[i] & 0x3FU; };
  const std::uint32_t lead = p[0];
  if ((lead & 0xF0U) == 0xE0U) {
    if (!follows(1) || !follows(2)) return {0, 0};
    const std::uint32_t c = (lead & 0x0FU) << 12 | low(1) << 6 | low(2);
    if (c < 0x800 || (c & 0xF800U) == 0xD800U) return {0, 0};
    return {c, 3};
  }
  if ((lead & 0xE0U) == 0xC0U) {
    if (lead < 0xC2 || !follows(1)) return {0, 0};
    return {(lead & 0x1FU) << 6 | low(1), 2};
  }
  if ((lead & 0xF8U) == 0xF0U) {
    if (!follows(1) || !follows(2) || !follows(3)) return {0, 0};
    const std::uint32_t c = (lead & 0x07U) << 18 | low(1) << 12 | low(2) << 6 | low(3);
    if (c < 0x10000 || c > 0x10FFFF) return {0, 0};
    return {c, 4};
  }
  return {0, 0};
}

/// A character of three bytes, as nearly all of a Chinese text are; 0: something else. REQUIRES: four bytes to read.
[[gnu::always_inline]] inline std::uint32_t decode_three(const unsigned char* p) {
  if constexpr (std::endian::native != std::endian::little) return 0;
  std::uint32_t word;
  std::memcpy(&word, p, sizeof word);
  const std::uint32_t c = (word & 0x0FU) << 12 | (word >> 2 & 0xFC0U) | (word >> 16 & 0x3FU);
  const bool is_one = (word & 0xC0C0F0U) == 0x8080E0U && c >= 0x800U && (c & 0xF800U) != 0xD800U;
  return is_one ? c : 0U;
}

/// Says how many bytes it wrote. REQUIRES: room for four, a code point that is no surrogate.
inline std::size_t encode(std::uint32_t c, char* out) {
  const auto put = [&](std::size_t i, std::uint32_t byte) { out[i] = static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) {
    put(0, c);
    return 1;
  }
  if (c < 0x800) {
    put(0, 0xC0U | c >> 6);
    put(1, 0x80U | (c & 0x3FU));
    return 2;
  }
  if (c < 0x10000) {
    if constexpr (std::endian::native == std::endian::little) {
      // Nearly every character of a Chinese text: in one store.
      const std::uint32_t three = 0x8080E0U | c >> 12 | (c >> 6 & 0x3FU) << 8 | (c & 0x3FU) << 16;
      std::memcpy(out, &three, sizeof three);
      return 3;
    }
    put(0, 0xE0U | c >> 12);
    put(1, 0x80U | (c >> 6 & 0x3FU));
    put(2, 0x80U | (c & 0x3FU));
    return 3;
  }
  put(0, 0xF0U | c >> 18);
  put(1, 0x80U | (c >> 12 & 0x3FU));
  put(2, 0x80U | (c >> 6 & 0x3FU));
  put(3, 0x80U | (c & 0x3FU));
  return 4;
}

}  // namespace zhili::policy::utf8
