// SPDX-License-Identifier: Apache-2.0
// The verbs of the command line. Each parses its own options, does its work and gives an exit code.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zhili::node {

/// What the process ends with; documented in --help.
enum exit_code : int {
  exit_ok = 0,
  /// The work was done and something in it failed.
  exit_failed = 1,
  exit_usage = 2,
  /// A file or value that was given is wrong.
  exit_bad_input = 3,
  /// Re-execution gave something else than the log.
  exit_divergence = 4,
};

struct verb {
  std::string_view name;
  std::string_view summary_zh;
  std::string_view summary_en;
  int (*run)(const std::vector<std::string>& arguments);
  /// Holds a whole world in memory.
  bool large = false;
};

std::span<const verb> verbs();

/// Runs the verb of `of` that the first argument names, with the others; the help, or what may have been meant, where there
/// is none. `program`: `zhili`, or `zhili policy`. `argv`: of main, for verbs that start the program again; may be null.
int run_one_of(
    std::span<const verb> of, std::string_view program, std::string_view teaches, std::string_view ends,
    const std::vector<std::string>& arguments, char** argv);

int run_simulate(const std::vector<std::string>& arguments);
int run_replay(const std::vector<std::string>& arguments);
int run_verify(const std::vector<std::string>& arguments);
int run_calibrate(const std::vector<std::string>& arguments);
int run_node(const std::vector<std::string>& arguments);
int run_submit(const std::vector<std::string>& arguments);
int run_cluster(const std::vector<std::string>& arguments);
int run_ack(const std::vector<std::string>& arguments);
int run_desk(const std::vector<std::string>& arguments);
int run_appeal(const std::vector<std::string>& arguments);
int run_load(const std::vector<std::string>& arguments);
int run_tail(const std::vector<std::string>& arguments);
int run_partition(const std::vector<std::string>& arguments);
int run_keygen(const std::vector<std::string>& arguments);
int run_compare(const std::vector<std::string>& arguments);
int run_policy(const std::vector<std::string>& arguments);
int run_text_verb(const std::vector<std::string>& arguments);

}  // namespace zhili::node
