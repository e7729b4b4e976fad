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

/// For rehearsals that kill a node while it commits: told where a commit stands, on the committer's thread.
class commit_watch {
 public:
  enum class stage : std::uint32_t {
    idle = 0,
    /// Batches are being written and synced.
    writing = 1,
    /// They are on disk, and nobody has been told.
    kept = 2,
  };
  virtual ~commit_watch() = default;
  virtual void reached(stage s) = 0;
};

class committing_thread final : public committer {
 public:
  /// `watch`: nullptr, or outlives the thread.
  explicit committing_thread(storage::partition_log& log, commit_watch* watch = nullptr);
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
  void reached(commit_watch::stage s) {
    if (watch_ != nullptr) watch_->reached(s);
  }

  storage::partition_log& log_;
  commit_watch* watch_;
  mutable std::mutex mutex_;
  std::condition_variable given_;
  std::vector<commit_request> waiting_;
  counters counted_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace zhili::shell
