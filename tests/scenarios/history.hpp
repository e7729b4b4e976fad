// SPDX-License-Identifier: Apache-2.0
// What a run left behind, as plain rows that a test may read, and change to see a check fail: what the logs say
// happened, and the states at the end.
#pragma once

#include <array>
#include <set>

#include "actors/content/state.hpp"
#include "actors/onboarding/state.hpp"
#include "actors/product/state.hpp"
#include "actors/risk/state.hpp"
#include "actors/takedown/state.hpp"
#include "scenarios/kernel/kernel.hpp"
#include "storage/memory_log.hpp"

namespace zhili::scenarios::testing {

/// A `decided` event.
struct decision_note {
  partition_id where;
  instant at;
  subject_id subject;
  std::uint64_t ref = 0;
  subject_kind kind{};
  std::uint32_t row = 0;
  std::uint32_t number = 0;
  zhili::verdict verdict{};
  zhili::verdict before{};
  wire::cause cause{};
  std::vector<wire::finding> findings;

  bool has_gate(wire::gate g) const;
};

/// A step of an admission: papers were shown, a decision was made on them, or the standing changed.
struct admission_note {
  enum class step : std::uint8_t { shown, decided, moved };

  subject_id subject;
  instant at;
  step what{};
  std::int64_t valid_to = 0;
  zhili::verdict verdict{};
  wire::standing standing{};
};

/// A request to the platform outside.
struct effect_note {
  partition_id where;
  subject_id effect;
  subject_id subject;
  type_no type = 0;
  /// Of an order; the visit of a page request.
  std::uint32_t serial = 0;
  zhili::verdict verdict{};
  bool imposed = false;
  /// What brought it about.
  wire::origin origin{};
};

struct history {
  std::vector<decision_note> decisions;
  /// Of one subject in their order.
  std::vector<admission_note> admissions;
  std::vector<effect_note> effects;
  /// Idempotency keys of all submissions, as they were taken.
  std::vector<subject_id> keys;
};

/// REQUIRES: the log holds whole runs, as the kernel wrote them.
history read_history(storage::partition_log& log);

struct shard_states {
  onboarding::state papers;
  product::state listings;
  content::state contents;
  takedown::state measures;
  risk::state indices;
};

struct final_states {
  std::array<shard_states, shard_count> shards;
  instant end;
  /// Pairs of partitions between which something was still on its way.
  std::set<std::pair<partition_id, partition_id>> on_the_way;

  const shard_states& home_of(account_id account) const { return shards[shard_of(account)]; }
  bool settled(workflow_no from, account_id source, workflow_no to, account_id destination) const;
};

final_states copy_states(const kernel& k, instant end);

}  // namespace zhili::scenarios::testing
