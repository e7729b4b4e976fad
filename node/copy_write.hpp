// SPDX-License-Identifier: Apache-2.0
// Writes copies of partitions into a folder: WORKFLOW-SHARD.copy and WORKFLOW-SHARD.texts for each, packs/ and registry/ as
// a data folder has them, copies.json with what the rest is. A file is there whole or not at all.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "node/copy_source.hpp"
#include "storage/transfer.hpp"

namespace zhili::node {

/// What stands in copies.json for each partition.
struct copy_facts {
  storage::transferred whole;
  std::uint64_t texts = 0;
  /// Named and not kept where the copy was made: submissions that came without the text that they name.
  std::uint64_t texts_missing = 0;
  std::uint64_t text_bytes = 0;
  /// Stamp of the last command; 0: there is none.
  instant last_at{0};
  /// Nobody wrote the partition when the copy was made: it may go on elsewhere.
  bool complete = false;
};

/// The name of a partition's files without their endings, as `content-5`.
std::string copy_name(partition_id id);
/// What `copy_name` gave; nothing for another name.
std::optional<partition_id> partition_of_copy(const std::string& name);

/// Copies one partition as of batch `through`, or of the last at the beginning if that is less; reads back what it wrote,
/// then puts it in place of an older copy. `step` hears of each batch.
result<copy_facts> write_copy(
    copy_source& from, partition_id id, storage::seq through, const std::filesystem::path& out,
    const std::function<void()>& step);
/// Packs, registry snapshots and the manifest.
status write_belongings(copy_source& from, const std::filesystem::path& out);

/// Bytes of a file, for the readers of storage/.
storage::byte_source bytes_of(const std::shared_ptr<std::FILE>& file);
/// Open for reading; not_found names it.
result<std::shared_ptr<std::FILE>> open_copy(const std::filesystem::path& file);
/// Beside its place first, on disk, then renamed.
status write_file(const std::filesystem::path& file, std::string_view bytes);

}  // namespace zhili::node
