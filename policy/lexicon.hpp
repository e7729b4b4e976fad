// SPDX-License-Identifier: Apache-2.0
// Lexicons: plain text, one term a line, under a head of `category:`, `zh:` and `en:` lines; `# ` begins a
// comment.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/diagnostics.hpp"
#include "policy/pack.hpp"

namespace zhili::policy {

inline constexpr std::size_t lexicon_bytes_max = 8 * 1024 * 1024;

/// Reads one file; a term that folds to an earlier one of the file is reported with that one's line.
lexicon_category read_lexicon(std::string_view text, std::string_view file, diagnostics& found);

}  // namespace zhili::policy
