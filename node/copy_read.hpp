// SPDX-License-Identifier: Apache-2.0
// Reads what node/copy_write.hpp wrote: looks whether it is whole, and puts it into the data folder of a node that does
// not run.
#pragma once

#include "node/copy_write.hpp"
#include "scenarios/trace/named_codec.hpp"

namespace zhili::node {

/// A copy that was read to its end without harm.
struct read_copy {
  storage::transferred whole;
  instant last_at{0};
  bool complete = false;
  std::uint64_t texts = 0;
  /// Named by the log and not beside the copy.
  std::vector<digest256> texts_missing;
  scenarios::named_by_log named;
};

/// The partitions of which a copy lies in the folder, ascending.
result<std::vector<partition_id>> copies_in(const std::filesystem::path& dir);

/// Errors name the file, and the record or field in it.
result<read_copy> check_copy(const std::filesystem::path& dir, partition_id id);

/// Whether the copy may be put into this folder, as that: the packs and registry snapshots that its log names are here or
/// there, and a move forgets nothing. `data_dir` need not be there.
status check_fit(const std::filesystem::path& dir, const read_copy& copy, scenarios::data_folder& into, storage::life how);

/// Packs, registry snapshots and, where the folder is new, its manifest.
status import_belongings(const std::filesystem::path& dir, scenarios::data_folder& into);
/// Puts a checked copy in the place of what the folder has of its partition. A restore's incarnation becomes at least
/// `at_least`.
result<storage::transferred> import_copy(
    const std::filesystem::path& dir, const read_copy& copy, scenarios::data_folder& into, storage::life how,
    storage::incarnation at_least);

}  // namespace zhili::node
