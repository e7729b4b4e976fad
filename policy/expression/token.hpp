// SPDX-License-Identifier: Apache-2.0
// The words of an expression, and the first place where slips of the pen get a plain answer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/value_type.hpp"

namespace zhili::policy {

/// What is wrong at a byte of an expression.
struct problem {
  std::size_t offset = 0;
  std::string message;
};

enum class token_kind : std::uint8_t {
  end,
  name,
  literal,
  left_parenthesis,
  right_parenthesis,
  left_bracket,
  right_bracket,
  comma,
  minus,
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

struct token {
  token_kind kind = token_kind::end;
  std::size_t offset = 0;
  /// As written; views the source.
  std::string_view source;
  /// Of a literal.
  value_type type = value_type::integer;
  std::int64_t number = 0;
  std::string text;
};

/// Always ends with an `end` token. What cannot be read is reported and left out.
std::vector<token> tokenise(std::string_view source, std::vector<problem>& problems);

}  // namespace zhili::policy
