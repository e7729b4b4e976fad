// SPDX-License-Identifier: Apache-2.0
// How the desk stood hour by hour: what came in, what was decided, how many hours that took against how many were
// staffed. Counted from the ledger's hours and the scenario's shifts; no person is told apart.
#pragma once

#include <string>
#include <vector>

#include "scenarios/world/ledger.hpp"

namespace zhili::scenarios {

struct hour_load {
  std::uint32_t opened = 0;
  std::uint32_t closed = 0;
  std::uint32_t withdrawn = 0;
  /// Reviewers on duty.
  std::uint32_t people = 0;
  /// Tasks that wait or are held when the hour ends.
  std::uint64_t waiting = 0;
  /// Time that the decisions of this hour took.
  std::uint64_t handling_ms = 0;
  /// Oldest wait of those decided in this hour.
  std::int64_t oldest_ms = 0;
};

struct queue_load {
  std::string name;
  /// From the scenario's begin to its end.
  std::vector<hour_load> hours;
  queue_rest rest;

  hour_load sum() const;
  /// Mean time of a decision; 0 where there was none.
  double handling_mean_h() const;
};

/// One group of reviewers over the whole scenario.
struct shift_load {
  const reviewer_group* group = nullptr;
  /// Days on which the shift was worked.
  std::uint32_t days = 0;
  double staffed_h = 0;
  /// Where shifts of one queue overlap, by heads; what was finished after the last shift is that shift's.
  double closed = 0;
  double spent_h = 0;
  std::int64_t oldest_ms = 0;
};

/// Is the group at work in the hour that begins then?
bool on_duty(const reviewer_group& g, instant hour);

/// Every queue that has reviewers or tasks, in the order of the scenario, then by name.
std::vector<queue_load> queue_loads(const scenario& s, const figures& f);

/// In the order of the scenario.
std::vector<shift_load> shift_loads(const scenario& s, const std::vector<queue_load>& queues);

}  // namespace zhili::scenarios
