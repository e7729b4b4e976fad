// SPDX-License-Identifier: Apache-2.0
// A trace on its way to the shards: read in pieces, in whichever lane first comes to the end of what was read, so that
// memory holds some thousand lines whatever the file's length. Bad lines are reported and left out.
#pragma once

#include <array>
#include <atomic>
#include <deque>
#include <filesystem>
#include <mutex>

#include "scenarios/trace/format.hpp"
#include "scenarios/trace/lines.hpp"

namespace zhili::scenarios {

struct bad_line {
  std::uint64_t number = 0;
  std::string why;
};

struct trace_report {
  std::uint64_t lines = 0;
  std::uint64_t bad = 0;
  /// The first of them, by number.
  std::vector<bad_line> first;
  /// Why nothing behind some line could be read; empty: the file is whole.
  std::string cut;
};

class trace_feed {
 public:
  /// Reads the head and the control lines. `strict`: the first bad line ends the trace.
  static result<std::unique_ptr<trace_feed>> open(const std::filesystem::path& file, bool strict);

  const trace_head& head() const { return head_; }
  /// By rising time.
  const std::vector<trace_pack>& packs() const { return packs_; }
  const std::vector<std::pair<instant, std::shared_ptr<const registry_snapshot>>>& snapshots() const { return snapshots_; }

  // ---- from many lanes ----

  /// Moves what has been read for the shard behind `to`. Returns the time before which nothing more will come for it;
  /// `never`: the trace is over.
  instant collect(shard_no shard, std::deque<trace_submission>& to);
  /// Reads on, unless somebody did since `collect` gave this time.
  void read_beyond(instant horizon);
  void bad(std::uint64_t line, std::string why);
  bool stopped() const { return stopped_.load(std::memory_order_relaxed); }

  trace_report report() const;

 private:
  trace_feed(line_reader reader, bool strict) : reader_(std::move(reader)), strict_(strict) {}
  status read_head();
  void read_controls();
  /// The next good line; nothing at the end.
  std::optional<trace_line> next_line();
  void add_snapshot(trace_registry&& part);
  void finish_snapshot();
  /// Gives the submission to its shard, unless its time is wrong.
  void deal(trace_submission&& s);

  line_reader reader_;
  bool strict_;
  line_parser parser_;
  trace_head head_;
  std::vector<trace_pack> packs_;
  std::vector<std::pair<instant, std::shared_ptr<const registry_snapshot>>> snapshots_;
  std::optional<trace_registry> snapshot_in_hand_;
  std::uint64_t line_in_hand_ = 0;

  std::mutex reading_;
  instant last_at_{0};
  std::atomic<std::int64_t> horizon_{0};
  struct alignas(64) queue {
    std::mutex mutex;
    std::deque<trace_submission> submissions;
  };
  std::array<queue, shard_count> queues_;

  std::atomic<bool> stopped_{false};
  mutable std::mutex reporting_;
  trace_report report_;
};

}  // namespace zhili::scenarios
