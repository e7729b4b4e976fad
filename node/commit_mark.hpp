// SPDX-License-Identifier: Apache-2.0
// Where a node's commit stands, in a file that other processes may look into while it runs and after it was
// killed. Only nodes that go by a trace keep one: a rehearsal kills them in the middle of a commit and reads
// here whether it did.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>

#include "actors/shell/committer.hpp"

namespace zhili::node {

/// A page in memory that the kernel keeps for whoever maps the same file: it outlives the process that wrote
/// it.
class commit_mark final : public shell::commit_watch {
 public:
  static std::filesystem::path file_in(const std::filesystem::path& data_dir) {
    return data_dir / "committing";
  }
  /// For the node: begins as idle. Errors: io.
  static result<std::unique_ptr<commit_mark>> make(const std::filesystem::path& file);
  /// For whoever looks on. Errors: io, not_found (no node has made it yet).
  static result<std::unique_ptr<commit_mark>> look(const std::filesystem::path& file);
  ~commit_mark() override;
  commit_mark(const commit_mark&) = delete;
  commit_mark& operator=(const commit_mark&) = delete;

  void reached(stage s) override { at_->store(static_cast<std::uint32_t>(s), std::memory_order_release); }
  stage now() const { return static_cast<stage>(at_->load(std::memory_order_acquire)); }

 private:
  using word = std::atomic<std::uint32_t>;
  static_assert(word::is_always_lock_free);
  explicit commit_mark(word* at) : at_(at) {}
  static result<std::unique_ptr<commit_mark>> map(const std::filesystem::path& file, int flags);

  word* at_;
};

}  // namespace zhili::node
