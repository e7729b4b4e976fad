// SPDX-License-Identifier: Apache-2.0
// A cell of a decision table: what a fact must be, as DMN's unary tests have it. `-` or nothing is anything;
// `< 100元`, `>= 3`, `[1..5)`, `a, b`, `not(a)`, a value alone.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/fields.hpp"
#include "protocols/types/result.hpp"

namespace zhili::policy {

/// Both ends belong to it: every fact but a text is a whole number inside.
struct span_of_numbers {
  std::int64_t low = 0, high = 0;
};

struct unary_test {
  bool anything = false;
  /// Of numbers, sorted, without overlaps.
  std::vector<span_of_numbers> numbers;
  /// Of texts; with `others` all texts but these.
  std::set<std::string> texts;
  bool others = false;
  /// As an expression over the column's name; empty for anything.
  std::string condition;
};

/// What a column tests: a field, or an expression that gives a number (hits(absolutes)).
struct table_column {
  std::string name;
  value_type type = value_type::integer;
  std::span<const std::string_view> words;
};

result<unary_test> parse_unary_test(std::string_view cell, const table_column& column);

/// Do both let something through?
bool overlap(const unary_test& a, const unary_test& b);

}  // namespace zhili::policy
