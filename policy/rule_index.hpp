// SPDX-License-Identifier: Apache-2.0
// Which rules of a stage can fire at all: the comparisons of facts with constants that stand in the
// conjunction of a condition are shared over the stage's rules, sorted by value, and each keeps a bitmap of
// the rules that it leaves. A case costs one search and one AND a fact, instead of every rule's program.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "policy/expression/compile.hpp"
#include "policy/slots.hpp"

namespace zhili::policy {

/// Both ends belong to it.
struct value_span {
  std::int64_t low = 0, high = 0;
};

/// A condition is surely false where the slot holds a number outside of these.
struct slot_constraint {
  std::uint16_t slot = 0;
  std::vector<value_span> allowed;
};

/// What the conjunction of a checked condition asks of single facts.
std::vector<slot_constraint> constraints_of(
    const expression& when, std::span<const let_source> lets, const workflow_info& workflow);

class rule_index {
 public:
  /// What is to be known of each rule, in their order.
  struct row {
    std::vector<slot_constraint> constraints;
    /// Days on which it is judged.
    std::vector<value_span> days;
    /// 0, or it needs hits of one of these categories.
    std::uint64_t needs = 0;
    bool off = false;
  };

  static constexpr std::size_t words_max = 160;

  void build(std::span<const row> rows);
  std::size_t words() const { return words_; }
  /// Sets the bits of the rules that may fire or end in an error; all others are surely silent.
  void candidates(
      const slots& facts, std::int32_t china_day, std::uint64_t hit_categories, std::uint64_t* out) const;

 private:
  // Numbers cut into spans; for each the rules that it leaves.
  struct axis {
    std::uint16_t slot = 0;
    /// Where each span begins, ascending; the first begins at the lowest number.
    std::vector<std::int64_t> begins;
    std::vector<std::uint64_t> masks;

    const std::uint64_t* at(std::int64_t n, std::size_t words) const;
  };

  axis cut(
      std::span<const std::pair<std::size_t, const std::vector<value_span>*>> asked, std::size_t rules) const;

  std::size_t words_ = 0;
  std::vector<axis> axes_;
  axis days_;
  std::vector<std::uint64_t> needing_nothing_;
  /// For each category with rules that need it: its number and their bitmap.
  std::vector<std::pair<std::uint32_t, std::vector<std::uint64_t>>> needing_;
};

}  // namespace zhili::policy
