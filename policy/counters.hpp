// SPDX-License-Identifier: Apache-2.0
// What packs count over sliding windows: how many submissions, how much together, how many different values. A counter is
// declared in counters/*.yaml and is a fact of its workflow by its name; what it has seen is kept by the workflow, filled
// from logged `counted` events alone, so that it survives a change of pack and a restart.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "protocols/types/time.hpp"

namespace zhili::policy {

/// A workflow's counters in one pack: they lie in the slots behind its fields.
inline constexpr std::size_t counters_max = 16;
/// A window is counted in so many buckets of event time, the one at hand being the last: it reaches back over the whole
/// window but for at most a sixtieth.
inline constexpr std::uint32_t window_buckets = 60;
inline constexpr duration window_min = std::chrono::minutes{1};
inline constexpr duration window_max = std::chrono::days{366};
/// A counter of different values counts no further.
inline constexpr std::size_t distinct_max = 1000;

enum class counting : std::uint8_t { count, sum, distinct };
enum class counted_by : std::uint8_t { account, subject };

/// One submission under one counter.
struct tick {
  /// Names what is counted: the same in every pack whose counter says the same.
  std::uint64_t counter = 0;
  /// Of the account or subject that it is counted for.
  std::uint64_t key = 0;
  /// What it adds; for different values the value's hash.
  std::int64_t value = 0;
  /// Event time in widths.
  std::uint32_t bucket = 0;
  /// Of a bucket, in ms.
  std::uint32_t width = 0;
  bool distinct = false;

  bool same_counter(const tick& o) const { return counter == o.counter && key == o.key; }
};

/// What has been counted in one partition. The same ticks in the same order give the same book.
class counter_book {
 public:
  void add(const tick& t);
  /// What the counter holds over the window that ends with the tick's bucket, the tick itself left out. A sum stays within
  /// what an int64 holds.
  std::int64_t past(const tick& t) const;
  /// `past` with the tick.
  std::int64_t with(const tick& t) const;

  bool empty() const { return kept_.empty(); }
  std::size_t memory_bytes() const;

  /// Every number of the book to h.value(), in one order; nothing where it is empty.
  template <class Hasher>
  void digest(Hasher& h) const {
    for (const auto& [key, kept] : kept_) {
      h.value(key);
      h.values(std::span<const amount>{kept.amounts});
    }
  }

 private:
  struct name {
    std::uint64_t counter = 0;
    std::uint64_t key = 0;
    auto operator<=>(const name&) const = default;
  };
  struct amount {
    std::uint64_t bucket = 0;
    std::int64_t value = 0;
  };
  struct row {
    std::vector<amount> amounts;
    /// Highest bucket seen, and the width of buckets in ms.
    std::uint32_t newest = 0;
    std::uint32_t width = 0;
  };
  using rows = std::map<name, row>;

  const row* find(const tick& t) const;
  static void drop_old(row& r);
  void forget_one_after(rows::iterator at, const tick& t);

  rows kept_;
};

/// What a judgement knows of the past: nothing, where nobody keeps a book.
struct history {
  const counter_book* book = nullptr;
  /// Keys of the account and the subject.
  std::uint64_t account = 0;
  std::uint64_t subject = 0;
  /// The first judgement of a submission: it counts itself. A later one is in the book already.
  bool first = true;
};

}  // namespace zhili::policy
