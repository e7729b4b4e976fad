// SPDX-License-Identifier: Apache-2.0
// What a node has decided and asked of the platform, as NDJSON in the order of each partition's log. A position says how
// far every partition was read; whoever keeps it misses nothing and sees nothing twice.
#pragma once

#include <map>
#include <string>

#include "scenarios/world/registry.hpp"
#include "storage/partition_log.hpp"

namespace zhili::node {

/// Last batch read, by `workflow/shard`. As JSON: {"content/5": 12}.
using log_position = std::map<std::string, std::uint64_t>;

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
  log_tail(storage::partition_log& log, const scenarios::shelf& packs) : log_(log), packs_(packs) {}

  /// Everything behind `from`, up to a little more than `bytes_max`. Partitions that are not here are left alone.
  result<tail_piece> read(const log_position& from, std::size_t bytes_max) const;

 private:
  storage::partition_log& log_;
  const scenarios::shelf& packs_;
};

}  // namespace zhili::node
