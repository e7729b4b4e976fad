// SPDX-License-Identifier: Apache-2.0
// The figures of one run that are held against those of another: by what was judged, and of the desk, takedown and
// appeals.
#pragma once

#include <string>
#include <vector>

#include "scenarios/simulate.hpp"

namespace zhili::scenarios {

struct measure {
  /// As `products.missed`, `desk.hours`.
  std::string key;
  double value = 0;
  /// Nobody can know it without the truth of a scenario.
  bool needs_truth = false;
};

/// In the same order for every run.
std::vector<measure> measures_of(const simulation_result& r);

}  // namespace zhili::scenarios
