// SPDX-License-Identifier: Apache-2.0
// Runs a trace through the partitions that serve production: what was submitted then, judged by the pack that is given
// now. With the pack, the program and the registry of then the digest is that of the recorded run.
#pragma once

#include "scenarios/simulate.hpp"
#include "scenarios/trace/feed.hpp"
#include "scenarios/trace/trace_shard.hpp"

namespace zhili::scenarios {

struct replay_settings {
  unsigned lanes = 2;
  /// The packs that the trace names, in any order; or, with `other_pack`, one that judges instead of all of them.
  std::vector<std::shared_ptr<const policy::pack>> packs;
  bool other_pack = false;
  /// The scenario that the trace was recorded from: the world model tells what is true. nullptr: nobody knows.
  const scenario* truth = nullptr;
  /// nullptr: only the digest is kept.
  storage::partition_log* log = nullptr;
  storage::content_store* texts = nullptr;
  batch_witness* witness = nullptr;
  /// What stands between a shard's partitions and its recording, with the world model where somebody knows the truth;
  /// nullptr: nothing does. It lives as long as the run.
  std::function<shard_world*(shard_no, trace_shard&, const model*)> around;
  /// Sees the partitions once, when the run is over.
  std::function<void(const kernel&)> look;
  /// As in simulation_settings.
  std::function<status(const std::vector<control>&, const shelf&)> prepared;
  std::function<void(instant)> progress;
};

struct replay_result {
  simulation_result run;
  /// Without truth, figures hold what logs alone can tell.
  bool truth = false;
  trace_report trace;
  unused_acts unused;
  /// Submissions whose text was not kept.
  std::uint64_t without_text = 0;
  std::uint64_t tasks_without_decision = 0;
  /// Workflows that mean something else than when the trace was recorded: the digest will differ.
  std::vector<std::string> changed;
};

/// not_found where a pack is missing; malformed where the trace was stopped at a bad line.
result<replay_result> replay(trace_feed& feed, const replay_settings& settings);

/// The run of a trace as a scenario without a world: its name and times.
scenario scenario_of(const trace_head& head);

}  // namespace zhili::scenarios
