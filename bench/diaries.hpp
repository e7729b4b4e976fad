// SPDX-License-Identifier: Apache-2.0
// Diaries that were written before the clock starts: submissions in memory, dealt to their shards in order of time, and
// the world that feeds them to the kernel. Lawful and each of its own subject, so that a decision has no consequences
// but its own, and a plain loop over the same diaries must end in the same state.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "policy/pack.hpp"
#include "scenarios/kernel/kernel.hpp"

namespace zhili::bench {

struct diary {
  instant at;
  account_id author;
  subject_id subject;
  subject_id key;
  std::uint32_t body_at = 0;
  std::uint32_t body_bytes = 0;
  std::uint32_t text = 0;
};

struct diary_plan {
  std::uint32_t count = 0;
  /// Over all shards: summer-2021 sends 59 submissions a minute. It decides how much of a window's cost a diary bears.
  double per_minute = 59;
  /// Of a hundred diaries, those that name an institution and so send a message to another account: 40 of a hundred
  /// contents of summer-2021 do.
  unsigned naming_percent = 40;
  std::uint32_t authors = 0;
  std::uint32_t institutions = 6000;
  /// Texts that are used in turn; nullptr: one text that nobody reads, under made-up hashes.
  const std::vector<std::string>* texts = nullptr;
};

class diary_load {
 public:
  explicit diary_load(const diary_plan& plan);

  instant begin() const { return begin_; }
  /// After the last message has arrived.
  instant end() const { return end_; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(order_.size()); }
  const std::vector<diary>& of(shard_no shard) const { return shards_[shard].diaries; }
  /// As the kernel gets it: nothing is copied.
  void fill(shard_no shard, const diary& d, scenarios::submission& out) const;
  /// The shard of each diary, in order of time over all shards.
  const std::vector<shard_no>& order() const { return order_; }

 private:
  struct shard_load {
    std::vector<diary> diaries;
    /// Bodies one after the other, each 8-aligned.
    std::vector<std::uint64_t> bodies;
  };
  instant begin_;
  instant end_;
  std::array<shard_load, shard_count> shards_;
  std::vector<shard_no> order_;
  const std::vector<std::string>* texts_;
};

/// Composed texts of lawful diaries that the pack approves.
std::vector<std::string> lawful_texts(std::uint32_t count, const policy::pack& pack);

class diary_world final : public scenarios::world {
 public:
  explicit diary_world(const diary_load& load);
  ~diary_world() override;
  scenarios::shard_world& shard(shard_no n) override;

 private:
  class fed_shard;
  std::vector<std::unique_ptr<fed_shard>> shards_;
};

}  // namespace zhili::bench
