// SPDX-License-Identifier: Apache-2.0
#include "policy/text/scan_code.hpp"

#include <doctest/doctest.h>

#include <set>

namespace zhili::policy {

TEST_SUITE("policy/scan_code") {
  TEST_CASE("gives every character up to U+FFFF a code of its own, which no literal ends at and no rarer character shares") {
    std::set<std::array<char, code_bytes>> codes;
    std::size_t characters = 0, wrong = 0;
    for (std::uint32_t c = 0; c <= 0xFFFF; ++c) {
      if ((c & 0xF800U) == 0xD800U) continue;
      ++characters;
      const auto code = code_of(c);
      codes.insert(code);
      wrong += code[0] == 0 ? 1U : 0U;
    }
    CHECK(codes.size() == characters);
    CHECK(wrong == 0);
    for (std::uint32_t c = 0x10000; c <= 0x10FFFF; ++c) {
      const auto code = code_of(c);
      wrong += code[0] == 0 || codes.contains(code) ? 1U : 0U;
    }
    CHECK(wrong == 0);
  }

  TEST_CASE("multiplies modulo the prime") {
    std::size_t wrong = 0;
    for (std::uint64_t n = 0; n < 0xD800; ++n) {
      const auto code = n * 40'339 % 65'269;
      const std::array<char, code_bytes> expected{static_cast<char>(code / 256 + 1), static_cast<char>(code % 256)};
      wrong += code_of(static_cast<std::uint32_t>(n)) == expected ? 0U : 1U;
    }
    CHECK(wrong == 0);
  }
}

}  // namespace zhili::policy
