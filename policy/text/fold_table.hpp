// SPDX-License-Identifier: Apache-2.0
// The folding tables as fold() reads them; their values are compiled from policy/data/fold.tsv at build time
// by fold_compile.cpp. Internal to policy/text.
#pragma once

#include <cstdint>

namespace zhili::policy::table {

/// 64 code points a page: the last continuation byte of a UTF-8 character is its place in its page.
inline constexpr unsigned page_bits = 6;
inline constexpr unsigned page_size = 1U << page_bits;

/// A stretch of `bytes`; only number 0 is empty.
struct target {
  std::uint16_t begin;
  std::uint8_t length;
};

extern const std::uint64_t digest;
/// What each ASCII byte folds to, one ASCII byte too.
extern const char ascii[0x80];
/// Code point >> page_bits to its page.
extern const std::uint16_t page_of[0x110000U >> page_bits];
/// Number of a target; 0: folds to itself.
extern const std::uint16_t pages[][page_size];
extern const target targets[];
/// The targets in UTF-8.
extern const char bytes[];

}  // namespace zhili::policy::table
