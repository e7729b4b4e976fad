// SPDX-License-Identifier: Apache-2.0
// The whole product over 45 days, as anyone runs it: the program in a process of its own, on one lane and on two.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench/benchmark.hpp"
#include "bench/process.hpp"

namespace zhili::bench {
namespace {

constexpr double megabyte = 1e6;

/// `digest` is that of the first run; every later one must agree.
result<std::vector<double>> simulate(const settings& s, const std::string& scenario, unsigned lanes, std::string& digest) {
  const std::string program = (s.programs / "zhili").string();
  const auto run =
      run_child({program, "simulate", scenario, "--lanes", std::to_string(lanes), "--format", "json"});
  if (!run) return tl::unexpected(run.error());
  const auto j = nlohmann::json::parse(run->out, nullptr, false);
  const bool whole = j.is_object() && j.contains("digest") && j["digest"].is_string() && j.contains("decisions") &&
                     j["decisions"].is_number_unsigned();
  if (!whole) return fail(errc::malformed, fmt::format("{} simulate printed no summary with digest and decisions", program));
  const auto found = j["digest"].get<std::string>();
  if (digest.empty()) digest = found;
  if (found != digest) return fail(errc::diverged, fmt::format("{} lanes gave digest {}, not {}", lanes, found, digest));
  const double decisions = std::max(1.0, j["decisions"].get<double>());
  return std::vector<double>{run->took.wall_s, run->took.cpu_s, static_cast<double>(run->rss_max_bytes) / megabyte,
                             run->took.cpu_s * 1e6 / decisions, decisions / run->took.wall_s / 1e3};
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
  t.metrics = {{"wall s", 1}, {"CPU s", 1}, {"RSS max MB", 0}, {"CPU µs/decision", 2}, {"thousand decisions/s", 0}};
  const auto on = [&](unsigned lanes) { return [&, lanes] { return simulate(s, scenario, lanes, digest); }; };
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

}  // namespace zhili::bench
