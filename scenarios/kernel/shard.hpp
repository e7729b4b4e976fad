// SPDX-License-Identifier: Apache-2.0
// One shard in virtual time: its partitions, what is on its way to them, and its piece of the world. Within a window no
// other shard can reach it, so a lane runs its shards one after the other, each in the one total order.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>

#include "scenarios/kernel/faults.hpp"
#include "scenarios/kernel/world.hpp"

namespace zhili::scenarios {

/// A pack or registry change, to every partition.
struct control {
  instant at;
  type_no type = 0;
  std::vector<std::byte> body;
};

struct kernel_settings {
  /// Messages between accounts take this long.
  duration hop = std::chrono::seconds{60};
  /// Messages inside an account are late by up to this, at random: nothing may need "at once". 0 in every real run.
  duration inside_delay_max{0};
  std::vector<control> schedule;
  fault_plan faults;
  storage::partition_log* log = nullptr;
  const partition::library* shelves = nullptr;
};

/// What a lane collects for the others during a window.
struct exchange {
  std::vector<parcel> parcels;
  /// Acknowledgements.
  std::vector<receipt_note> notes;
  /// Streams that are to be sent again.
  std::vector<receipt_note> asking;
};

class shard {
 public:
  shard(shard_no number, const kernel_settings& settings, shard_world& outside, partition::bench& work);

  shard_no number() const { return number_; }
  /// Takes the partitions from the log.
  status start();
  /// When something happens next; `never`: nothing is pending.
  instant next() const;
  /// Handles everything before `end`, on the workbench of the lane that runs it. `out(shard)` gives the exchange towards a
  /// shard's lane.
  template <class Out>
  void run(instant end, partition::bench& work, Out&& out) {
    work_at(work);
    out_ = [&out](shard_no to) -> exchange& { return out(to); };
    run_until(end);
  }
  void deliver(parcel&& p);
  /// At the beginning of a window that ends at `window_end`.
  template <class Out>
  void note(const receipt_note& n, instant window_end, Out&& out) {
    out_ = [&out](shard_no to) -> exchange& { return out(to); };
    window_end_ = window_end;
    take_note(n);
  }
  /// Sends again what has not been acknowledged for long. Only faults make this necessary.
  template <class Out>
  void resend(instant now, instant window_end, Out&& out) {
    out_ = [&out](shard_no to) -> exchange& { return out(to); };
    window_end_ = window_end;
    resend_all(now);
  }

  std::span<partition::engine* const> engines() const { return seen_; }
  const fault_counts& faults() const { return counts_; }
  /// Invariants of every partition; the text of what is broken, empty where nothing is.
  std::string check() const;
  /// Parcels that have come here and are not due yet.
  template <class Visitor>
  void each_under_way(Visitor&& visit) const {
    for (const pending& p : heap_) visit(slab_[p.slot]);
  }
  /// First thing that went wrong beyond repair; empty: nothing.
  const std::string& trouble() const { return trouble_; }

 private:
  struct pending {
    instant due;
    place at;
    std::uint32_t slot = 0;
    bool operator>(const pending& o) const { return due != o.due ? due > o.due : at > o.at; }
  };
  struct hosted_partition {
    std::unique_ptr<partition::engine> engine;
    storage::lease lease;
    std::uint64_t seq = 0;
    std::uint64_t commits = 0;
  };

  void work_at(partition::bench& work);
  void run_until(instant end);
  void take_control(const control& c);
  void take_submission();
  void take_parcel(std::uint32_t slot);
  void fire(hosted_partition& p);
  bool commit(hosted_partition& p);
  void note_timer(const partition::engine& e);
  void dispatch(hosted_partition& p, const batch_reader& batch);
  void send(const partition::engine& from, const partition::message_view& m, std::uint16_t attempt);
  void put(parcel&& p);
  void take_note(const receipt_note& n);
  void resend_all(instant now);
  void crash(hosted_partition& p);
  crash_point draw_crash(const hosted_partition& p) const;
  void acknowledge(const parcel& p);
  hosted_partition& at(workflow_no w) { return partitions_[w]; }

  shard_no number_;
  const kernel_settings& settings_;
  shard_world& outside_;
  partition::bench* work_;
  std::array<hosted_partition, 16> partitions_;
  /// When each partition's next timer is due, side by side: asked for at every event.
  std::array<instant, 16> next_timer_;
  /// The workflow whose timer is due first; of several the lowest.
  workflow_no first_timer_ = 0;
  std::vector<workflow_no> present_;
  std::vector<partition::engine*> seen_;
  std::size_t next_control_ = 0;
  instant now_{0};
  instant window_end_{0};

  std::vector<pending> heap_;
  std::vector<parcel> slab_;
  std::vector<std::uint32_t> free_;
  std::function<exchange&(shard_no)> out_;
  fault_counts counts_;
  std::uint64_t draws_ = 0;
  std::map<partition::stream_key, instant> last_inside_;
  std::string trouble_;
};

}  // namespace zhili::scenarios
