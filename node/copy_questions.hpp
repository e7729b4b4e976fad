// SPDX-License-Identifier: Apache-2.0
// What a client that copies partitions asks a node, page by page. Nothing is remembered between two pages: a page that is
// lost is asked for again, and one costs the node a read of at most `page_bytes_max`. Numbers are little-endian.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "scenarios/trace/data_folder.hpp"
#include "storage/transfer.hpp"

namespace zhili::node {

/// A reply stays below a frame.
inline constexpr std::size_t page_bytes_max = 768 * 1024;

/// In front of a piece of a batch in a page of records.
struct record_piece {
  std::uint64_t seq = 0;
  std::uint64_t id_hi = 0;
  std::uint64_t id_lo = 0;
  /// Of the whole batch, where this piece begins in it, and how long the piece is.
  std::uint32_t total = 0;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  std::uint32_t spare = 0;
};
static_assert(sizeof(record_piece) == 40);

/// In front of a piece of a snapshot.
struct snapshot_piece {
  std::uint64_t at = 0;
  std::uint64_t total = 0;
};

/// In place of a text's length: it is not kept here.
inline constexpr std::uint32_t no_text = 0xffffffff;

/// Body: JSON {} or {"partition": packed}. Reply: JSON {"shards": 64, "records": {...}, "partitions": [{"partition", "archived",
/// "first", "last", "incarnation"}]}: those that live here and have a batch, or the one that was named.
result<std::string> copy_list(
    scenarios::data_folder& folder, const std::function<bool(partition_id)>& hosted, std::string_view body);
/// Body: JSON {"partition", "from", "through", "offset"}: batches from `from`, its bytes from `offset`. Reply: pieces.
result<std::string> copy_records(scenarios::data_folder& folder, std::string_view body);
/// Body: JSON {"partition", "offset"}. Reply: a snapshot_piece and bytes; empty: there is no snapshot.
result<std::string> copy_snapshot(scenarios::data_folder& folder, std::string_view body);
/// Body: hashes, 32 bytes each. Reply: for as many of the first as fit, length (4, `no_text`) and bytes.
result<std::string> copy_texts(scenarios::data_folder& folder, std::string_view body);
/// Body: JSON {} for the names of all files, or {"name", "offset"}. Reply: JSON array; or the file's bytes from there.
result<std::string> copy_files(scenarios::data_folder& folder, std::string_view body);

}  // namespace zhili::node
