// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_log.hpp"

#include <algorithm>

namespace zhili::storage {

result<bool> memory_log::resolve(const lease& under, seq at, digest128 batch_id) {
  slot* of = table_.find(under.partition);
  if (of == nullptr) return no_such_partition(under.partition);
  std::lock_guard lock(of->mutex);
  return at > seq{} && at <= of->head.last && of->kept.records[at.value - 1].batch_id == batch_id;
}

status memory_log::read(partition_id partition, seq from, const batch_visitor& visit) {
  slot* of = table_.find(partition);
  if (of == nullptr) return no_such_partition(partition);
  std::lock_guard lock(of->mutex);
  for (std::uint64_t n = std::max<std::uint64_t>(from.value, 1); n <= of->head.last.value; ++n) {
    if (!visit(seq{n}, of->kept.records[n - 1].bytes)) break;
  }
  return {};
}

result<bool> digest_log::resolve(const lease& under, seq at, digest128) {
  slot* of = table_.find(under.partition);
  if (of == nullptr) return no_such_partition(under.partition);
  std::lock_guard lock(of->mutex);
  if (at > of->head.last) return false;
  return fail(errc::not_found, label(under.partition) + ": this run keeps no batches");
}

status digest_log::read(partition_id partition, seq, const batch_visitor&) {
  return fail(
      errc::not_found, label(partition) + ": this run keeps no batches; run with a data folder to keep them");
}

kept_totals digest_log::totals(partition_id partition) {
  slot* of = table_.find(partition);
  if (of == nullptr) return {};
  std::lock_guard lock(of->mutex);
  return of->kept;
}

}  // namespace zhili::storage
