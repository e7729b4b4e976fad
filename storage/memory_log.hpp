// SPDX-License-Identifier: Apache-2.0
// Logs in memory, for simulations and tests. A lock a partition and no memory between partitions: lanes that
// drive different shards never wait for each other. Nothing here outlives the process.
#pragma once

#include <deque>
#include <mutex>

#include "storage/partition_table.hpp"

namespace zhili::storage {

/// What the two logs below have in common; `Kept` is what a partition keeps of its batches, by `keep(item)`,
/// and `Head` who may write it.
template <class Port, class Head, class Kept>
class volatile_log : public Port {
 public:
  result<lease> acquire(partition_id partition) final {
    slot* at = table_.find(partition);
    if (at == nullptr) return no_such_partition(partition);
    std::lock_guard lock(at->mutex);
    return at->head.acquire(partition);
  }

  void append(std::span<const append_item> items, std::span<append_outcome> outcomes) final {
    ZHILI_ASSERT(items.size() == outcomes.size(), "an outcome for each item");
    for (std::size_t i = 0; i < items.size(); ++i) {
      slot* at = table_.find(items[i].lease.partition);
      ZHILI_ASSERT(at != nullptr, "leases come from acquire");
      std::lock_guard lock(at->mutex);
      outcomes[i] = at->head.admit(items[i]);
      if (outcomes[i] == append_outcome::ok) at->kept.keep(items[i]);
    }
  }

  result<seq> head(partition_id partition) final {
    slot* at = table_.find(partition);
    if (at == nullptr) return no_such_partition(partition);
    std::lock_guard lock(at->mutex);
    return at->head.last;
  }

  result<std::vector<partition_id>> partitions() final {
    std::vector<partition_id> out;
    table_.each([&](partition_id partition, slot& at) {
      std::lock_guard lock(at.mutex);
      if (at.head.last > seq{}) out.push_back(partition);
    });
    return out;
  }

 protected:
  struct alignas(64) slot {
    std::mutex mutex;
    Head head;
    Kept kept;
  };
  partition_table<slot> table_;
};

struct kept_batches {
  /// From the archive's first to the log's last.
  std::deque<partition_copy::record> records;
  std::optional<snapshot> newest;
  std::vector<forgetting> forgettings;

  void keep(const append_item& item) {
    records.push_back({item.expected, item.batch_id, {item.bytes.begin(), item.bytes.end()}});
  }
};

/// Keeps every batch until it is forgotten. Snapshots are whole at once, and the archive is a mark.
class memory_log final : public volatile_log<partition_store, partition_keep, kept_batches> {
 public:
  result<bool> resolve(const lease& under, seq at, digest128 batch_id) override;
  status read(partition_id partition, seq from, const batch_visitor& visit) override;

  status put_snapshot(const lease& under, seq at, bytes_view bytes) override;
  result<std::optional<snapshot>> get_snapshot(partition_id partition) override;
  result<storage::extent> extent(partition_id partition) override;
  status trim(const lease& under, seq below) override;
  status read_archive(partition_id partition, seq from, const batch_visitor& visit) override;
  status read_records(partition_id partition, seq from, seq through, const record_visitor& visit) override;
  status forget_before(const lease& under, seq before, instant at, std::string_view why) override;
  result<std::vector<forgetting>> forgotten(partition_id partition) override;
  status replace(const lease& under, const partition_copy& copy) override;

 private:
  /// Does `act` on the partition's slot under its lock.
  template <class Result, class Act>
  Result in_slot(partition_id partition, Act act);
  static status each(slot& of, seq from, seq last, const record_visitor& visit);
};

struct kept_totals {
  std::uint64_t batches = 0;
  std::uint64_t bytes = 0;

  void keep(const append_item& item) {
    ++batches;
    bytes += item.bytes.size();
  }
};

/// Keeps how much was appended and nothing of it, for runs too long to be kept. It fences like any other;
/// `read` fails with errc::not_found, and `resolve` can only deny what lies beyond the head.
class digest_log final : public volatile_log<partition_log, partition_head, kept_totals> {
 public:
  result<bool> resolve(const lease& under, seq at, digest128 batch_id) override;
  status read(partition_id partition, seq from, const batch_visitor& visit) override;

  /// Zeros where nothing was appended.
  kept_totals totals(partition_id partition);
};

}  // namespace zhili::storage
