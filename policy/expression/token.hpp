// SPDX-License-Identifier: Apache-2.0
// The words of an expression, and the first place where slips of the pen get a plain answer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/expression/value.hpp"
#include "protocols/types/bilingual.hpp"

namespace zhili::policy {

/// What is wrong at a byte of an expression.
struct problem {
  std::size_t offset = 0;
  bilingual message;
};

enum class token_kind : std::uint8_t {
  end,
  name,
  /// `content-type`: behind a point, a member whose name is no word.
  quoted_name,
  literal,
  left_parenthesis,
  right_parenthesis,
  left_bracket,
  right_bracket,
  left_brace,
  right_brace,
  comma,
  dot,
  question,
  colon,
  plus,
  minus,
  star,
  slash,
  percent,
  exclamation,
  and_and,
  or_or,
  in,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
};

/// A value as written in an expression: a scalar, or `text` where it is a text or bytes.
struct literal {
  value scalar = int_value(0);
  std::string text;

  policy::kind kind() const { return scalar.tag; }
};

struct token {
  token_kind kind = token_kind::end;
  std::size_t offset = 0;
  /// As written; views the source.
  std::string_view source;
  policy::literal literal;
  /// An integer of 19 digits that is one too large unless '-' stands before it.
  bool only_negative = false;
};

/// Words that CEL keeps for later: no names of facts or parts.
bool is_reserved(std::string_view word);

/// Always ends with an `end` token. What cannot be read is reported and left out.
std::vector<token> tokenise(std::string_view source, std::vector<problem>& problems);

}  // namespace zhili::policy
