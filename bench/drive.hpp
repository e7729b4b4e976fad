// SPDX-License-Identifier: Apache-2.0
// The two ways through the same diaries: the kernel with its partitions, and a loop that does only what a decision
// cannot do without.
#pragma once

#include <array>
#include <functional>

#include "actors/content/workflow.hpp"
#include "bench/diaries.hpp"
#include "bench/measure.hpp"

namespace zhili::bench {

/// What both ways must agree on.
struct way_result {
  elapsed took;
  std::uint64_t decisions = 0;
  /// Of content, over all shards.
  digest128 state;
};

struct kernel_result : way_result {
  scenarios::run_totals totals;
};

struct kernel_way {
  unsigned lanes = 1;
  /// nullptr: only totals are kept.
  storage::partition_log* log = nullptr;
  /// Sees the kernel after the clock has stopped.
  std::function<void(const scenarios::kernel&)> look = {};
};

/// errc::corrupt where a diary was not decided.
result<kernel_result> drive_kernel(
    const diary_load& load, std::shared_ptr<const policy::pack> pack, const kernel_way& how);

/// For each diary in order of time: verify and read the command, judge, write the events, apply them.
way_result drive_plain_loop(const diary_load& load, const policy::pack& pack);

}  // namespace zhili::bench
