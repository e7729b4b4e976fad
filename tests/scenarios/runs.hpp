// SPDX-License-Identifier: Apache-2.0
// Runs of scenarios for tests: loaded once, small enough, on two threads where there are many.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include <doctest/doctest.h>

#include "scenarios/calibrate.hpp"

namespace zhili::scenarios::testing {

/// A scenario of scenarios/data; tests run in the root of the project.
inline scenario load(const std::string& name) {
  auto s = scenario::load("scenarios/data/" + name + ".yaml");
  ZHILI_ASSERT(s.has_value(), s.error().detail);
  return std::move(*s);
}

inline std::shared_ptr<const policy::pack> baseline() {
  static const auto loaded = [] {
    auto p = policy::pack::load("packs/baseline-2021");
    ZHILI_ASSERT(p.has_value(), p.error().detail);
    return *p;
  }();
  return loaded;
}

/// `smoke` with a quarter of its people and submissions, over two days: what a sanitizer can run in seconds.
inline scenario small_world() {
  scenario s = scaled(load("smoke"), 0.25);
  s.end = s.begin + std::chrono::days{2};
  return s;
}

inline simulation_settings settings_for(std::uint64_t seed, unsigned lanes = 1) {
  simulation_settings settings;
  settings.seed = seed;
  settings.lanes = lanes;
  settings.pack = baseline();
  return settings;
}

/// REQUIRES: a run that succeeds; what went wrong ends the test.
inline simulation_result run(const scenario& s, const simulation_settings& settings) {
  auto r = simulate(s, settings);
  ZHILI_ASSERT(r.has_value(), r.error().detail);
  return std::move(*r);
}

/// job(0) to job(jobs - 1) on two threads. Checks belong to the caller's thread: let a job keep what it found.
inline void in_parallel(std::size_t jobs, const std::function<void(std::size_t)>& job) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t n = next++; n < jobs; n = next++) job(n);
  };
  std::thread other(work);
  work();
  other.join();
}

/// Submissions by all kinds together.
inline partition::account_books sum_of(const run_totals& t) {
  partition::account_books sum;
  for (const auto& b : t.books) {
    sum.submitted += b.submitted;
    sum.decided += b.decided;
    sum.waiting += b.waiting;
    sum.refused += b.refused;
  }
  return sum;
}

}  // namespace zhili::scenarios::testing
