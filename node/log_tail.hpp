// SPDX-License-Identifier: Apache-2.0
// What a node has decided and asked of the platform, as NDJSON in the order of each partition's log. A position says how
// far every partition was read; whoever keeps it misses nothing and sees nothing twice.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "scenarios/world/registry.hpp"
#include "storage/partition_log.hpp"

namespace zhili::node {

/// The last batch read of a partition, and the life that wrote it.
struct log_place {
  std::uint64_t batch = 0;
  std::uint32_t life = 1;
  auto operator<=>(const log_place&) const = default;
};

/// By `workflow/shard`. As JSON: {"content/5": 12}; of a partition that was restored: {"content/5": {"batch": 12, "life": 2}}.
using log_position = std::map<std::string, log_place>;

std::string to_json(const log_position& p);
/// malformed names what is wrong.
result<log_position> read_position(std::string_view json);

struct tail_piece {
  /// Whole lines: decisions, measures and requests.
  std::string lines;
  log_position position;
  /// Nothing more is there yet.
  bool at_end = true;
};

class log_tail {
 public:
  /// `hosted` says which of the log's partitions live here: one that was moved away is told of where it lives now.
  log_tail(storage::partition_store& log, const scenarios::shelf& packs, std::function<bool(partition_id)> hosted)
      : log_(log), packs_(packs), hosted_(std::move(hosted)) {}

  /// Everything behind `from`, up to a little more than `bytes_max`. Partitions that are not here are left alone. Of one
  /// that was restored from a copy older than the place, everything behind the copy.
  result<tail_piece> read(const log_position& from, std::size_t bytes_max) const;

 private:
  result<std::uint64_t> still_there(partition_id id, const log_place& place, std::uint64_t head) const;

  storage::partition_store& log_;
  const scenarios::shelf& packs_;
  std::function<bool(partition_id)> hosted_;
};

}  // namespace zhili::node
