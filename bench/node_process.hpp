// SPDX-License-Identifier: Apache-2.0
// `zhili node` as a process of its own, on loopback, which can be killed.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>

#include "bench/benchmark.hpp"
#include "bench/measure.hpp"

namespace zhili::bench {

/// A port of this machine that nobody listens on just now.
unsigned free_port();

class node_process {
 public:
  /// Writes the node's file beside its data in `folder` and starts it; everything is hosted there, clients come in at
  /// `port`. Waits until it says that it is ready. errc::io where it never does: its words are in folder/log.ndjson.
  static result<std::unique_ptr<node_process>> start(
      const settings& s, const std::filesystem::path& folder, const std::filesystem::path& pack, unsigned port);
  /// Kills it if it runs.
  ~node_process();

  std::string endpoint() const;
  /// From before it was started until it was ready.
  elapsed until_ready() const { return until_ready_; }
  /// What it has in RAM now.
  double rss_bytes() const;
  /// User and system time of all its threads since it was started.
  double cpu_s() const;
  /// kill -9, and waits until it is gone.
  void kill_it();

 private:
  node_process(unsigned port) : port_(port) {}
  status spawn(const settings& s, const std::filesystem::path& folder);
  status wait_until_ready(const std::filesystem::path& log, std::uintmax_t from);

  unsigned port_;
  pid_t pid_ = 0;
  elapsed until_ready_;
};

}  // namespace zhili::bench
