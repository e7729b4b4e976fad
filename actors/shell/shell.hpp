// SPDX-License-Identifier: Apache-2.0
// The partitions of a node under CAF: an actor a shard, a committer for all, and a post office between them. What is not
// hosted here goes to `elsewhere`.
#pragma once

#include <atomic>
#include <chrono>
#include <future>

#include "actors/shell/shard_host.hpp"

namespace zhili::shell {

/// The node's time: the wall clock, or the latest time that the trace which it is fed has reached.
class node_clock {
 public:
  enum class kind : std::uint8_t { real, trace };
  explicit node_clock(kind k) : kind_(k) {}

  kind runs_by() const { return kind_; }
  instant now() const;
  /// The trace has come to here. Never goes back.
  void reached(instant t);

 private:
  kind kind_;
  std::atomic<std::int64_t> reached_ms_{0};
};

struct shell_settings {
  /// Workflows whose partitions live here, in all shards of `shards`.
  std::vector<workflow_no> workflows;
  std::vector<shard_no> shards;
  unsigned threads = 2;
  const partition::library* shelves = nullptr;
  storage::content_store* texts = nullptr;
  storage::partition_log* log = nullptr;
  node_clock* clock = nullptr;
  /// Letters and receipts for partitions of other nodes; nullptr: there are none.
  post_office* elsewhere = nullptr;
  /// What has had no receipt for one to two times so long is sent again. Rounded up to the ticks of the shards.
  std::chrono::milliseconds resend_after{2000};
  /// Of rehearsals; nullptr: nobody watches the commits.
  commit_watch* watch = nullptr;
  /// The node must stop: a text for the operator. From any thread.
  std::function<void(std::string)> broken;
  /// Something that the operator should know; the node goes on. From any thread. May be empty.
  std::function<void(std::string)> notice;
};

struct shell_counters {
  host_counters hosts;
  committing_thread::counters commits;
  std::uint64_t decisions = 0;
  std::uint64_t commands = 0;
  std::uint64_t subjects = 0;
  std::uint64_t refused_inside = 0;
  partition::life_gaps gaps;
  /// What both packs of a release judged.
  partition::release_tally compared;
  std::array<partition::account_books, partition::engine::kinds> books{};
  /// By workflow and verdict.
  std::map<std::pair<workflow_no, verdict>, std::uint64_t> verdicts;
};

class shell final : public post_office {
 public:
  /// Acquires and rebuilds every partition, in parallel over the shards; the first error where one fails.
  static result<std::unique_ptr<shell>> start(const shell_settings& settings);
  /// Stops without draining: what is acknowledged is kept.
  ~shell() override;

  bool hosts(partition_id id) const { return hosted_.contains(id.packed()); }

  /// REQUIRES: each is for a partition hosted here.
  void submit(std::vector<submission>&& submissions);
  /// To every partition.
  void control(type_no type, bytes_view body);
  /// From other nodes, for partitions here.
  void arrived(std::vector<letter>&& letters);
  void arrived(std::vector<receipt_note>&& notes);
  /// A node that was lost is back: all that it has not acknowledged is sent again.
  void resend_all();

  /// From partitions here.
  void send(std::vector<letter>&& letters) override;
  void tell(std::vector<receipt_note>&& notes) override;

  /// Runs `look` for every shard where it is driven, and waits for all. Not from within an actor.
  void each_shard(const std::function<void(shard_host&)>& look);
  /// True when nothing is open, waiting or in flight any more and every letter has its receipt; false when `limit`
  /// passed before, or when nothing but letters was left after `for_letters`: those are kept and sent again.
  bool drain(std::chrono::milliseconds limit, std::chrono::milliseconds for_letters = std::chrono::milliseconds::max());
  shell_counters read();

 private:
  struct engine_room;
  explicit shell(const shell_settings& settings);
  void give(shard_no shard, shard_input&& in);

  shell_settings settings_;
  host_surroundings around_;
  std::map<std::uint16_t, bool> hosted_;
  std::unique_ptr<engine_room> room_;
};

}  // namespace zhili::shell
