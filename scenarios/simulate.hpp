// SPDX-License-Identifier: Apache-2.0
// Runs a scenario: world model, agents and partitions in virtual time, and what came of it.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>

#include "scenarios/compare_status.hpp"
#include "scenarios/kernel/kernel.hpp"
#include "scenarios/world/ledger.hpp"
#include "scenarios/world/registry.hpp"
#include "scenarios/world/shard_world.hpp"

namespace zhili::scenarios {

struct simulation_settings {
  std::uint64_t seed = 1;
  unsigned lanes = 2;
  std::shared_ptr<const policy::pack> pack;
  fault_plan faults;
  duration inside_delay_max{0};
  /// nullptr: only the digest is kept.
  storage::partition_log* log = nullptr;
  /// Where texts are kept as well; nullptr: nowhere.
  storage::content_store* texts = nullptr;
  submission_listener* listener = nullptr;
  batch_witness* witness = nullptr;
  /// Before the first submission: what the run is given besides, and everything that this names.
  std::function<status(const std::vector<control>&, const shelf&)> prepared;
  std::function<void(instant)> progress;
  /// Sees the partitions once, when the run is over.
  std::function<void(const kernel&)> look;
};

struct simulation_result {
  run_totals totals;
  scenarios::figures figures;
  std::uint64_t submissions = 0;
  std::array<std::uint64_t, 16> submissions_by_kind{};
  /// Decisions by verdict.
  std::array<std::uint64_t, 8> verdicts{};
  std::shared_ptr<const policy::pack> pack;
  std::uint64_t seed = 0;
  unsigned lanes = 0;
  double wall_s = 0;
  double cpu_s = 0;
  std::uint64_t rss_max_bytes = 0;
  /// State digest of every partition, in the order of the partitions.
  std::vector<std::pair<partition_id, digest128>> states;
  /// Of a run with faults, beside the same world without; whoever ran both fills it in.
  std::optional<status_comparison> beside_faultless;
};

/// Wall and CPU time since it was made.
class stopwatch {
 public:
  stopwatch();
  double wall_s() const;
  double cpu_s() const;

 private:
  std::chrono::steady_clock::time_point wall_ = std::chrono::steady_clock::now();
  double cpu_;
};

/// The most that this process has held in memory so far.
std::uint64_t peak_memory_bytes();

/// What follows from the totals of a run and its figures, and what it cost.
void finish(simulation_result& r, const stopwatch& time);

control pack_control(instant at, const policy::pack& pack);
control registry_control(instant at, const registry_snapshot& snapshot);

/// Control messages of a world: the pack and the first snapshot at the start, the later snapshots at their times.
std::vector<control> schedule_of(const model& world, const policy::pack& pack, shelf& shelves);

result<simulation_result> simulate(const scenario& s, const simulation_settings& settings);

}  // namespace zhili::scenarios
