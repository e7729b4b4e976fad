// SPDX-License-Identifier: Apache-2.0
#include "storage/partition_table.hpp"

#include <fmt/format.h>

namespace zhili::storage {

std::string label(partition_id partition) {
  return fmt::format("partition {}/{}", partition.workflow, partition.shard);
}

tl::unexpected<error> no_such_partition(partition_id partition) {
  return fail(
      errc::out_of_range,
      fmt::format(
          "{}: workflows end at {} and shards at {}", label(partition), workflows_max - 1, shard_count - 1));
}

lease partition_head::acquire(partition_id partition) {
  ++epoch.value;
  return {partition, epoch, seq{last.value + 1}, incarnation};
}

append_outcome partition_head::admit(const append_item& item) {
  if (item.lease.epoch != epoch || epoch == storage::epoch{}) return append_outcome::fenced;
  if (item.expected.value != last.value + 1) return append_outcome::seq_conflict;
  last = item.expected;
  return append_outcome::ok;
}

}  // namespace zhili::storage
