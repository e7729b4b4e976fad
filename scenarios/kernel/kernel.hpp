// SPDX-License-Identifier: Apache-2.0
// Virtual time over the production partitions, in parallel, bit for bit. Shards run on lanes; a lane may run freely
// from the earliest pending event up to that event + hop delay, because nothing can reach it from another shard
// before; then lanes exchange what they have sent and go on. The outcome depends on the world, the settings and the
// faults' seed alone, never on the number of lanes.
#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "scenarios/kernel/shard.hpp"

namespace zhili::scenarios {

struct run_settings : kernel_settings {
  instant begin;
  instant end;
  /// Shards are dealt to lanes by shard mod lanes; a lane that is done takes over what the others have not come to. Never
  /// more threads than cores.
  unsigned lanes = 1;
  /// Called now and then by the first lane with the virtual time reached: every lane is done with all before it.
  std::function<void(instant)> progress;
};

/// What a partition adds to the totals of a run.
struct partition_totals {
  partition_id id;
  std::uint64_t commands = 0;
  std::uint64_t decisions = 0;
  std::uint64_t subjects = 0;
  std::uint64_t state_bytes = 0;
  digest128 chain;
  digest128 state;
  std::array<partition::account_books, partition::engine::kinds> books{};
  /// Decisions by verdict.
  std::array<std::uint64_t, partition::tally::verdicts> verdicts{};

  static partition_totals of(const partition::engine& e);
};

struct run_totals {
  std::uint64_t commands = 0;
  std::uint64_t decisions = 0;
  std::uint64_t subjects = 0;
  std::uint64_t state_bytes = 0;
  std::uint64_t windows = 0;
  /// Sent between partitions and neither acknowledged nor on its way at the end: lost.
  std::uint64_t unacknowledged = 0;
  /// Sent during the last hop delay, still on its way at the end.
  std::uint64_t under_way = 0;
  unsigned threads = 1;
  fault_counts faults;
  /// Over all partitions' chains, in the order of the partitions.
  digest128 digest;
  /// Over all partitions' states.
  digest128 state_digest;
  std::array<partition::account_books, partition::engine::kinds> books{};
  /// In the order of shards, within one of workflows.
  std::vector<partition_totals> partitions;
  /// The first broken invariant or other trouble; empty: none.
  std::string trouble;

  /// REQUIRES: in the order of `partitions`, because digests are chained.
  void add(const partition_totals& p);
};

class kernel {
 public:
  kernel(const run_settings& settings, world& outside);
  ~kernel();

  /// errc::io where the log cannot be had, errc::corrupt where an invariant broke.
  result<run_totals> run();

  /// After the run, for reports and tests.
  const partition::engine& engine_at(partition_id id) const;
  digest128 state_digest_of(partition_id id) const;

 private:
  struct lane;
  struct window;
  unsigned home_of(shard_no s) const;
  void run_shard(shard& s, lane& by, const window& w);
  void run_window(unsigned n, const window& w);
  void receive(unsigned n, const window& w, instant next_end);
  run_totals totals() const;
  void count_unacknowledged(run_totals& t) const;

  run_settings settings_;
  world& outside_;
  unsigned threads_;
  std::vector<std::unique_ptr<lane>> lanes_;
  std::vector<std::unique_ptr<shard>> shards_;
  /// The last window in which somebody took the shard in hand.
  std::array<std::atomic<std::uint64_t>, shard_count> taken_{};
};

}  // namespace zhili::scenarios
