// SPDX-License-Identifier: Apache-2.0
// Fits the shares that nobody published to the counts that somebody did: factor_ppm of a kind, until the mean over some
// seeds of what is caught of it lies at the published figure. Arrivals and detection stay chance, so single runs scatter
// around that mean. A fitted figure is no evidence.
#pragma once

#include "scenarios/simulate.hpp"

namespace zhili::scenarios {

/// The same world at a fraction of its volume: populations, submissions, reviewers and published figures shrink, shares,
/// hours and reactions stay. REQUIRES: scale > 0.
scenario scaled(const scenario& s, double scale);

struct seed_runs {
  std::shared_ptr<const policy::pack> pack;
  /// Seeds first, first + 1 and so on.
  std::uint64_t first = 1;
  unsigned count = 30;
  /// Runs at one time, each on one lane; 0: as many as there are cores.
  unsigned jobs = 0;
  /// Called with the runs done, in fractions; from any thread, one at a time.
  std::function<void(double)> progress;
};

/// One run a seed, in the order of the seeds; the first error where one fails.
result<std::vector<figures>> run_seeds(const scenario& s, const seed_runs& how);

/// Mean of a sample and its standard deviation, with one degree of freedom taken.
struct sample_figures {
  double mean = 0;
  double deviation = 0;
};
sample_figures sample_of(const std::vector<double>& values);

/// A published count and the kind whose factor is fitted to it.
struct fitted_kind {
  std::string_view key;
  subject_kind kind;
};
inline constexpr std::array<fitted_kind, 4> fitted_kinds{{{"products", subject_kind::product},
                                                          {"institutions", subject_kind::institution},
                                                          {"practitioners", subject_kind::practitioner},
                                                          {"reviews", subject_kind::review}}};

struct calibration_settings {
  seed_runs seeds;
  /// At most so many rounds of all seeds.
  unsigned iterations = 8;
  /// Run at this fraction of the volume.
  double scale = 1;
  /// How far a mean may lie from the published figure.
  double tolerance = 0.02;
  /// Called with rounds done, in fractions.
  std::function<void(double)> progress;
};

struct fitted_figure {
  fitted_kind of{};
  /// Scaled as the runs were.
  double published = 0;
  /// Of the last round, with `factor_ppm`.
  sample_figures caught;
  std::uint32_t factor_before = 0;
  std::uint32_t factor_ppm = 0;

  double off() const { return caught.mean / published - 1; }
};

struct calibration {
  std::vector<fitted_figure> figures;
  unsigned rounds = 0;
  /// Every mean lies within the tolerance.
  bool reached = false;
};

/// not_found where the scenario names no published figure that could be fitted to.
result<calibration> calibrate(const scenario& s, const calibration_settings& settings);

/// The scenario file with the fitted factors in its factor_ppm lines and everything else as it was, comments included.
/// not_found where a kind has no such line.
result<std::string> with_factors(std::string yaml, const std::vector<fitted_figure>& fitted);

}  // namespace zhili::scenarios
