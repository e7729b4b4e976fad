// SPDX-License-Identifier: Apache-2.0
// The records of a partition's copy, as docs/storage_keys.md says: for the two halves of transfer.hpp alone.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "storage/partition_table.hpp"

namespace zhili::storage::copy_format {

inline constexpr std::string_view magic = "zhiliprt";
inline constexpr std::uint32_t format = 1;

// Kinds of records. On disk: do not renumber.
inline constexpr char head_kind = 'h';
inline constexpr char chunk_kind = 's';
inline constexpr char batch_kind = 'b';
inline constexpr char end_kind = 'z';

/// crc(4) kind(1) length(4), then the payload.
inline constexpr std::size_t frame_bytes = 9;
inline constexpr std::size_t head_bytes = 53;
/// More than any batch or piece, so that a damaged length does not take all memory.
inline constexpr std::uint64_t payload_bytes_max = 64 * 1024 * 1024;

inline std::uint32_t crc_of(std::string_view frame_after_crc, std::string_view payload) {
  return crc32c(as_bytes_view(payload), crc32c(as_bytes_view(frame_after_crc)));
}

/// The error, with the partition that it is of.
inline tl::unexpected<error> about(partition_id p, const error& why) {
  return fail(why.code, fmt::format("{}: {}", label(p), why.detail));
}

}  // namespace zhili::storage::copy_format
