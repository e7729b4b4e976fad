// SPDX-License-Identifier: Apache-2.0
// The partitions of one shard that a node hosts, driven by one thread at a time: what comes in goes to its partition,
// and whatever a call has opened is handed to the committer at its end.
#pragma once

#include <array>

#include "actors/shell/partition_host.hpp"

namespace zhili::shell {

/// What a shard is given at once.
struct shard_input {
  struct kept_batch {
    partition_id partition;
    storage::append_outcome outcome{};
    batch_writer batch;
  };
  struct control {
    type_no type = 0;
    std::vector<std::byte> body;
  };

  std::vector<submission> submissions;
  std::vector<letter> letters;
  std::vector<receipt_note> notes;
  std::vector<kept_batch> kept;
  std::vector<control> controls;
  /// Runs where the partitions are driven: for reads.
  std::function<void(class shard_host&)> look;
  /// Neighbours may have lost what was on its way to them.
  bool resend = false;
};

class shard_host {
 public:
  shard_host(shard_no number, const host_surroundings& around) : number_(number), around_(around) {}

  shard_no number() const { return number_; }
  /// Acquires and rebuilds the partitions.
  status open(std::span<const workflow_no> workflows);

  void take(shard_input&& in, instant now);
  /// Hands every open batch to the committer that is not waiting for one. Ends each of the calls here by itself.
  void flush();
  /// Fires what is due; `stale`: also sends again what has long been without receipt.
  void tick(instant now, bool stale);
  /// `never`: no timer is set.
  instant next_timer() const;
  bool quiet() const;

  /// nullptr: not hosted here.
  partition_host* find(workflow_no workflow) { return workflow < hosts_.size() ? hosts_[workflow].get() : nullptr; }
  template <class Visitor>
  void each(Visitor&& visit) {
    for (auto& host : hosts_) {
      if (host) visit(*host);
    }
  }
  template <class Visitor>
  void each(Visitor&& visit) const {
    for (const auto& host : hosts_) {
      if (host) visit(*host);
    }
  }

 private:
  shard_no number_;
  const host_surroundings& around_;
  partition::bench work_;
  std::array<std::unique_ptr<partition_host>, workflow_end> hosts_;
};

}  // namespace zhili::shell
