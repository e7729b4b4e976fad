// SPDX-License-Identifier: Apache-2.0
// A node under an open loop: up to which rate it keeps pace, how long answers take below that, what a decision costs in
// memory, and how long nothing is decided after a kill -9.
#include <algorithm>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench/benchmark.hpp"
#include "bench/node_process.hpp"
#include "bench/outage.hpp"
#include "bench/process.hpp"
#include "bench/scratch.hpp"

namespace zhili::bench {
namespace {

/// A rate is kept where so much of it was completed by the end and an answer of a hundred took no longer than this.
constexpr double kept_share = 0.97;
constexpr double kept_p99_ms = 250;

struct one_load {
  double completed = 0;
  double cpu_us = 0;
  nlohmann::json acknowledged;
  nlohmann::json decided;
  std::uint64_t answers = 0;

  bool kept(double rate) const { return completed >= kept_share * rate && acknowledged["p99"].get<double>() <= kept_p99_ms; }
};

/// `zhili load` against the node.
result<one_load> load_at(const settings& s, const node_process& node, double rate, double seconds) {
  const double cpu = node.cpu_s();
  const auto ran = run_child({(s.programs / "zhili").string(), "load", "--to", node.endpoint(), "--rate", fmt::format("{:.0f}", rate),
                              "--for", fmt::format("{:.0f}ms", seconds * 1000), "--format", "json"});
  if (!ran) return tl::unexpected(ran.error());
  const auto j = nlohmann::json::parse(ran->out, nullptr, false);
  if (!j.is_object() || !j.contains("latency_ms") || !j.contains("decided_ms")) return fail(errc::malformed, "zhili load printed no summary");
  one_load out;
  out.completed = j["rate_completed"].get<double>();
  out.acknowledged = j["latency_ms"];
  out.decided = j["decided_ms"];
  out.answers = out.acknowledged["n"].get<std::uint64_t>();
  out.cpu_us = (node.cpu_s() - cpu) * 1e6 / static_cast<double>(std::max<std::uint64_t>(1, out.answers));
  return out;
}

std::vector<metric> latency_metrics() {
  return {{"completed/s", 0}, {"p50 ms", 2}, {"p90 ms", 2}, {"p99 ms", 2}, {"p99.9 ms", 2}, {"max ms", 2}, {"node's CPU µs", 2}};
}

void add(table& t, std::size_t at, const one_load& l, const nlohmann::json& of) {
  const double values[] = {l.completed, of["p50"], of["p90"], of["p99"], of["p99_9"], of["max"], l.cpu_us};
  for (std::size_t m = 0; m < std::size(values); ++m) t.rows[at].samples[m].push_back(values[m]);
}

std::size_t add_row(table& t, std::string name) {
  t.rows.push_back({std::move(name), std::vector<std::vector<double>>(t.metrics.size())});
  return t.rows.size() - 1;
}

/// Rising rates until one is not kept; the highest that was.
result<double> sweep(const settings& s, const node_process& node, table& t) {
  t.name = "load";
  t.title = "rising rates up to the knee";
  t.metrics = latency_metrics();
  t.rounds = 1;
  double knee = 0;
  const std::vector<double> rates = s.smoke ? std::vector<double>{100, 200}
                                            : std::vector<double>{5e3, 10e3, 20e3, 30e3, 40e3, 50e3, 60e3, 70e3, 80e3, 100e3, 120e3, 150e3};
  for (const double rate : rates) {
    // Once more where it was not kept: a neighbour may have been loud.
    bool kept = false;
    for (unsigned attempt = 0; attempt < 2 && !kept; ++attempt) {
      const auto l = load_at(s, node, rate, s.of(5.0, 0.5));
      if (!l) return tl::unexpected(l.error());
      add(t, add_row(t, fmt::format("{:.0f}/s asked{}", rate, attempt == 0 ? "" : ", again")), *l, l->acknowledged);
      kept = l->kept(rate);
    }
    if (!kept) break;
    knee = rate;
  }
  if (knee == 0) knee = rates.front();
  t.says = fmt::format(
      "`zhili load` submits diaries of some 600 bytes with their texts at a fixed rate, whether or not the node keeps up, and "
      "measures from when each was due until the answer that it is on disk; one run of {} s a rate, a second where it was not kept. `zhili node` with everything "
      "in it judges by baseline-2021; both have the same {} cores; a sync before every answer. A rate is kept where {:.0f} % of it "
      "were completed and p99 is at most {:.0f} ms; the knee, the highest that was kept before the first that was not, is {:.0f}/s.",
      s.of(5.0, 0.5), std::thread::hardware_concurrency(), kept_share * 100, kept_p99_ms, knee);
  return knee;
}

result<table> below_knee(const settings& s, const node_process& node, double knee) {
  table t;
  t.name = "load";
  t.title = fmt::format("latency below the knee of {:.0f}/s", knee);
  t.metrics = latency_metrics();
  t.rounds = s.of(3u, 1u);
  t.says = fmt::format(
      "As above, {} s a run, by turns. `decided`: only those whose answer is a verdict; what goes to the desk is acknowledged and "
      "waits for a person.", s.of(10.0, 0.5));
  for (const int percent : {50, 80}) {
    add_row(t, fmt::format("{} %, acknowledged", percent));
    add_row(t, fmt::format("{} %, decided", percent));
  }
  for (unsigned round = 0; round < t.rounds; ++round) {
    for (const std::size_t which : {round % 2, 1 - round % 2}) {
      const auto l = load_at(s, node, knee * (which == 0 ? 0.5 : 0.8), s.of(10.0, 0.5));
      if (!l) return tl::unexpected(l.error());
      add(t, which * 2, *l, l->acknowledged);
      add(t, which * 2 + 1, *l, l->decided);
    }
  }
  return t;
}

result<table> memory_of(const settings& s, const node_process& node, double knee) {
  const double decisions = s.of(3e6, 100.0);
  const double rate = knee * 0.8;
  const double before = node.rss_bytes();
  const auto l = load_at(s, node, rate, decisions / rate);
  if (!l) return tl::unexpected(l.error());
  const double after = node.rss_bytes();
  table t;
  t.name = "load";
  t.title = "memory of the node over more decisions";
  t.says = fmt::format("What the process holds in RAM before and after {} more diaries at 80 % of the knee: rows, keys of seven "
                       "days, outboxes, LevelDB's buffers and malloc's own.", l->answers);
  t.metrics = {{"before MB", 0}, {"after MB", 0}, {"bytes/decision", 1}};
  t.rounds = 1;
  t.rows.push_back({"zhili node", {{before / 1e6}, {after / 1e6}, {(after - before) / static_cast<double>(l->answers)}}});
  return t;
}

result<table> after_kill(const settings& s, double knee) {
  const outage_plan plan{s.of(1'000'000u, 500u), knee * 0.5, s.of(20.0, 3.0), s.of(4.0, 0.7)};
  const auto o = drive_outage(s, plan);
  if (!o) return tl::unexpected(o.error());
  table t;
  t.name = "load";
  t.title = "kill -9 under load";
  t.says = fmt::format(
      "A node of its own with {} subjects, then an open loop of {:.0f}/s, half of the knee, for {:.0f} s; the node is killed after "
      "{:.1f} s and started again at once. From the kill: until it says it is ready, until the first answer, and until no more than "
      "a tenth of a second's submissions are without answer. Every submission was accepted in the end.",
      plan.subjects, plan.rate, plan.seconds, plan.kill_after);
  t.metrics = {{"ready s", 2}, {"first decision s", 2}, {"backlog drained s", 2}, {"submissions", 0}, {"asked again", 0}};
  t.rounds = 1;
  t.rows.push_back({"zhili node", {{o->ready_s}, {o->first_s}, {o->drained_s}, {o->submissions}, {o->asked_again}}});
  return t;
}

}  // namespace

result<std::vector<table>> run_load(const settings& s) {
  const scratch_folder folder(s);
  auto node = node_process::start(s, folder.path(), s.root / "packs/baseline-2021", free_port());
  if (!node) return tl::unexpected(node.error());
  std::vector<table> out(1);
  const auto knee = sweep(s, **node, out[0]);
  if (!knee) return tl::unexpected(knee.error());
  for (auto made : {below_knee(s, **node, *knee), memory_of(s, **node, *knee)}) {
    if (!made) return tl::unexpected(made.error());
    out.push_back(std::move(*made));
  }
  (*node)->kill_it();
  auto killed = after_kill(s, *knee);
  if (!killed) return tl::unexpected(killed.error());
  out.push_back(std::move(*killed));
  return out;
}

}  // namespace zhili::bench
