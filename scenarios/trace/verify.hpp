// SPDX-License-Identifier: Apache-2.0
// Executes the logs of a data folder again: every command in its recorded order must give the recorded events, messages
// and answers to the byte; what another version of a workflow wrote is applied and not decided again; the chains must end where the manifest says; and every figure that the run printed is
// computed anew from the logs alone.
#pragma once

#include "scenarios/trace/data_folder.hpp"

namespace zhili::scenarios {

struct figure_difference {
  /// As a JSON pointer into the printed figures.
  std::string figure;
  std::string printed;
  std::string from_logs;
};

struct verify_report {
  std::string scenario;
  std::uint64_t partitions = 0;
  std::uint64_t batches = 0;
  std::uint64_t commands = 0;
  /// Batches that another behaviour version wrote: their events were applied, their commands not decided again. By
  /// workflow and version, as `content 1`.
  std::map<std::string, std::uint64_t> reapplied;
  /// The first of each partition that has one; the partition is not executed any further.
  std::vector<std::string> divergences;
  /// Where a log cannot be read; all before that place was.
  std::vector<std::string> damage;
  std::uint64_t figures_compared = 0;
  std::vector<figure_difference> differences;
  /// A node's folder: it has no figures.
  bool serves = false;
  /// Why figures could not be compared; empty: they were.
  std::string not_compared;
  digest128 digest;

  std::uint64_t reapplied_batches() const {
    std::uint64_t all = 0;
    for (const auto& [version, n] : reapplied) all += n;
    return all;
  }
  bool diverged() const { return !divergences.empty() || !differences.empty(); }
};

/// `progress(batches done, batches)`. Errors are those of a folder that cannot be read at all.
result<verify_report> verify(data_folder& folder, const std::function<void(std::uint64_t, std::uint64_t)>& progress);

std::string verify_json(const verify_report& r);

}  // namespace zhili::scenarios
