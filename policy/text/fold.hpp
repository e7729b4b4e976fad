// SPDX-License-Identifier: Apache-2.0
// Folding: one pass that brings spellings of the same words together (NFKC, case, traditional to simplified,
// each code point by itself) and keeps the way back to the original bytes. The tables are data, see
// docs/adr/0002.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zhili::policy {

/// A folded text and its map. Reused across calls: once grown, nothing is allocated any more.
struct folded_text {
  /// Always valid UTF-8.
  std::string bytes;
  /// origin[i]: where in the original the character begins that byte i came from; never falls.
  /// One entry more than `bytes`: the last is the original's size.
  std::vector<std::uint32_t> origin;
};

/// Digest of the committed tables (XXH3-64 of the body of policy/data/fold.tsv): part of the program's
/// behaviour version.
std::uint64_t folding_digest();

/// Replaces `out`. Each byte that belongs to no valid UTF-8 character becomes one U+FFFD. Folding what was
/// folded changes nothing. REQUIRES: fewer than 2^32 bytes.
void fold(std::string_view utf8, folded_text& out);

}  // namespace zhili::policy
