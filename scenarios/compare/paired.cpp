// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compare/paired.hpp"

#include <cmath>

#include <boost/math/distributions/students_t.hpp>

#include "protocols/types/result.hpp"
#include "scenarios/calibrate.hpp"

namespace zhili::scenarios {

paired_mean paired(const std::vector<double>& values) {
  const sample_figures sample = sample_of(values);
  paired_mean out{sample.mean, {}};
  if (values.size() < 2) return out;
  const auto n = static_cast<double>(values.size());
  constexpr double above = 0.025;
  const double t = boost::math::quantile(boost::math::complement(boost::math::students_t(n - 1), above));
  const double half = t * sample.deviation / std::sqrt(n);
  out.within = interval{sample.mean - half, sample.mean + half};
  return out;
}

std::vector<double> differences(const std::vector<double>& old, const std::vector<double>& now) {
  ZHILI_ASSERT(old.size() == now.size(), "runs are paired by their seeds");
  std::vector<double> out;
  for (std::size_t n = 0; n < old.size(); ++n) out.push_back(now[n] - old[n]);
  return out;
}

}  // namespace zhili::scenarios
