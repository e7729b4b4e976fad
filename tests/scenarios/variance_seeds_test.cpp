// SPDX-License-Identifier: Apache-2.0
// Chance stays chance: a world that hits every published figure on every seed would be a defect. Thirty seeds of the
// summer at a tenth of its volume scatter as arrivals and detection do.
#include <fmt/format.h>

#include "tests/scenarios/runs.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;

TEST_SUITE_BEGIN("scenarios/variance");

TEST_CASE("the variance between seeds of each caught count lies above a tenth of its mean") {
  seed_runs how;
  how.pack = baseline();
  how.count = 30;
  const auto runs = run_seeds(scaled(load("summer-2021"), 0.1), how);
  REQUIRE_MESSAGE(runs.has_value(), runs.error().detail);
  for (const fitted_kind& k : fitted_kinds) {
    CAPTURE(k.key);
    std::vector<double> caught;
    for (const figures& f : *runs) caught.push_back(static_cast<double>(f.of(k.kind).caught));
    const sample_figures s = sample_of(caught);
    CHECK(s.mean > 30);
    CHECK(s.deviation * s.deviation > s.mean / 10);
    // Nor do they scatter so much that a mean over thirty seeds would tell nothing.
    CHECK(s.deviation < s.mean / 3);
    MESSAGE(fmt::format("{}: mean {:.1f}, variance {:.1f}, {:.2f} of the mean", k.key, s.mean, s.deviation * s.deviation,
                        s.deviation * s.deviation / s.mean));
  }
}

TEST_CASE("sees counts that are held to a figure") {
  // Thirty seeds that differ by one at most, as a world that counts until it has enough would give.
  std::vector<double> held;
  for (int n = 0; n < 30; ++n) held.push_back(105 + n % 2);
  const sample_figures s = sample_of(held);
  CHECK_FALSE(s.deviation * s.deviation > s.mean / 10);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
