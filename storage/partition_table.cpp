// SPDX-License-Identifier: Apache-2.0
#include "storage/partition_table.hpp"

#include <fmt/format.h>

#include <algorithm>

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

status partition_head::holds(const lease& under) const {
  if (under.epoch == epoch && epoch != storage::epoch{}) return {};
  return fail(
      errc::fenced,
      fmt::format(
          "{}: it was acquired again since (this lease is of epoch {}, {} is in force): whoever "
          "holds the old one stops and acquires it anew",
          label(under.partition), under.epoch.value, epoch.value));
}

status partition_keep::may_snapshot(const lease& under, seq at) const {
  if (status s = holds(under); !s) return s;
  if (at == seq{} || at > last) {
    return fail(
        errc::out_of_range, fmt::format(
                                "{}: no snapshot can be of batch {}: the last batch is {}",
                                label(under.partition), at.value, last.value));
  }
  if (at < snapshot_at) {
    return fail(
        errc::out_of_range, fmt::format(
                                "{}: the snapshot of batch {} is older than the published one of batch {}",
                                label(under.partition), at.value, snapshot_at.value));
  }
  return {};
}

status partition_keep::may_trim(const lease& under, seq below) const {
  if (status s = holds(under); !s) return s;
  if (below.value <= snapshot_at.value + 1) return {};
  const std::string covered = snapshot_at == seq{}
                                  ? "it has no snapshot"
                                  : fmt::format("its snapshot is of batch {}", snapshot_at.value);
  return fail(
      errc::out_of_range,
      fmt::format(
          "{}: batches below {} cannot be trimmed: {}", label(under.partition), below.value, covered));
}

status partition_keep::may_forget(const lease& under, seq before) const {
  if (status s = holds(under); !s) return s;
  if (before <= first) return {};
  return fail(
      errc::out_of_range, fmt::format(
                              "{}: batches before {} cannot be forgotten: only those below {} are in the "
                              "archive, trim first",
                              label(under.partition), before.value, first.value));
}

status partition_keep::may_read(partition_id partition, seq from) const {
  if (std::max(from, seq{1}) >= first) return {};
  return fail(
      errc::not_found, fmt::format(
                           "{}: its log begins at batch {}; those before it are in the archive",
                           label(partition), first.value));
}

status partition_keep::may_read_archive(partition_id partition, seq from) const {
  if (std::max(from, seq{1}) >= archived) return {};
  return fail(
      errc::not_found, fmt::format(
                           "{}: its archive begins at batch {}; those before it are forgotten",
                           label(partition), archived.value));
}

status partition_keep::may_resolve(partition_id partition, seq at) const {
  if (at == seq{}) return {};
  return may_read_archive(partition, at);
}

partition_keep keep_of(const partition_copy& copy, storage::epoch now) {
  partition_keep out;
  out.epoch = now;
  out.incarnation = copy.extent.incarnation;
  out.last = copy.extent.last;
  out.first = copy.extent.first;
  out.archived = copy.extent.archived;
  if (copy.snapshot) out.snapshot_at = copy.snapshot->at;
  return out;
}

}  // namespace zhili::storage
