// SPDX-License-Identifier: Apache-2.0
// The one thread of a node that appends: whatever batches have come together while it synced go with the next sync.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "protocols/log/batch.hpp"
#include "storage/partition_log.hpp"

namespace zhili::shell {

struct commit_request {
  storage::lease lease;
  std::uint64_t seq = 0;
  /// Sealed; given back with the outcome.
  batch_writer batch;
  /// Called on the committer's thread.
  std::function<void(storage::append_outcome, batch_writer&&)> done;
};

class committer {
 public:
  virtual ~committer() = default;
  virtual void give(commit_request&& request) = 0;
};

/// Appends before `give` returns: for tests and tools.
class direct_committer final : public committer {
 public:
  explicit direct_committer(storage::partition_log& log) : log_(log) {}
  void give(commit_request&& request) override;

 private:
  storage::partition_log& log_;
};

class committing_thread final : public committer {
 public:
  explicit committing_thread(storage::partition_log& log);
  /// Appends what it has been given, then ends.
  ~committing_thread() override;

  void give(commit_request&& request) override;

  struct counters {
    std::uint64_t syncs = 0;
    std::uint64_t batches = 0;
    std::uint64_t bytes = 0;
    std::uint64_t failed = 0;
    /// Seconds spent in append.
    double busy_s = 0;
  };
  counters read() const;

 private:
  void run();

  storage::partition_log& log_;
  mutable std::mutex mutex_;
  std::condition_variable given_;
  std::vector<commit_request> waiting_;
  counters counted_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace zhili::shell
