// SPDX-License-Identifier: Apache-2.0
// Crashes and duplicates alone must leave no trace: every partition ends in the state, and with the chain of commands,
// that it has without them.
#include "tests/scenarios/staged.hpp"
#include "tests/scenarios/witness.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;

/// Partitions whose state is another one.
std::vector<partition_id> other_states(const simulation_result& a, const simulation_result& b) {
  std::vector<partition_id> out;
  REQUIRE(a.states.size() == b.states.size());
  for (std::size_t n = 0; n < a.states.size(); ++n) {
    REQUIRE(a.states[n].first == b.states[n].first);
    if (a.states[n].second != b.states[n].second) out.push_back(a.states[n].first);
  }
  return out;
}

TEST_SUITE_BEGIN("scenarios/faults");

TEST_CASE("crashes and duplicates alone change no partition's state") {
  const scenario s = load("smoke");
  constexpr std::size_t seeds = 12;
  std::vector<simulation_result> calm(seeds), shaken(seeds);
  in_parallel(seeds, [&](std::size_t n) {
    calm[n] = run(s, settings_for(n + 1));
    simulation_settings settings = settings_for(n + 1);
    settings.faults = fault_plan::crashes(100 + n);
    shaken[n] = run(s, settings);
  });
  for (std::size_t n = 0; n < seeds; ++n) {
    CAPTURE(n + 1);
    CHECK(shaken[n].totals.faults.crashed > 20);
    CHECK(shaken[n].totals.faults.doubled > 50);
    CHECK(shaken[n].totals.faults.repeated > 20);
    CHECK(other_states(calm[n], shaken[n]).empty());
    CHECK(shaken[n].totals.state_digest == calm[n].totals.state_digest);
    CHECK(shaken[n].totals.digest == calm[n].totals.digest);
    CHECK(shaken[n].totals.unacknowledged == 0);
    CHECK(shaken[n].totals.under_way == calm[n].totals.under_way);
    CHECK(shaken[n].submissions == calm[n].submissions);
    CHECK(shaken[n].figures.desk_waits == calm[n].figures.desk_waits);
  }
}

TEST_CASE("a partition that crashes at every tenth commit still ends where it would have") {
  const scenario s = small_world();
  const simulation_result calm = run(s, settings_for(5));
  simulation_settings settings = settings_for(5, 2);
  settings.faults.seed = 6;
  settings.faults.crash_ppm = 100'000;
  const simulation_result shaken = run(s, settings);
  CHECK(shaken.totals.faults.crashed > 200);
  CHECK(other_states(calm, shaken).empty());
}

TEST_CASE("sees states that delays have changed") {
  const scenario s = load("smoke");
  simulation_settings settings = settings_for(3);
  settings.faults.seed = 3;
  settings.faults.delay_ppm = 100'000;
  settings.faults.delay_max = std::chrono::hours{3};
  CHECK_FALSE(other_states(run(s, settings_for(3)), run(s, settings)).empty());
}

TEST_CASE("a run without faults ends with nothing lost, and the last hop on its way") {
  const scenario s = load("smoke");
  std::uint64_t under_way = 0;
  for (const std::uint64_t seed : {1u, 2u, 3u, 4u}) {
    CAPTURE(seed);
    const run_totals t = run(s, settings_for(seed)).totals;
    CHECK(t.unacknowledged == 0);
    under_way += t.under_way;
  }
  CHECK(under_way > 0);
}

TEST_CASE("sees messages that were lost for good") {
  const scenario s = load("smoke");
  // Faults to the very end leave no time to heal.
  staged stage(s, 1);
  stage.settings.faults.seed = 1;
  stage.settings.faults.drop_ppm = 300'000;
  stage.settings.faults.until = never;
  CHECK(stage.go().unacknowledged > 0);

  staged healed(s, 1);
  healed.settings.faults = stage.settings.faults.healed_by(s.end);
  const run_totals t = healed.go();
  CHECK(t.faults.dropped > 100);
  CHECK(t.unacknowledged == 0);
}

TEST_CASE("faults are over in time for the last of them to heal") {
  fault_plan plan;
  plan.delay_max = std::chrono::minutes{90};
  const instant end{std::chrono::milliseconds{std::chrono::days{10}}.count()};
  CHECK(plan.healed_by(end).until <= end - std::chrono::minutes{90} - resend_every);
  plan.until = {5};
  CHECK(plan.healed_by(end).until == instant{5});
}

TEST_CASE("draws every fault in about two plans of three") {
  constexpr int plans = 300;
  std::array<int, 6> there{};
  for (std::uint64_t seed = 1; seed <= plans; ++seed) {
    const fault_plan p = fault_plan::draw(seed);
    const bool has[] = {p.drop_ppm != 0, p.double_ppm != 0, p.delay_ppm != 0, p.crash_ppm != 0, p.repeat_ppm != 0, p.inside};
    for (std::size_t n = 0; n < there.size(); ++n) there[n] += has[n] ? 1 : 0;
    CHECK(fault_plan::draw(seed).drop_ppm == p.drop_ppm);
  }
  for (std::size_t n = 0; n < 5; ++n) CHECK(std::abs(there[n] - plans * 2 / 3) < 40);
  CHECK(std::abs(there[5] - plans / 2) < 40);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
