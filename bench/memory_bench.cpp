// SPDX-License-Identifier: Apache-2.0
// What a live subject costs in memory: by the partitions' own accounts over a whole run, and by what the process grows.
// Both are the same in every run, so one round says all.
#include <fmt/format.h>

#include "bench/benchmark.hpp"
#include "bench/drive.hpp"
#include "bench/process.hpp"
#include "scenarios/simulate.hpp"
#include "storage/memory_log.hpp"

namespace zhili::bench {
namespace {

class agent_world final : public scenarios::world {
 public:
  explicit agent_world(const scenarios::model& m) {
    for (shard_no n = 0; n < shard_count; ++n) shards_.push_back(std::make_unique<scenarios::agents>(m, n, nullptr, nullptr));
  }
  scenarios::shard_world& shard(shard_no n) override { return *shards_[n]; }

 private:
  std::vector<std::unique_ptr<scenarios::agents>> shards_;
};

struct account {
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;
};

account account_of(const scenarios::kernel& k, workflow_no w) {
  account a;
  for (shard_no n = 0; n < shard_count; ++n) {
    const partition::engine& e = k.engine_at({w, n});
    a.bytes += e.memory_bytes();
    a.rows += e.state().subjects();
  }
  return a;
}

// A task, a measure or a fingerprint is about a subject and is none itself.
bool holds_subjects(workflow_no w) {
  return w == workflow_numbers::onboarding || w == workflow_numbers::product || w == workflow_numbers::content;
}

table accounts_of(const scenarios::kernel& k, const std::string& scenario) {
  table t;
  t.name = "memory";
  t.title = fmt::format("the partitions' own accounts at the end of {}", scenario);
  t.says =
      "Rows, indices, idempotency keys of the last eight days and timers, at the capacity that they have. A live subject "
      "is an institution, practitioner, listing or content; tasks, measures, points, fingerprints and visits are what "
      "the other workflows keep about them.";
  t.metrics = {{"MB", 1}, {"rows", 0}, {"bytes/row", 1}, {"bytes/live subject", 1}};
  t.rounds = 1;
  double subjects = 0;
  account all;
  for (const auto* w : partition::workflows()) {
    const account a = account_of(k, w->number);
    all.bytes += a.bytes;
    all.rows += a.rows;
    if (holds_subjects(w->number)) subjects += static_cast<double>(a.rows);
  }
  const auto add = [&](std::string name, const account& a) {
    const double bytes = static_cast<double>(a.bytes);
    const double rows = static_cast<double>(a.rows);
    t.rows.push_back({std::move(name), {{bytes / 1e6}, {rows}, {a.rows == 0 ? 0 : bytes / rows}, {bytes / subjects}}});
  };
  for (const auto* w : partition::workflows()) add(std::string(w->name), account_of(k, w->number));
  add("all workflows", all);
  t.goals = {{"all workflows together, a live subject", t.median("all workflows", 3), 200, false, 1, " bytes"}};
  return t;
}

result<table> after_a_scenario(const settings& s) {
  const std::string name = s.smoke ? "smoke" : "summer-2021";
  const auto scenario = scenarios::scenario::load(s.root / "scenarios/data" / (name + ".yaml"));
  if (!scenario) return tl::unexpected(scenario.error());
  const auto pack = policy::pack::load(s.root / "packs" / scenario->pack);
  if (!pack) return tl::unexpected(pack.error());
  const scenarios::model model(*scenario, scenario->seed);
  scenarios::shelf shelf;
  shelf.put(*pack);
  agent_world outside(model);
  storage::digest_log log;
  scenarios::run_settings run;
  run.begin = scenario->begin - scenario->opening;
  run.end = scenario->end;
  run.hop = scenario->hop;
  run.lanes = 2;
  run.schedule = scenarios::schedule_of(model, **pack, shelf);
  run.log = &log;
  run.shelves = &shelf;
  scenarios::kernel k(run, outside);
  const auto totals = k.run();
  if (!totals) return tl::unexpected(totals.error());
  return accounts_of(k, name);
}

result<table> against_the_process(const settings& s) {
  const auto pack = policy::pack::load(s.root / "bench/packs/constant");
  if (!pack) return tl::unexpected(pack.error());
  diary_plan plan;
  plan.count = s.of(1'500'000u, 4000u);
  plan.authors = plan.count / 3;
  const diary_load load(plan);
  const std::uint64_t before = rss_bytes();
  std::uint64_t after = 0;
  const auto r = drive_kernel(
      load, *pack, {.lanes = 2, .look = [&](const scenarios::kernel&) { after = rss_bytes(); }});
  if (!r) return tl::unexpected(r.error());
  const double diaries = load.size();
  const auto row_of = [&](std::string name, std::uint64_t bytes) {
    return row{std::move(name), {{static_cast<double>(bytes) / 1e6}, {static_cast<double>(bytes) / diaries}}};
  };
  table t;
  t.name = "memory";
  t.title = fmt::format("the accounts against the process, {} diaries", load.size());
  t.says =
      "The diaries of `kernel-constant`, after the run. What the process has grown by also holds what the accounts leave "
      "out: streams and their outboxes, tallies, the kernel's queues, 576 partitions as such, malloc's own.";
  t.metrics = {{"MB", 1}, {"bytes/diary", 1}};
  t.rounds = 1;
  t.rows = {row_of("the partitions' accounts", r->totals.state_bytes), row_of("growth of the process", after - before)};
  return t;
}

}  // namespace

result<std::vector<table>> run_memory(const settings& s) {
  // First what is measured by the process: it must find a small one.
  auto grown = against_the_process(s);
  if (!grown) return tl::unexpected(grown.error());
  auto accounts = after_a_scenario(s);
  if (!accounts) return tl::unexpected(accounts.error());
  return std::vector<table>{std::move(*accounts), std::move(*grown)};
}

}  // namespace zhili::bench
