// SPDX-License-Identifier: Apache-2.0
// A partition: orders everything that happens to the accounts of one shard of one workflow, exactly once. Commands go
// in; replies, sends, timers and one log batch come out. The batch commits as a whole; only then may the driver let
// anything out. A plain class, driven by one thread at a time: by the kernel in virtual time, by the shell in a node.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "actors/partition/key_window.hpp"
#include "actors/partition/streams.hpp"
#include "actors/partition/tally.hpp"
#include "actors/partition/workflow.hpp"
#include "storage/partition_log.hpp"

namespace zhili::partition {

/// One input for a partition. For messages `head` says source, stream and number; for submissions the key.
struct command {
  wire::command_header head;
  type_no type = 0;
  bytes_view body;
  /// Text that came along with a submission, already in the content store.
  std::string_view text;
};

enum class taken : std::uint8_t {
  /// In the open batch.
  yes,
  /// Seen before: a submission is answered from the keys, a message is acknowledged again.
  again,
  /// A message above mark + 1: ask the source to send from mark + 1.
  gap,
};

struct receipt {
  partition::taken taken = taken::yes;
  partition::outcome outcome;
};

/// What an engine needs from its driver; outlives it.
struct surroundings {
  const library* shelves = nullptr;
  storage::content_store* texts = nullptr;
  bench* work = nullptr;
};

/// Submissions by kind: submitted = decided + waiting + refused, always.
struct account_books {
  std::uint64_t submitted = 0;
  std::uint64_t decided = 0;
  std::uint64_t waiting = 0;
  std::uint64_t refused = 0;
  auto operator<=>(const account_books&) const = default;
};

/// Messages that lost their other half when a partition was restored from an older copy. Counted from the log.
struct life_gaps {
  /// Taken here, and the source's present life does not know that it sent them.
  std::uint64_t forgotten = 0;
  /// An earlier life of this partition acknowledged them, this one has not taken them, and the source has them no more.
  std::uint64_t missed = 0;
};

class engine {
 public:
  static constexpr std::size_t kinds = 16;
  static constexpr std::size_t timer_body_bytes = 20;

  engine(partition_id id, const workflow_descriptor& workflow, surroundings around, std::uint32_t incarnation);
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  partition_id id() const { return id_; }
  const workflow_descriptor& workflow() const { return *workflow_; }
  /// The partition goes on in another thread, which has its own. REQUIRES: no batch is open.
  void work_at(bench& of_thread) { around_.work = &of_thread; }

  // ---- commands ----
  receipt take(const command& c, instant clock);
  /// When the next timer is due; `never`: none is set.
  instant next_timer() const { return timers_.empty() ? never : timers_.front().due; }
  /// Takes the first timer as a command. REQUIRES: next_timer() <= clock.
  void fire(instant clock);

  // ---- the batch ----
  bool open() const { return !batch_.empty(); }
  std::size_t open_bytes() const { return batch_.bytes(); }
  /// Closes the open batch. The view lives until `committed`. REQUIRES: open().
  bytes_view seal(std::uint64_t seq, std::uint64_t epoch);
  /// Closes the open batch and gives it away, so that the next can fill while this one is being kept. REQUIRES: open().
  batch_writer close(std::uint64_t seq, std::uint64_t epoch);
  /// The sealed batch is kept: forget it.
  void committed() {
    batch_.clear();
    std::swap(batch_, around_.work->batch);
  }

  // ---- recovery ----
  /// Rebuilds from the next batch of the log: state through apply, marks, keys, outbox and timers from its entries. The
  /// chain hash must go on from the batch before. After an error the engine is half-way: throw it away.
  /// REQUIRES: no batch is open.
  status restore(const batch_reader& batch);
  /// `restore`, and decides every command again: order, events, messages and answers must be the same to the byte.
  status verify(const batch_reader& batch);

  // ---- streams ----
  inbox_mark mark(stream_key from) const;
  void acknowledged(stream_key to, std::uint64_t through);
  std::uint64_t acknowledged_through(stream_key to) const;
  /// Number of the last message that this or an earlier life sent, up to the life of this incarnation.
  std::uint64_t last_sent(stream_key to, std::uint32_t incarnation) const;
  /// Incarnation under which a message was sent.
  std::uint32_t life_of(stream_key to, std::uint64_t number) const;
  /// Messages from the log that were acknowledged and are asked for again. REQUIRES: as outbox::put_before.
  void take_back(stream_key to, outbox&& earlier) { out_.at(to).box.put_before(std::move(earlier)); }
  /// Unacknowledged messages to one partition, oldest first.
  void each_unacknowledged(stream_key to, const std::function<void(const message_view&)>& visit) const;
  /// Streams that hold unacknowledged messages.
  std::vector<stream_key> unacknowledged_streams() const;

  // ---- reads, after a commit ----
  digest128 chain_digest() const { return chain_; }
  /// State, marks, next numbers, timers, keys, books: what must be the same after any crash. What is unacknowledged is
  /// left out, it depends on when acknowledgements came.
  digest128 state_digest() const;
  const hosted& state() const { return *hosted_; }
  /// nullptr: it was never given one.
  const policy::pack* pack() const { return release_.base.pack.get(); }
  const partition::release& release() const { return release_; }
  const release_tally& compared() const { return compared_; }
  const registry* licensed() const { return registry_.get(); }
  const std::array<account_books, kinds>& books() const { return books_; }
  const tally& counts() const { return counts_; }
  std::uint64_t commands() const { return commands_; }
  std::uint64_t decisions() const { return decisions_; }
  /// Messages, timers and control commands that were refused; their refusals stand in the log.
  std::uint64_t refused_inside() const { return refused_inside_; }
  instant last_stamp() const { return last_at_; }
  const life_gaps& gaps() const { return gaps_; }
  /// Checks that the books agree with the rows; the text of what does not, empty where all does.
  std::string check() const;
  std::size_t memory_bytes() const;

 private:
  friend class decide_sink;
  friend class react_sink;

  struct timer {
    instant due;
    std::uint64_t ordinal = 0;
    account_id account;
    type_no type = 0;
    std::uint16_t length = 0;
    std::array<std::byte, timer_body_bytes> body{};
    bool operator>(const timer& o) const { return due != o.due ? due > o.due : ordinal > o.ordinal; }
  };

  taken order_of(const wire::command_header& head) const;
  void run(const command& c, instant at, const kept_key* kept);
  outcome check_submission(const command& c, instant at, const kept_key* kept) const;
  status control(type_no type, bytes_view body);
  status change_release(bytes_view body);
  void react_to_events(const context& cx);
  void note_decided(bytes_view body);
  void note_answer(const wire::command_header& head, std::uint64_t body, const outcome& answer);
  void learn_marks(const wire::command_header& head);
  context make_context(const command& c, instant at) const;
  void push_send(partition_id to, stream_kind kind, account_id account, type_no type, bytes_view body);
  void push_timer(const timer& t);
  timer pop_timer();
  class life_of_batch;
  struct command_span;
  std::string where(const batch_reader& batch) const;
  command_span next_command(const batch_reader& batch, batch_reader::iterator from) const;
  status check_entry(const entry_view& entry) const;
  status restore_command(const entry_view& entry);
  status restore_entry(const entry_view& entry);
  status repeat(const command& c);
  status verify_command(const command_span& span);

  partition_id id_;
  const workflow_descriptor* workflow_;
  surroundings around_;
  std::uint32_t incarnation_;
  /// Of the batch in hand: while a log is read, that under which it was written.
  std::uint32_t life_;
  std::unique_ptr<hosted> hosted_;
  partition::release release_;
  /// Judging beside changes nothing, so a context that is const counts it.
  mutable release_tally compared_;
  std::shared_ptr<const registry> registry_;

  instant last_at_{0};
  std::uint64_t timer_ordinal_ = 0;
  std::vector<timer> timers_;  // a heap, soonest first
  key_window keys_;
  struct out_stream {
    outbox box;
    /// An acknowledgement that no batch has recorded yet.
    bool ack_unlogged = false;
  };
  stream_table<out_stream> out_;
  stream_table<inbox_mark> in_;
  std::vector<stream_key> acks_unlogged_;
  struct life_begin {
    std::uint64_t number = 0;
    std::uint32_t incarnation = 0;
  };
  /// Where lives after the first begin in a stream; empty unless the partition was restored.
  std::map<stream_key, std::vector<life_begin>> lives_;
  life_gaps gaps_;

  batch_writer batch_;
  digest128 chain_;
  std::array<account_books, kinds> books_{};
  tally counts_;
  std::uint64_t commands_ = 0;
  std::uint64_t decisions_ = 0;
  std::uint64_t refused_inside_ = 0;

  // Of the command in hand.
  instant at_;
  account_id account_;
  outcome answer_;
  bytes_view event_in_hand_;
  // Of the command being restored.
  wire::command_header restoring_;
  std::uint64_t restoring_body_ = 0;
};

}  // namespace zhili::partition
