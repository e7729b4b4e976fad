// SPDX-License-Identifier: Apache-2.0
// Examples of what a pack would newly stop and newly let through: few, the same ones whenever the comparison is run again,
// and spread over the rules behind them, so that a rare rule is looked at too.
#pragma once

#include <string>

#include "scenarios/compare/affected.hpp"

namespace zhili::scenarios {

inline constexpr std::size_t examples_max = 20;

/// One finding behind a stop. `begin`, `length`: bytes of the text; length 0: it looks at facts alone.
struct example_finding {
  std::uint32_t key = 0;
  std::uint32_t begin = 0;
  std::uint32_t length = 0;
};

struct example {
  std::uint64_t ref = 0;
  std::uint64_t subject = 0;
  subject_kind kind{};
  /// Where the second run keeps it.
  shard_no shard = 0;
  subject_table table{};
  std::uint32_t row = 0;
  stopped_by by{};
  zhili::verdict stop{};
  /// First said and what stood at the end, in the first run and in the second.
  zhili::verdict first_old{}, last_old{}, first_now{}, last_now{};
  instant at;
  std::vector<example_finding> findings;
  std::optional<bool> unlawful;
  /// As it was judged; empty: it has none, or nobody has it any more.
  std::string text;
};

/// Takes candidates as they come, keeps few of each rule, and deals them out in turns.
class example_sample {
 public:
  void add(const outcome_pair& p, const stop_note& stop, std::optional<bool> unlawful);
  /// At most examples_max. Once.
  std::vector<example> drawn();

 private:
  struct candidate {
    std::uint64_t order = 0;
    example what;
  };
  /// By the finding that leads: a rule with its evidence in the text before one without.
  std::map<std::uint32_t, std::vector<candidate>> by_finding_;
};

/// The finding that a person should look at first; 0 where there is none.
std::uint32_t leading_finding(const stop_note& stop);

}  // namespace zhili::scenarios
