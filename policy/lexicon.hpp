// SPDX-License-Identifier: Apache-2.0
// Lexicons: the words that rules count. As plain text, one term a line under a head of `category:`, `zh:` and `en:`
// lines, or as a table (CSV) with a column for the category. docs/lexicons.md describes both.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/diagnostics.hpp"
#include "policy/pack.hpp"

namespace zhili::policy {

/// Of a table; a line of plain text is bounded by the bytes.
inline constexpr std::size_t lexicon_rows_max = 200'000;
inline constexpr std::size_t lexicon_bytes_max = 8 * 1024 * 1024;

/// Reads one file of either kind, in UTF-8 or GB18030; a table is one whose name ends in .csv. A term that is
/// an earlier one of its category in the file but for width, case and script is reported with that one's line.
std::vector<lexicon_category> read_lexicon(std::string_view bytes, std::string_view file, diagnostics& found, const normaliser& by);

/// What somebody may not have meant though it can be read: terms, and words that they name, which begin or end in signs that
/// are left out of texts and so are matched without them. REQUIRES: read_lexicon finds nothing wrong.
void warn_of_lexicon(std::string_view bytes, std::string_view file, const normaliser& by, diagnostics& warned);

}  // namespace zhili::policy
