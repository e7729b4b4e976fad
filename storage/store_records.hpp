// SPDX-License-Identifier: Apache-2.0
// Keys and values of the store on disk, as docs/storage_keys.md says. Numbers are big-endian, so that
// LevelDB's order by bytes is ours by number; every value but a text carries a CRC.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "storage/partition_log.hpp"

namespace zhili::storage {

/// Format of keys and values; another one is refused.
inline constexpr std::string_view format_now = "1";
inline constexpr std::size_t batch_id_bytes = 16;
/// Snapshots are kept in pieces of this size; the last one may be shorter.
inline constexpr std::size_t chunk_bytes_max = 1024 * 1024;
inline constexpr std::size_t chunk_key_bytes = 15;

std::string batch_key(partition_id partition, seq at);
std::string epoch_key(partition_id partition);
std::string head_key(partition_id partition);
std::string archive_key(partition_id partition, seq at);
/// Where the partition's log and archive begin.
std::string bounds_key(partition_id partition);
/// Which snapshot is published.
std::string snapshot_key(partition_id partition);
std::string chunk_key(partition_id partition, std::uint64_t snapshot_no, std::uint32_t chunk);
/// Name in the manifest of one deletion from the archive, under the epoch in force: by name they stand in the
/// order in which they were made. `forgotten_name(partition)` is how all of a partition's begin.
std::string forgotten_name(partition_id partition, epoch under, seq before);
std::string forgotten_name(partition_id partition);
std::string text_key(const digest256& hash);
/// With what the keys of texts of this name begin.
std::string text_key(text_name name);
std::string meta_key(std::string_view name);
/// Of any key that names one after its letter.
partition_id partition_of(std::string_view key);

std::string_view chars(bytes_view bytes);
std::string big_endian(std::uint64_t v);
std::string big_endian(std::uint32_t v);
std::string big_endian(digest128 v);
/// REQUIRES: at most 8 bytes.
std::uint64_t number(std::string_view big_endian);
/// The first 16 bytes. REQUIRES: there are as many.
digest128 digest_of(std::string_view big_endian);

/// CRC32C over key and payload, then the payload. The key is in it so that a value in another's place is
/// found too.
std::string sealed(std::string_view key, std::initializer_list<std::string_view> payload);
/// The payload, in place; nothing where the CRC does not match.
std::optional<std::string_view> unseal(std::string_view key, std::string_view value);

/// Value under snapshot_key.
struct published_snapshot {
  /// In the keys of its pieces.
  std::uint64_t number = 0;
  seq at;
  std::uint64_t bytes = 0;
};
/// Nothing where the CRC or the length does not match.
std::optional<published_snapshot> published_in(std::string_view key, std::string_view value);
std::uint32_t chunks_of(std::uint64_t bytes);

}  // namespace zhili::storage
