// SPDX-License-Identifier: Apache-2.0
// Writes the trace of a run while it goes on. Each shard's lines gather apart, in the lane's own thread; whenever all
// shards have come as far as some time, the lines before it are merged and leave memory.
#pragma once

#include <array>
#include <mutex>

#include "scenarios/simulate.hpp"
#include "scenarios/trace/format.hpp"
#include "scenarios/trace/lines.hpp"

namespace zhili::scenarios {

class recorder final : public submission_listener {
 public:
  static result<std::unique_ptr<recorder>> create(const std::filesystem::path& file, const trace_head& head);

  /// What the run is given besides submissions; before the first of them.
  void controls(const std::vector<control>& schedule, const shelf& shelves);
  void submitted(shard_no shard, const submission& s) override;
  void reached(instant t) override;
  /// After the run: all is written, or what kept it from being so. Once.
  status finish();

  std::uint64_t lines() const { return lines_; }

 private:
  explicit recorder(line_writer out) : out_(std::move(out)) {}
  void put(std::string_view lines);

  struct entry {
    instant at;
    std::size_t bytes = 0;
  };
  struct alignas(64) pending {
    std::mutex mutex;
    std::string bytes;
    std::vector<entry> entries;
  };

  line_writer out_;
  status wrote_;
  std::array<pending, shard_count> shards_;
  std::string merged_;
  std::uint64_t lines_ = 0;
};

}  // namespace zhili::scenarios
