// SPDX-License-Identifier: Apache-2.0
// Other programs run to their end, and this one's own size.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bench/measure.hpp"

namespace zhili::bench {

struct child_run {
  elapsed took;
  /// The kernel counts what this process had at its largest before the child began as the child's own.
  std::uint64_t rss_max_bytes = 0;
  std::string out;
};

/// Runs a program, its errors to ours. errc::io where it cannot be started, or ends with anything but 0.
result<child_run> run_child(const std::vector<std::string>& command);

/// First line that a command prints, empty where it fails; for commands that are written in this program.
std::string first_line_of(const std::string& shell_command);

/// Memory of this process in RAM, with what malloc keeps for later given back first.
std::uint64_t rss_bytes();

}  // namespace zhili::bench
