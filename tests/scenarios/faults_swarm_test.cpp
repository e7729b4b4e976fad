// SPDX-License-Identifier: Apache-2.0
// 200 seeds of faults in every mixture: messages lost, doubled, late and out of order, partitions crashing around a
// commit, submissions sent twice. Nothing may be lost, doubled or unaccounted for; a failing seed is named.
#include <cstdio>

#include <fmt/format.h>

#include "tests/scenarios/witness.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;

constexpr std::size_t fault_seeds = 200;
constexpr std::size_t worlds = 20;

std::uint64_t world_of(std::size_t n) { return 1 + n % worlds; }

struct finding {
  violations broken;
  status_comparison beside;
  fault_counts faults;
};

std::vector<final_status> calm_end(const scenario& s, std::uint64_t seed) {
  std::vector<final_status> out;
  simulation_settings settings = settings_for(seed);
  settings.look = [&](const kernel& k) { out = statuses_of(k); };
  run(s, settings);
  return out;
}

finding run_with_faults(const scenario& s, const std::vector<std::vector<final_status>>& calm, std::size_t n) {
  const std::uint64_t seed = n + 1;
  storage::memory_log log;
  finding found;
  final_states states;
  simulation_settings settings = settings_for(world_of(n));
  settings.faults = fault_plan::draw(seed);
  settings.log = &log;
  settings.look = [&](const kernel& k) {
    states = copy_states(k, s.end);
    found.beside = compare(calm[n % worlds], statuses_of(k));
  };
  const auto r = simulate(s, settings);
  if (!r) {
    found.broken = {r.error().detail};
    return found;
  }
  const history past = read_history(log);
  found.broken = broken_invariants(past, states);
  for (const std::string& v : unaccounted(past, r->totals, r->submissions)) found.broken.push_back(v);
  found.faults = r->totals.faults;
  return found;
}

TEST_SUITE_BEGIN("scenarios/faults");

TEST_CASE("200 seeds of faults lose, double and hide nothing, and move at most 5 % of the subjects") {
  const scenario s = load("smoke");
  std::vector<std::vector<final_status>> calm(worlds);
  in_parallel(worlds, [&](std::size_t n) { calm[n] = calm_end(s, world_of(n)); });
  std::vector<finding> found(fault_seeds);
  in_parallel(fault_seeds, [&](std::size_t n) { found[n] = run_with_faults(s, calm, n); });

  fault_counts all;
  std::uint64_t subjects = 0, differing = 0;
  double worst = 0;
  std::array<std::uint64_t, difference_count> causes{};
  for (std::size_t n = 0; n < fault_seeds; ++n) {
    CAPTURE(world_of(n));
    const finding& f = found[n];
    for (const std::string& v : f.broken) FAIL_CHECK("faults of seed " << n + 1 << ": " << v);
    const double share = static_cast<double>(f.beside.differing) / static_cast<double>(f.beside.subjects);
    CHECK_MESSAGE(share <= 0.05, "faults of seed " << n + 1 << " move " << f.beside.differing << " of " << f.beside.subjects);
    worst = std::max(worst, share);
    all += f.faults;
    subjects += f.beside.subjects;
    differing += f.beside.differing;
    for (std::size_t c = 0; c < difference_count; ++c) causes[c] += f.beside.by_cause[c];
  }
  // The swarm has every fault.
  CHECK(all.dropped > 1000);
  CHECK(all.doubled > 1000);
  CHECK(all.delayed > 1000);
  CHECK(all.crashed > 1000);
  CHECK(all.repeated > 1000);
  CHECK(all.gaps > 0);
  std::string by_cause;
  for (std::size_t c = 0; c < difference_count; ++c) {
    by_cause += fmt::format("  {} {}", name(static_cast<difference>(c)), causes[c]);
  }
  MESSAGE(fmt::format("{} of {} subjects end elsewhere ({:.3f} %, at most {:.2f} % in a run):{}", differing, subjects,
                      100.0 * static_cast<double>(differing) / static_cast<double>(subjects), 100 * worst, by_cause));
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
