// SPDX-License-Identifier: Apache-2.0
// What is decided of a condition before any case is seen: where facts are surely there, `has()` of them is true, and parts that
// hang on it fall away with all that only they ask. As CEL has it, `false && error` is false.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "policy/expression/compile.hpp"

namespace zhili::policy {

class known_parts {
 public:
  /// All must outlive this.
  known_parts(std::span<const let_source> lets, const naming& names);

  /// Of the part at `n`: what it surely is.
  std::optional<bool> value(const expression& e, std::uint32_t n) const;
  /// Of each let: is it asked by the condition, or by one that is.
  std::vector<bool> asked(const expression& when) const;

 private:
  struct let_value {
    bool open = false;
    bool done = false;
    std::optional<bool> value;
  };

  std::optional<bool> of_name(std::string_view name) const;
  std::optional<bool> of_junction(const expression& e, std::uint32_t n, bool decides) const;
  bool is_given(std::string_view field) const;
  void mark(const expression& e, std::uint32_t n, std::vector<bool>& out) const;

  std::span<const let_source> lets_;
  const naming& names_;
  mutable std::vector<let_value> values_;
};

}  // namespace zhili::policy
