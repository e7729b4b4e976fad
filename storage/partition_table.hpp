// SPDX-License-Identifier: Apache-2.0
// What every implementation of the log shares: one slot a partition at a fixed place, and the rule that
// fences.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "storage/partition_log.hpp"

namespace zhili::storage {

/// Workflow numbers from here on have no log.
inline constexpr std::size_t workflows_max = 32;

/// `partition 1/5`: workflow 1, shard 5.
std::string label(partition_id partition);
/// For a partition that has no place in the table.
tl::unexpected<error> no_such_partition(partition_id partition);

/// Who may write a partition, and how far its log goes. The caller guards it.
struct partition_head {
  storage::epoch epoch;
  storage::incarnation incarnation{1};
  seq last;

  lease acquire(partition_id partition);
  /// ok: the item is next and `last` now counts it. Otherwise nothing changed.
  append_outcome admit(const append_item& item);
  /// errc::fenced where the lease is not the last that was given.
  status holds(const lease& under) const;
};

/// The rules for what a partition keeps beyond its log, and where its batches lie. The caller guards it.
struct partition_keep : partition_head {
  seq first{1};
  seq archived{1};
  /// Batch that the published snapshot is of; 0: there is none.
  seq snapshot_at;

  storage::extent extent() const { return {archived, first, last, incarnation}; }
  /// Whether a snapshot of `at` may be published under the lease.
  status may_snapshot(const lease& under, seq at) const;
  status may_trim(const lease& under, seq below) const;
  status may_forget(const lease& under, seq before) const;
  /// Whether `read` may begin at `from`, and `read_archive`.
  status may_read(partition_id partition, seq from) const;
  status may_read_archive(partition_id partition, seq from) const;
  /// errc::not_found: this batch is forgotten.
  status may_resolve(partition_id partition, seq at) const;
};

/// What a copy makes of a partition that takes its place.
partition_keep keep_of(const partition_copy& copy, storage::epoch now);

/// Slots at fixed addresses: threads that drive different partitions share no memory if a slot fills its
/// cache lines.
template <class Slot>
class partition_table {
 public:
  /// nullptr: a workflow or shard that cannot be.
  Slot* find(partition_id partition) {
    if (partition.workflow >= workflows_max || partition.shard >= shard_count) return nullptr;
    return &slots_[std::size_t{partition.workflow} * shard_count + partition.shard];
  }

  /// Visits every slot by ascending partition.
  template <class Visit>
  void each(Visit visit) {
    for (std::size_t i = 0; i < size; ++i) {
      visit(
          partition_id{static_cast<workflow_no>(i / shard_count), static_cast<shard_no>(i % shard_count)},
          slots_[i]);
    }
  }

 private:
  static constexpr std::size_t size = workflows_max * shard_count;
  std::unique_ptr<Slot[]> slots_ = std::make_unique<Slot[]>(size);
};

}  // namespace zhili::storage
