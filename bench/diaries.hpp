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
  /// In words of eight bytes.
  std::uint64_t body_at = 0;
  std::uint32_t body_bytes = 0;
  std::uint32_t text = 0;
  shard_no shard = 0;
  /// The shard's next diary and its time; `never`: this is the last.
  std::uint32_t next = 0;
  instant next_at = never;
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
  std::uint32_t size() const { return static_cast<std::uint32_t>(diaries_.size()); }
  /// In order of time over all shards, as they lie in memory.
  const std::vector<diary>& diaries() const { return diaries_; }
  /// A diary whose `next` is the shard's first.
  const diary& before_first(shard_no shard) const { return before_first_[shard]; }
  /// As the kernel gets it: nothing is copied.
  void fill(const diary& d, scenarios::submission& out) const;

 private:
  void link();

  instant begin_;
  instant end_;
  std::vector<diary> diaries_;
  /// Bodies one after the other, each 8-aligned.
  std::vector<std::uint64_t> bodies_;
  std::array<diary, shard_count> before_first_;
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
