// SPDX-License-Identifier: Apache-2.0
// What a node has counted, in Prometheus's text format.
#pragma once

#include <map>
#include <string>

#include "actors/shell/shell.hpp"
#include "node/link/counts.hpp"

namespace zhili::node {

/// What /metrics shows of one moment.
struct metrics_facts {
  shell::shell_counters shell;
  link_counts link;
  /// `gateway_counters` by name.
  std::map<std::string, std::uint64_t> gateway;
  double up_s = 0;
  bool ready = false;
  bool insecure = false;
  /// Labels of zhili_build_info.
  std::map<std::string, std::string> build;
};

/// Every family with its HELP and TYPE, in a fixed order; families that have no sample yet are left out.
std::string metrics_text(const metrics_facts& facts);

}  // namespace zhili::node
