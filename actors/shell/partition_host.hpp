// SPDX-License-Identifier: Apache-2.0
// A partition that serves production: an engine, its log, and all that may leave only after a commit. While one batch is
// being kept the next one fills. One thread at a time drives it; it knows no CAF.
#pragma once

#include <deque>
#include <map>
#include <set>

#include "actors/shell/committer.hpp"
#include "actors/shell/post.hpp"

namespace zhili::shell {

/// What hosts of one node share; outlives them.
struct host_surroundings {
  const partition::library* shelves = nullptr;
  storage::content_store* texts = nullptr;
  storage::partition_log* log = nullptr;
  committer* commits = nullptr;
  post_office* post = nullptr;
  /// Called from the committer's thread: have `committed` called where the partition is driven.
  std::function<void(partition_id, storage::append_outcome, batch_writer&&)> kept;
  /// A text for the operator: the node must stop rather than go on with a hole.
  std::function<void(std::string)> broken;
  /// A text for the operator: the node goes on. May be empty.
  std::function<void(std::string)> notice;
};

struct host_counters {
  std::uint64_t submissions = 0;
  std::uint64_t repeated = 0;
  std::uint64_t busy = 0;
  std::uint64_t letters_in = 0;
  /// Left lying because too much waits: they come again.
  std::uint64_t put_off = 0;
  std::uint64_t letters_out = 0;
  std::uint64_t resent = 0;
  std::uint64_t gaps = 0;
  /// Neighbours took them from an earlier life of this partition, and the copy that it was restored from is older.
  std::uint64_t unknown_here = 0;
  /// Acknowledged before by a partition that was restored, and sent to it again from the log.
  std::uint64_t sent_again = 0;
  std::uint64_t batches = 0;
  std::uint64_t bytes = 0;
};

class partition_host {
 public:
  /// Inputs that wait because the open batch is full; more submissions are told to come again.
  static constexpr std::size_t waiting_max = 4096;
  /// The open batch takes no more commands from here on until it is being kept.
  static constexpr std::size_t open_bytes_max = 256 * 1024;
  static constexpr duration retry_after{200};

  /// Acquires the partition and rebuilds it from its log.
  static result<std::unique_ptr<partition_host>> open(partition_id id, const host_surroundings& around,
                                                      partition::bench& work);

  partition_id id() const { return engine_->id(); }

  // ---- what comes in; `now` is the node's clock ----
  void take(submission&& s, instant now);
  void take(letter&& l, instant now);
  void take(const receipt_note& n);
  void control(type_no type, bytes_view body, instant now);
  /// Fires what is due.
  void tick(instant now);
  instant next_timer() const { return engine_->next_timer(); }
  /// Hands the open batch to the committer, unless one is with it already.
  void flush();
  /// What the committer made of the batch in flight.
  void committed(storage::append_outcome outcome, batch_writer&& batch, instant now);
  /// Sends again what no receipt has come for since this was last called.
  void resend_stale();
  /// Sends all that is unacknowledged: after a start, or when a lost neighbour is back.
  void resend_all();

  /// Nothing waits, nothing is open, nothing is in flight.
  bool quiet() const { return waiting_.empty() && !engine_->open() && !in_flight_; }
  const partition::engine& engine() const { return *engine_; }
  const host_counters& counters() const { return counted_; }
  std::uint64_t seq() const { return seq_; }

 private:
  /// One of the two, or a control command.
  struct input {
    std::unique_ptr<submission> asked;
    std::unique_ptr<letter> told;
  };
  /// Answers of one asker that follow each other.
  struct answers_to {
    std::shared_ptr<asker> to;
    std::size_t count = 0;
  };
  /// Up to where a stream of another partition was taken.
  struct taken_through {
    partition::stream_key from;
    partition::inbox_mark mark;
  };
  /// What leaves when a batch is kept.
  struct leaving {
    std::vector<submission_answer> answers;
    std::vector<answers_to> askers;
    std::vector<taken_through> receipts;

    void add(const std::shared_ptr<asker>& to, const submission_answer& a);
    void add(partition::stream_key from, partition::inbox_mark mark);
  };

  partition_host(std::unique_ptr<partition::engine> engine, const host_surroundings& around, storage::lease lease)
      : engine_(std::move(engine)), around_(around), lease_(lease), seq_(lease.next.value - 1) {}

  bool full() const { return engine_->open_bytes() > open_bytes_max; }
  bool uncommitted() const { return engine_->open() || in_flight_; }
  void run(submission& s, instant now);
  void run(const letter& l, instant now);
  std::string why_not(storage::append_outcome outcome) const;
  void leave(leaving& what);
  void dispatch(const batch_reader& batch);
  void send_again(partition::stream_key stream, std::uint64_t beyond);
  letter letter_of(const partition::message_view& m) const;

  std::unique_ptr<partition::engine> engine_;
  const host_surroundings& around_;
  storage::lease lease_;
  std::uint64_t seq_;
  bool in_flight_ = false;
  std::deque<input> waiting_;
  leaving open_leaves_;
  leaving flying_leaves_;
  void put_back(partition::stream_key stream, std::uint64_t beyond);
  void ask_neighbours();
  void notice(const std::string& what) const;
  std::string name() const;

  /// Numbers up to which a stream's messages are in kept batches: others must not be sent again.
  partition::stream_table<std::uint64_t> kept_numbers_;
  /// The oldest number without receipt when `resend_stale` last looked.
  std::map<partition::stream_key, std::uint64_t> stale_;
  /// Streams that were asked for again from before what was acknowledged, and from where.
  std::map<partition::stream_key, std::uint64_t> asked_back_;
  /// Streams whose early messages are asked for and gone.
  std::set<partition::stream_key> none_before_;
  /// How far neighbours have heard this partition beyond what it knows; what of it was told.
  std::map<partition::stream_key, std::uint64_t> unknown_through_;
  /// The first process of a life that began in a restore.
  bool new_life_ = false;
  unsigned asks_left_ = 0;
  host_counters counted_;
};

}  // namespace zhili::shell
