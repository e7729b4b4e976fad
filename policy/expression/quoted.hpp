// SPDX-License-Identifier: Apache-2.0
// Texts and bytes in quotes, with CEL's prefixes and escapes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/expression/token.hpp"

namespace zhili::policy {

/// What stands before a text's first character: b, r, one quote or three.
struct text_shape {
  bool bytes = false, raw = false;
  char quote = '"';
  std::size_t quotes = 1;
  /// Letters and quotes together.
  std::size_t opening = 1;
};

/// Nothing where no text begins here.
std::optional<text_shape> string_shape(std::string_view rest);

/// Reads the text that begins at `at` into `out`; gives the offset behind its closing quote.
std::size_t read_text(
    std::string_view source, std::size_t at, const text_shape& shape, std::string& out,
    std::vector<problem>& problems);

/// Appends the character in UTF-8. False where there is no such character.
bool append_utf8(std::uint32_t code_point, std::string& out);

}  // namespace zhili::policy
