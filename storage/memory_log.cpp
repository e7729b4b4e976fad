// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_log.hpp"

#include <algorithm>

namespace zhili::storage {

template <class Result, class Act>
Result memory_log::in_slot(partition_id partition, Act act) {
  slot* of = table_.find(partition);
  if (of == nullptr) return no_such_partition(partition);
  std::lock_guard lock(of->mutex);
  return act(*of);
}

status memory_log::each(slot& of, seq from, seq last, const record_visitor& visit) {
  for (seq n = std::max(from, seq{1}); n <= last; ++n.value) {
    const auto& r = of.kept.records[n.value - of.head.archived.value];
    if (!visit({r.at, r.batch_id, r.bytes})) break;
  }
  return {};
}

result<bool> memory_log::resolve(const lease& under, seq at, digest128 batch_id) {
  return in_slot<result<bool>>(under.partition, [&](slot& of) -> result<bool> {
    if (status s = of.head.may_resolve(under.partition, at); !s) return tl::unexpected(s.error());
    if (at == seq{} || at > of.head.last) return false;
    return of.kept.records[at.value - of.head.archived.value].batch_id == batch_id;
  });
}

status memory_log::read(partition_id partition, seq from, const batch_visitor& visit) {
  return in_slot<status>(partition, [&](slot& of) {
    const status may = of.head.may_read(partition, from);
    return may ? each(of, from, of.head.last, [&](const record_view& r) { return visit(r.at, r.bytes); })
               : may;
  });
}

status memory_log::put_snapshot(const lease& under, seq at, bytes_view bytes) {
  return in_slot<status>(under.partition, [&](slot& of) {
    const status may = of.head.may_snapshot(under, at);
    if (!may) return may;
    of.kept.newest = snapshot{at, {bytes.begin(), bytes.end()}};
    of.head.snapshot_at = at;
    return may;
  });
}

result<std::optional<snapshot>> memory_log::get_snapshot(partition_id partition) {
  return in_slot<result<std::optional<snapshot>>>(partition, [](slot& of) { return of.kept.newest; });
}

result<storage::extent> memory_log::extent(partition_id partition) {
  return in_slot<result<storage::extent>>(partition, [](slot& of) { return of.head.extent(); });
}

status memory_log::trim(const lease& under, seq below) {
  return in_slot<status>(under.partition, [&](slot& of) {
    const status may = of.head.may_trim(under, below);
    if (may) of.head.first = std::max(of.head.first, below);
    return may;
  });
}

status memory_log::read_archive(partition_id partition, seq from, const batch_visitor& visit) {
  return in_slot<status>(partition, [&](slot& of) {
    const status may = of.head.may_read_archive(partition, from);
    if (!may) return may;
    return each(
        of, from, seq{of.head.first.value - 1}, [&](const record_view& r) { return visit(r.at, r.bytes); });
  });
}

status memory_log::read_records(partition_id partition, seq from, seq through, const record_visitor& visit) {
  return in_slot<status>(partition, [&](slot& of) {
    const status may = of.head.may_read_archive(partition, from);
    return may ? each(of, from, std::min(through, of.head.last), visit) : may;
  });
}

status memory_log::forget_before(const lease& under, seq before, instant at, std::string_view why) {
  return in_slot<status>(under.partition, [&](slot& of) {
    const status may = of.head.may_forget(under, before);
    if (!may || before <= of.head.archived) return may;
    of.kept.forgettings.push_back({of.head.archived, before, at, std::string{why}});
    auto& records = of.kept.records;
    records.erase(
        records.begin(),
        records.begin() + static_cast<std::ptrdiff_t>(before.value - of.head.archived.value));
    of.head.archived = before;
    return may;
  });
}

result<std::vector<forgetting>> memory_log::forgotten(partition_id partition) {
  return in_slot<result<std::vector<forgetting>>>(partition, [](slot& of) { return of.kept.forgettings; });
}

status memory_log::replace(const lease& under, const partition_copy& copy) {
  return in_slot<status>(under.partition, [&](slot& of) {
    const status may = of.head.holds(under);
    if (!may) return may;
    of.head = keep_of(copy, storage::epoch{of.head.epoch.value + 1});
    of.kept.newest = copy.snapshot;
    of.kept.records.assign(copy.batches.begin(), copy.batches.end());
    return may;
  });
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
