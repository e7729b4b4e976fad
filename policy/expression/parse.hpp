// SPDX-License-Identifier: Apache-2.0
// The shape of an expression: CEL's grammar and precedence, cut to the first subset
// (docs/adr/0003-pack-language.md).
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/expression/token.hpp"

namespace zhili::policy {

inline constexpr std::size_t expression_bytes_max = 4096;
/// Of parentheses and '!'.
inline constexpr std::size_t expression_depth_max = 24;
inline constexpr std::size_t expression_list_max = 256;

enum class relation : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

constexpr bool holds(relation r, std::strong_ordering order) {
  switch (r) {
    case relation::equal: return order == 0;
    case relation::not_equal: return order != 0;
    case relation::less: return order < 0;
    case relation::less_equal: return order <= 0;
    case relation::greater: return order > 0;
    case relation::greater_equal: return order >= 0;
  }
  return false;
}

enum class node_kind : std::uint8_t {
  literal,
  name,
  call,
  negation,
  comparison,
  in,
  conjunction,
  disjunction
};

/// In one vector, children before parents.
struct expression_node {
  node_kind kind = node_kind::literal;
  policy::relation relation = relation::equal;
  std::size_t offset = 0;
  /// A literal's, with `number` or `text`.
  value_type type = value_type::integer;
  std::int64_t number = 0;
  /// A literal text, a name, a function's name.
  std::string text;
  std::vector<std::uint32_t> children;
};

struct expression {
  std::vector<expression_node> nodes;
  std::uint32_t root = 0;
};

/// Without nodes where the grammar is broken; slips that tokenise() mends are reported and read as what they
/// stand for.
expression parse_expression(std::string_view source, std::vector<problem>& problems);

}  // namespace zhili::policy
