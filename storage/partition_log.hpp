// SPDX-License-Identifier: Apache-2.0
// The ports through which partitions keep their logs. A partition's log is a row of batches, opaque to
// storage, with one writer: whoever acquired the partition last. No code outside storage/ can tell which
// implementation it has.
//
// Threads: every function may be called from any thread. All of them may block for a sync or a disk and must
// not be called where nothing may wait; a node has one committer thread that calls `append`, and partitions
// fill their next batch while it syncs. The kernel's lanes call everything for their own partitions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocols/types/hash.hpp"
#include "protocols/types/ids.hpp"
#include "protocols/types/named.hpp"
#include "protocols/types/result.hpp"
#include "protocols/types/time.hpp"

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
  /// Where batches from `from` on were trimmed: errc::not_found, and nothing is visited.
  [[nodiscard]] virtual status read(partition_id partition, seq from, const batch_visitor& visit) = 0;

  /// Number of the last batch appended; 0: none.
  [[nodiscard]] virtual result<seq> head(partition_id partition) = 0;

  /// Partitions that have at least one batch, ascending.
  [[nodiscard]] virtual result<std::vector<partition_id>> partitions() = 0;
};

// ---- what is kept beyond the log ----

/// A partition's state after its batch `at`: all that the batches after it do not say again. The bytes are
/// the partition's own.
struct snapshot {
  seq at;
  std::vector<std::byte> bytes;
};

/// Where a partition's batches lie: [archived, first) in the archive, [first, last] in the log. Those below
/// `archived` are forgotten. Without any trim both begin at 1.
struct extent {
  seq archived{1};
  seq first{1};
  seq last;
  /// Whose life the last batch is of.
  storage::incarnation incarnation{1};
};

/// One act of deletion: batches [from, before) of the archive are gone for good.
struct forgetting {
  seq from;
  seq before;
  /// When, by the clock of who asked.
  instant at;
  /// Who asked and on what ground, in the asker's words.
  std::string why;
};

/// A batch with its name, as it goes to another store.
struct record_view {
  seq at;
  digest128 batch_id;
  /// Begins 8-aligned and dies with the call.
  bytes_view bytes;
};
/// As batch_visitor.
using record_visitor = std::function<bool(const record_view&)>;

/// All of a partition, to be put in the place of what another store has of it.
struct partition_copy {
  struct record {
    seq at;
    digest128 batch_id;
    std::vector<std::byte> bytes;
  };
  /// With the incarnation that goes on.
  storage::extent extent;
  std::optional<storage::snapshot> snapshot;
  /// [extent.archived, extent.last], ascending, without gaps.
  std::vector<record> batches;
};

/// What a copy of a partition is read from: a store here, or one behind a node's door.
class partition_source {
 public:
  virtual ~partition_source() = default;

  /// The newest published snapshot; nothing: none ever was. errc::checksum where it is damaged.
  [[nodiscard]] virtual result<std::optional<snapshot>> get_snapshot(partition_id partition) = 0;

  [[nodiscard]] virtual result<storage::extent> extent(partition_id partition) = 0;

  /// Archive and log as one row from `from` to `through`, or to the last if that is less, as of now.
  [[nodiscard]] virtual status read_records(
      partition_id partition, seq from, seq through, const record_visitor& visit) = 0;
};

/// A log that also keeps snapshots and an archive. All that writes does so under a lease; errc::fenced where
/// the partition was acquired again since. Where the store has stopped: errc::io, and why.
class partition_store : public partition_log, public partition_source {
 public:
  /// Publishes the state after batch `at` in place of the last one, as a whole or not at all; it is read only
  /// once the disk has it. The bytes are staged in pieces, and appends go on between them.
  /// errc::out_of_range: there is no such batch, or a newer snapshot is published.
  [[nodiscard]] virtual status put_snapshot(const lease& under, seq at, bytes_view bytes) = 0;

  /// Moves the batches below `below` from the log to the archive, after it has read the snapshot back.
  /// errc::out_of_range: `below` is higher than the batch after the published snapshot; errc::checksum: the
  /// snapshot, or a batch, is damaged. What was moved before the damage stays moved.
  [[nodiscard]] virtual status trim(const lease& under, seq below) = 0;

  /// As `read`, of the archive: from `from` to the batch before the log's first. errc::not_found where those
  /// from `from` on are forgotten.
  [[nodiscard]] virtual status read_archive(partition_id partition, seq from, const batch_visitor& visit) = 0;

  /// Deletes archived batches below `before` and records when and why; what is gone already is no error and
  /// no record. errc::out_of_range: `before` reaches into the log.
  [[nodiscard]] virtual status forget_before(
      const lease& under, seq before, instant at, std::string_view why) = 0;

  /// Every deletion, in the order in which they were made.
  [[nodiscard]] virtual result<std::vector<forgetting>> forgotten(partition_id partition) = 0;

  /// Puts the copy in the place of all that is kept of the partition, as a whole or not at all, and fences
  /// every lease, `under` too. What was forgotten here stays recorded. REQUIRES: copy holds what its extent
  /// says.
  [[nodiscard]] virtual status replace(const lease& under, const partition_copy& copy) = 0;
};

}  // namespace zhili::storage
