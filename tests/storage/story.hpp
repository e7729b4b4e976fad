// SPDX-License-Identifier: Apache-2.0
// A row of random acts on three partitions of a store, and all that can be seen of them: the same seed tells
// the same story on every store.
#pragma once

#include <random>

#include "tests/storage/copies.hpp"

namespace zhili::storage {

inline constexpr std::size_t partitions = 3;

inline partition_id partition(std::size_t which) {
  return {static_cast<workflow_no>(1 + which), 9};
}

/// All that can be seen of the partitions.
struct sight {
  struct part {
    texts kept;
    std::uint64_t archived = 0, first = 0, last = 0, snapshot_at = 0;
    std::uint32_t incarnation = 0;
    std::string snapshot;
    std::size_t forgotten = 0;
    bool operator==(const part&) const = default;
  };
  part parts[partitions];
  bool operator==(const sight&) const = default;
};

inline sight look_at(partition_store& store) {
  sight out;
  for (std::size_t which = 0; which < partitions; ++which) {
    sight::part& part = out.parts[which];
    const partition_id p = partition(which);
    const extent all = store.extent(p).value();
    part.archived = all.archived.value;
    part.first = all.first.value;
    part.last = all.last.value;
    part.incarnation = all.incarnation.value;
    part.kept = records(store, p, part.archived);
    const auto newest = store.get_snapshot(p).value();
    if (newest) part.snapshot_at = newest->at.value;
    if (newest) part.snapshot = chars_of(newest->bytes);
    part.forgotten = store.forgotten(p).value().size();
  }
  return out;
}

/// A row of random acts, the same on every store.
class story {
 public:
  story(partition_store& store, std::uint64_t seed, bool with_deletions)
      : store_(store), seed_(seed), with_deletions_(with_deletions) {}

  /// errc::none; or why not, and then the story is over.
  error go_on() {
    std::mt19937_64 chance(seed_ * 10'000 + ++step_);
    const std::size_t which = chance() % partitions;
    lease& mine = leases_[which];
    const std::uint64_t what = step_ <= partitions ? 0 : chance() % 12;
    if (what == 0) return acquire(step_ <= partitions ? step_ - 1 : which);
    if (what == 1 && heads_[which] > 0) {
      const std::string bytes(
          chance() % 3 == 0 ? 1024 * 1024 + 5 : chance() % 3000, static_cast<char>('a' + step_ % 26));
      const status s = store_.put_snapshot(mine, seq{heads_[which]}, as_bytes_view(bytes));
      if (s) snapshots_[which] = heads_[which];
      return s ? error{} : s.error();
    }
    if (what == 2) {
      const status s = store_.trim(mine, seq{snapshots_[which] + 1 - chance() % 2 % (snapshots_[which] + 1)});
      return s ? error{} : s.error();
    }
    if (what == 3) return restore(which, chance() % 3);
    if (what == 4 && with_deletions_) {
      const auto all = store_.extent(partition(which));
      if (!all) return all.error();
      const status s = store_.forget_before(mine, all->first, {1}, "law");
      return s ? error{} : s.error();
    }
    return append(chance);
  }

  std::uint64_t epoch_of(std::size_t which) const { return epochs_[which]; }
  append_outcome last_outcome() const { return last_outcome_; }
  const lease& lease_of(std::size_t which) const { return leases_[which]; }

 private:
  /// Puts an older copy of the partition in its place.
  error restore(std::size_t which, std::uint64_t steps_back) {
    const seq through{heads_[which] - std::min(heads_[which], steps_back)};
    std::string copy;
    const auto out = export_partition(store_, partition(which), through, into(copy));
    if (!out) return out.error().code == errc::not_found ? error{} : out.error();
    const auto in = import_partition(store_, leases_[which], from(copy), life::begins_anew);
    if (!in) return in.error();
    heads_[which] = in->extent.last.value;
    snapshots_[which] = in->snapshot_at.value;
    return acquire(which);
  }

  error acquire(std::size_t which) {
    const auto given = store_.acquire(partition(which));
    if (!given) return given.error();
    leases_[which] = *given;
    epochs_[which] = given->epoch.value;
    return {};
  }

  error append(std::mt19937_64& chance) {
    const std::size_t count = 1 + chance() % 4;
    texts payload;
    std::vector<append_item> items;
    for (std::size_t i = 0; i < count; ++i) {
      // Some are longer than a block of LevelDB's log.
      const std::size_t bytes = chance() % 9 == 0 ? 40'000 : chance() % 300;
      payload.push_back(std::to_string(step_) + "." + std::to_string(i) + std::string(bytes, 'x'));
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t to = chance() % partitions;
      items.push_back(item(leases_[to], ++heads_[to], payload[i]));
    }
    std::vector<append_outcome> outcomes(count, append_outcome::unknown);
    store_.append(items, outcomes);
    last_outcome_ = outcomes[0];
    for (const append_outcome outcome : outcomes) CHECK(outcome == outcomes[0]);
    return {outcomes[0] == append_outcome::ok ? errc::none : errc::io, "append"};
  }

  partition_store& store_;
  const std::uint64_t seed_;
  const bool with_deletions_;
  std::uint64_t step_ = 0;
  lease leases_[partitions];
  std::uint64_t epochs_[partitions] = {};
  std::uint64_t heads_[partitions] = {};
  std::uint64_t snapshots_[partitions] = {};
  append_outcome last_outcome_ = append_outcome::ok;
};

}  // namespace zhili::storage
