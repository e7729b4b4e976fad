// SPDX-License-Identifier: Apache-2.0
// The whole product over 45 days, on one lane and on two, and over a year, as anyone runs it: the program in a process of
// its own.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench/benchmark.hpp"
#include "bench/process.hpp"

namespace zhili::bench {
namespace {

constexpr double megabyte = 1e6;

/// What a run took and printed: its digest, and `number` of it.
struct simulated {
  child_run run;
  nlohmann::json summary;

  double number(const char* key) const { return summary[key].get<double>(); }
};

/// `digest` is that of the first run; every later one must agree.
result<simulated> simulate(const settings& s, const std::string& scenario, unsigned lanes, std::string& digest) {
  const std::string program = (s.programs / "zhili").string();
  auto run = run_child({program, "simulate", scenario, "--lanes", std::to_string(lanes), "--format", "json"});
  if (!run) return tl::unexpected(run.error());
  auto j = nlohmann::json::parse(run->out, nullptr, false);
  const auto has = [&](const char* key, bool number) { return j.contains(key) && (number ? j[key].is_number() : j[key].is_string()); };
  const bool whole = j.is_object() && has("digest", false) && has("decisions", true) && has("state_bytes_per_live_subject", true);
  if (!whole) return fail(errc::malformed, fmt::format("{} simulate printed no summary with digest and decisions", program));
  const auto found = j["digest"].get<std::string>();
  if (digest.empty()) digest = found;
  if (found != digest) return fail(errc::diverged, fmt::format("{} lanes gave digest {}, not {}", lanes, found, digest));
  return simulated{std::move(*run), std::move(j)};
}

const std::vector<metric> cost_metrics{{"wall s", 1}, {"CPU s", 1}, {"RSS max MB", 0}, {"CPU µs/decision", 2}, {"thousand decisions/s", 0}};

std::vector<double> cost_of(const simulated& done) {
  const double decisions = std::max(1.0, done.number("decisions"));
  const auto& took = done.run.took;
  return {took.wall_s, took.cpu_s, static_cast<double>(done.run.rss_max_bytes) / megabyte, took.cpu_s * 1e6 / decisions,
          decisions / took.wall_s / 1e3};
}

/// Each round's two runs against each other, for the machine's speed changes from round to round.
double speed_up(const table& t) {
  std::vector<double> ratios;
  for (unsigned round = 0; round < t.rounds; ++round) {
    ratios.push_back(t.rows[0].samples[0][round] / t.rows[1].samples[0][round]);
  }
  return spread_of(ratios).median;
}

}  // namespace

result<std::vector<table>> run_summer(const settings& s) {
  const std::string scenario = s.smoke ? "smoke" : "summer-2021";
  std::string digest;
  table t;
  t.name = "summer";
  t.title = fmt::format("`zhili simulate {}`, start to end", scenario);
  t.metrics = cost_metrics;
  const auto on = [&](unsigned lanes) {
    return [&, lanes]() -> result<std::vector<double>> {
      const auto done = simulate(s, scenario, lanes, digest);
      if (!done) return tl::unexpected(done.error());
      return cost_of(*done);
    };
  };
  const status ran = interleave(s.rounds, {{"1 lane", on(1)}, {"2 lanes", on(2)}}, t);
  if (!ran) return tl::unexpected(ran.error());
  t.says = fmt::format(
      "In: loading scenario and pack, agents, composing of texts, all workflows, joining with the truth, the summary. "
      "Wall, CPU and memory as the operating system counts them for the process. Every run had the digest {}.", digest);
  t.goals = {{"wall on 2 lanes", t.median("2 lanes", 0), 20, false, 1, " s"},
             {"memory on 2 lanes", t.median("2 lanes", 2), 1500, false, 0, " MB"},
             {"2 lanes against 1, median over the rounds of wall ÷ wall", speed_up(t), 1.5, true, 2, " times"}};
  return std::vector<table>{std::move(t)};
}

result<std::vector<table>> run_year(const settings& s) {
  const std::string scenario = s.smoke ? "smoke" : "self-discipline-year";
  std::string digest;
  double submitted = 0;
  table t;
  t.name = "year";
  t.title = fmt::format("`zhili simulate {}`, start to end, on 2 lanes", scenario);
  t.metrics = cost_metrics;
  t.metrics.push_back({"bytes/live subject", 1});
  const auto once = [&]() -> result<std::vector<double>> {
    const auto done = simulate(s, scenario, 2, digest);
    if (!done) return tl::unexpected(done.error());
    submitted = done->number("submissions");
    std::vector<double> cells = cost_of(*done);
    cells.push_back(done->number("state_bytes_per_live_subject"));
    return cells;
  };
  if (const status ran = interleave(s.rounds, {{scenario, once}}, t); !ran) return tl::unexpected(ran.error());
  t.says = fmt::format(
      "As `summer`; {:.1f} million submissions, those of the desk and the platform among them. Bytes are the partitions' own "
      "accounts of all workflows, by institution, practitioner, listing and content. Digest {}.", submitted / 1e6, digest);
  t.goals = {{"wall", t.median(scenario, 0), 240, false, 1, " s"},
             {"memory of the process", t.median(scenario, 2), 6000, false, 0, " MB"},
             {"all workflows together, a live subject", t.median(scenario, 5), 110, false, 1, " bytes"}};
  return std::vector<table>{std::move(t)};
}

}  // namespace zhili::bench
