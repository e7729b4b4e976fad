// SPDX-License-Identifier: Apache-2.0
// A partition as a stream of bytes, from one store to another: backup, restore and move. docs/storage_keys.md
// is normative for the format. On top of the port: any implementation's copy goes into any other.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "storage/partition_log.hpp"

namespace zhili::storage {

/// A larger copy is refused on both sides: it is put in place in one write, and lies in memory meanwhile.
inline constexpr std::uint64_t copy_bytes_max = 1024 * 1024 * 1024;

/// Takes the next bytes; an error ends the export with it.
using byte_sink = std::function<status(bytes_view)>;
/// Fills the buffer from its beginning and says how far; 0: there are no more bytes.
using byte_source = std::function<result<std::size_t>(std::span<std::byte>)>;

/// What a stream holds.
struct transferred {
  partition_id partition;
  storage::extent extent;
  /// 0: no snapshot.
  seq snapshot_at;
  std::uint64_t bytes = 0;
};

/// Writes archive, log and snapshot as they stood after batch `through`, or after the last if that is less,
/// while the partition goes on. errc::not_found: what leads up to `through` is forgotten and the snapshot is
/// newer; too_large; checksum or corrupt: what is kept is damaged.
[[nodiscard]] result<transferred> export_partition(
    partition_source& from, partition_id partition, seq through, const byte_sink& sink);

/// What becomes of the partition's life where the copy is put.
enum class life : std::uint8_t {
  /// The copy is all that the partition ever wrote, and whoever wrote it has stopped: a move.
  goes_on,
  /// Others may have heard more from it than the copy knows: a restore. The incarnation rises.
  begins_anew,
};

/// Puts a stream in the place of all that is kept of the partition, once it was read to its end without harm;
/// before that nothing changes. Every lease is fenced then: acquire again. A copy that does not hold the last
/// batch kept here is an older one, and the incarnation rises whatever was asked for. Where it rises it becomes
/// at least `at_least`: two restores that do not know of each other, on two machines, must not begin the same.
/// Errors name the record and byte: truncated, checksum, malformed, unsupported_version (another format or
/// number of shards), out_of_range (another partition's), too_large; fenced: nothing changed.
[[nodiscard]] result<transferred> import_partition(
    partition_store& to, const lease& under, const byte_source& source, life how, incarnation at_least = {});

/// Reads a stream to its end and says what it is of; nothing is kept. Errors as those of import_partition. `visit`
/// is given each batch once all were read without harm.
[[nodiscard]] result<transferred> inspect_copy(const byte_source& source, const record_visitor& visit = {});

}  // namespace zhili::storage
