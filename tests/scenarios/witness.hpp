// SPDX-License-Identifier: Apache-2.0
// A run whose log and states are kept, for the invariants.
#pragma once

#include "storage/memory_log.hpp"
#include "tests/scenarios/invariants.hpp"
#include "tests/scenarios/runs.hpp"

namespace zhili::scenarios::testing {

struct witnessed {
  simulation_result outcome;
  history past;
  final_states states;
};

inline witnessed witness(const scenario& s, simulation_settings settings) {
  witnessed w;
  storage::memory_log log;
  settings.log = &log;
  settings.look = [&](const kernel& k) { w.states = copy_states(k, s.end); };
  w.outcome = run(s, settings);
  w.past = read_history(log);
  return w;
}

inline void hold(const violations& found) {
  for (const std::string& v : found) FAIL_CHECK(v);
}

}  // namespace zhili::scenarios::testing
