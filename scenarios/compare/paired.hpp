// SPDX-License-Identifier: Apache-2.0
// What a handful of paired runs say of a difference: its mean over the seeds and the interval in which the true mean lies
// with 95 % confidence, if the differences scatter as normal ones do.
#pragma once

#include <optional>
#include <vector>

namespace zhili::scenarios {

struct interval {
  double low = 0;
  double high = 0;
  /// Nothing on either side of it: the sign of the difference is known.
  bool excludes_zero() const { return low > 0 || high < 0; }
};

struct paired_mean {
  double mean = 0;
  /// Student's t over the values; nothing from fewer than two.
  std::optional<interval> within;
};

/// One value a seed. No values: 0 without an interval.
paired_mean paired(const std::vector<double>& values);

/// now - old, seed by seed. REQUIRES: as many of one as of the other.
std::vector<double> differences(const std::vector<double>& old, const std::vector<double>& now);

}  // namespace zhili::scenarios
