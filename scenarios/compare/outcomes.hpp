// SPDX-License-Identifier: Apache-2.0
// What became of every subject in a run, small enough to be kept while the same world runs again: what the program said
// first, what stands at the end, whether a person had it, and what stopped it. Read from committed batches alone.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <vector>

#include "scenarios/kernel/world.hpp"

namespace zhili::scenarios {

/// The first time that a subject was stopped, and by what.
struct stop_note {
  /// The version that was stopped.
  std::uint64_t ref = 0;
  instant at;
  /// Without those that were recorded in shadow; at most findings_max.
  std::array<wire::finding, 4> findings{};
  std::uint8_t finding_count = 0;
  zhili::verdict verdict{};
  wire::cause cause{};
  bool by_person = false;
  /// Stopped because its institution or practitioner was not admitted.
  bool with_owner = false;

  static constexpr std::size_t findings_max = 4;
  std::span<const wire::finding> found() const { return std::span{findings}.first(finding_count); }
};

struct subject_outcome {
  /// Lower half of the subject's id; 0: nothing was decided on this row.
  std::uint64_t subject = 0;
  /// The version that was decided last.
  std::uint64_t ref = 0;
  /// Place among the shard's stops; no_stop: it never was.
  std::uint32_t stop = no_stop;
  subject_kind kind{};
  /// What was said first, `escalate` where that was left to a person, and what stands at the end.
  zhili::verdict first{};
  zhili::verdict last{};
  std::uint8_t flags = 0;

  static constexpr std::uint32_t no_stop = 0xffffffff;
  enum flag : std::uint8_t {
    /// A person was asked.
    to_desk = 1,
    /// At the end a person still has it.
    waits = 2,
    /// An appeal took a decision back.
    reversed = 4,
  };

  bool has(flag f) const { return (flags & f) != 0; }
  bool was_stopped() const { return stop != no_stop; }
  /// The same story, told by the same stages.
  bool same_as(const subject_outcome& o) const {
    return first == o.first && last == o.last && flags == o.flags && was_stopped() == o.was_stopped();
  }
};
static_assert(sizeof(subject_outcome) == 24, "millions of them, of two runs");

/// Subjects of one shard lie in four tables, each by the row that its workflow gave it.
enum class subject_table : std::uint8_t { institution, practitioner, product, content };
inline constexpr std::size_t subject_tables = 4;

class outcome_book final : public batch_witness {
 public:
  struct alignas(64) shard_outcomes {
    std::array<std::vector<subject_outcome>, subject_tables> tables;
    std::vector<stop_note> stops;

    const stop_note* stop_of(const subject_outcome& o) const { return o.was_stopped() ? &stops[o.stop] : nullptr; }
  };

  void committed(partition_id of, const batch_reader& batch) override;

  const shard_outcomes& of(shard_no n) const { return shards_[n]; }

 private:
  std::array<shard_outcomes, shard_count> shards_;
};

/// One subject in both runs; nullptr: it was decided in the other run alone.
struct outcome_pair {
  shard_no shard = 0;
  subject_table table{};
  /// In the second run; REQUIRES now.
  std::uint32_t row = 0;
  const subject_outcome* old = nullptr;
  const subject_outcome* now = nullptr;

  const subject_outcome& any() const { return now != nullptr ? *now : *old; }
  bool differs() const { return old == nullptr || now == nullptr || !old->same_as(*now); }
};

/// Every subject that was decided in either run, once.
void each_pair(const outcome_book& old, const outcome_book& now, const std::function<void(const outcome_pair&)>& take);

}  // namespace zhili::scenarios
