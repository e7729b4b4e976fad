// SPDX-License-Identifier: Apache-2.0
// The port through which partitions keep their logs. A partition's log is a row of batches, opaque to
// storage, with one writer: whoever acquired the partition last. No code outside storage/ can tell which
// implementation it has.
//
// Threads: every function may be called from any thread. `acquire`, `append`, `resolve` and `read` may block
// for a sync or a disk and must not be called where nothing may wait; a node has one committer thread that
// calls `append`, and partitions fill their next batch while it syncs. The kernel's lanes call everything for
// their own partitions.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "protocols/types/hash.hpp"
#include "protocols/types/ids.hpp"
#include "protocols/types/named.hpp"
#include "protocols/types/result.hpp"

namespace zhili::storage {

/// How many times a partition was acquired; a later acquire fences every earlier lease. The first is 1.
using epoch = named<std::uint64_t, struct epoch_tag>;
/// Number of a batch in its partition's log: 1, 2, 3 … without gaps; 0 stands before the first.
using seq = named<std::uint64_t, struct seq_tag>;
/// Which life of the partition this is: a restore from an older copy begins a new one. The first is 1.
using incarnation = named<std::uint32_t, struct incarnation_tag>;

/// The right to append to one partition, until the next acquire.
struct lease {
  partition_id partition;
  storage::epoch epoch;
  /// What the next batch must carry, as of the acquire.
  seq next;
  storage::incarnation incarnation;
};

struct append_item {
  storage::lease lease;
  /// The batch's own number; anything but the log's last + 1 is a `seq_conflict`.
  seq expected;
  /// Names this very batch, for `resolve`.
  digest128 batch_id;
  bytes_view bytes;
};

enum class append_outcome : std::uint8_t {
  /// Kept as the implementation promises: LevelDB synced to disk, memory until the process ends.
  ok = 0,
  /// The partition was acquired again since: nothing was written, throw the memory away.
  fenced = 1,
  /// Another number is due: nothing was written.
  seq_conflict = 2,
  /// The write failed half-way: ask `resolve`, and where that fails acquire again.
  unknown = 3,
  /// Not tried, because the store has stopped; `acquire` says why.
  unavailable = 4,
};

/// Gets each batch; returns false to stop. The bytes begin 8-aligned and die with the call. Must not call the
/// log.
using batch_visitor = std::function<bool(seq, bytes_view)>;

class partition_log {
 public:
  virtual ~partition_log() = default;

  /// Makes the caller the writer. A barrier: what any earlier lease appended is there now or never comes.
  [[nodiscard]] virtual result<lease> acquire(partition_id partition) = 0;

  /// Appends batches of any number of partitions with ONE sync, each fenced on its own; a batch that is not
  /// `ok` keeps no other from being kept. Several batches of one partition stand in order. REQUIRES: as many
  /// outcomes as items.
  virtual void append(std::span<const append_item> items, std::span<append_outcome> outcomes) = 0;

  /// After `unknown`: true, this batch is kept at this number; false, it is not and will not be.
  /// An error: the store cannot tell.
  [[nodiscard]] virtual result<bool> resolve(const lease& under, seq at, digest128 batch_id) = 0;

  /// Visits the batches from `from` to the last. At a damaged one it stops with errc::checksum, at a missing
  /// one with errc::corrupt, naming partition and seq, after having visited all before it. A partition
  /// without batches is visited zero times and is no error.
  [[nodiscard]] virtual status read(partition_id partition, seq from, const batch_visitor& visit) = 0;

  /// Number of the last batch appended; 0: none.
  [[nodiscard]] virtual result<seq> head(partition_id partition) = 0;

  /// Partitions that have at least one batch, ascending.
  [[nodiscard]] virtual result<std::vector<partition_id>> partitions() = 0;
};

}  // namespace zhili::storage
