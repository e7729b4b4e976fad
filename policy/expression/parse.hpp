// SPDX-License-Identifier: Apache-2.0
// The shape of an expression: CEL's grammar and precedence. docs/language.md says what differs.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/expression/token.hpp"

namespace zhili::policy {

inline constexpr std::size_t expression_bytes_max = 4096;
/// Of parentheses, brackets, '!', '-' and calls.
inline constexpr std::size_t expression_depth_max = 64;
/// Parts that hang below one another: a chain of operators is as deep as it is long.
inline constexpr std::size_t expression_chain_max = 600;
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

enum class arithmetic : std::uint8_t { add, subtract, multiply, divide, modulo };

enum class node_kind : std::uint8_t {
  literal,
  name,
  /// f(children) or, as a member, children[0].f(the others).
  call,
  /// children[0].text
  select,
  /// has(children[0]): a name or a select.
  presence,
  /// children[0][children[1]]
  index,
  list,
  /// Key, content, key, content.
  map,
  /// children[0] ? children[1] : children[2]
  conditional,
  negation,
  minus,
  calculation,
  comparison,
  in,
  conjunction,
  disjunction
};

/// In one vector, children before parents.
struct expression_node {
  node_kind kind = node_kind::literal;
  policy::relation relation = relation::equal;
  policy::arithmetic arithmetic = arithmetic::add;
  /// Of a call.
  bool is_member = false;
  std::size_t offset = 0;
  /// Where the part begins and ends, in bytes of the source.
  std::size_t begin = 0, end = 0;
  policy::literal literal;
  /// A name, a function's name, a member's.
  std::string text;
  std::vector<std::uint32_t> children;
};

struct expression {
  std::vector<expression_node> nodes;
  std::uint32_t root = 0;
};

/// Packs refuse what CEL reads but nobody means: chains of comparisons.
enum class dialect : std::uint8_t { pack, cel };

/// Without nodes where the grammar is broken; slips that tokenise() mends are reported and read as what they
/// stand for.
expression parse_expression(
    std::string_view source, std::vector<problem>& problems, dialect read_as = dialect::pack);

}  // namespace zhili::policy
