// SPDX-License-Identifier: Apache-2.0
#include "scenarios/trace/replay.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "actors/desk/state.hpp"
#include "storage/memory_log.hpp"

namespace zhili::scenarios {
namespace {

class trace_world final : public world {
 public:
  trace_world(trace_feed& feed, const model* truth, const replay_settings& settings) {
    for (shard_no n = 0; n < shard_count; ++n) {
      ledger books = truth != nullptr ? ledger(*truth) : ledger(feed.head().begin);
      shards_.push_back(std::make_unique<trace_shard>(feed, n, std::move(books), settings.texts, settings.witness));
      faces_.push_back(settings.around ? settings.around(n, *shards_[n], truth) : shards_[n].get());
    }
  }
  shard_world& shard(shard_no n) override { return *faces_[n]; }
  trace_shard& at(shard_no n) { return *shards_[n]; }

 private:
  std::vector<std::unique_ptr<trace_shard>> shards_;
  std::vector<shard_world*> faces_;
};

/// Packs and snapshots of the trace at their times; at one time the pack comes first, as it does in a simulation.
result<std::vector<control>> schedule_of(const trace_feed& feed, const replay_settings& settings, shelf& shelves) {
  std::vector<control> out;
  const auto judges_from = [&](instant at, const std::shared_ptr<const policy::pack>& pack) {
    out.push_back(pack_control(at, *pack));
    shelves.put(pack);
  };
  if (settings.other_pack) {
    judges_from(feed.head().first(), settings.packs.front());
  } else {
    for (const trace_pack& p : feed.packs()) {
      const auto named = std::find_if(settings.packs.begin(), settings.packs.end(),
                                      [&](const auto& pack) { return hex(pack->digest()) == p.digest; });
      if (named == settings.packs.end()) {
        return fail(errc::not_found, fmt::format("the trace was judged by pack {} of digest {}, which is not here; give "
                                                 "another one with --pack", p.name, p.digest));
      }
      judges_from(p.at, *named);
    }
  }
  if (out.empty()) return fail(errc::malformed, "the trace names no pack that judges; give one with --pack");
  for (const auto& [at, snapshot] : feed.snapshots()) {
    out.push_back(registry_control(at, *snapshot));
    shelves.put(snapshot);
  }
  std::stable_sort(out.begin(), out.end(), [](const control& a, const control& b) { return a.at < b.at; });
  return out;
}

std::uint64_t open_tasks(const kernel& k) {
  std::uint64_t n = 0;
  for (shard_no shard = 0; shard < shard_count; ++shard) {
    const auto& e = k.engine_at({workflow_numbers::desk, shard});
    const auto& tasks = static_cast<const desk::state*>(e.state().state())->tasks();
    n += static_cast<std::uint64_t>(
        std::count_if(tasks.begin(), tasks.end(), [](const desk::task& t) { return t.mode != desk::mode::closed; }));
  }
  return n;
}

std::vector<std::string> changed_since(const trace_head& head) {
  std::vector<std::string> out;
  for (const auto& [workflow, version] : behaviour_now()) {
    const auto then = head.behaviour.find(workflow);
    if (then == head.behaviour.end() || then->second != version) out.push_back(workflow);
  }
  return out;
}

}  // namespace

scenario scenario_of(const trace_head& head) {
  scenario s;
  s.name = head.scenario;
  s.title = {head.scenario, head.scenario};
  s.begin = head.begin;
  s.end = head.end;
  s.opening = head.opening;
  s.hop = head.hop;
  s.seed = head.seed;
  s.pack = head.pack;
  return s;
}

result<replay_result> replay(trace_feed& feed, const replay_settings& settings) {
  const stopwatch time;
  const trace_head& head = feed.head();
  std::optional<model> truth;
  if (settings.truth != nullptr) truth.emplace(*settings.truth, head.seed);
  shelf shelves;
  auto schedule = schedule_of(feed, settings, shelves);
  if (!schedule) return tl::unexpected(schedule.error());
  trace_world outside(feed, truth ? &*truth : nullptr, settings);
  storage::digest_log unkept;

  run_settings run;
  run.begin = head.first();
  run.end = head.end;
  run.hop = head.hop;
  run.lanes = settings.lanes;
  run.schedule = std::move(*schedule);
  run.log = settings.log == nullptr ? &unkept : settings.log;
  run.shelves = &shelves;
  run.progress = settings.progress;
  if (settings.prepared) {
    if (status ready = settings.prepared(run.schedule, shelves); !ready) return tl::unexpected(ready.error());
  }
  kernel k(run, outside);
  auto totals = k.run();
  if (!totals) return tl::unexpected(totals.error());
  if (settings.look) settings.look(k);

  replay_result r;
  r.trace = feed.report();
  if (feed.stopped()) {
    return fail(errc::malformed, fmt::format("line {}: {}", r.trace.first[0].number, r.trace.first[0].why));
  }
  r.truth = settings.truth != nullptr;
  r.changed = changed_since(head);
  r.tasks_without_decision = open_tasks(k);
  r.run.totals = std::move(*totals);
  r.run.pack = shelves.packs().front();
  r.run.seed = head.seed;
  r.run.lanes = settings.lanes;
  for (shard_no n = 0; n < shard_count; ++n) {
    trace_shard& s = outside.at(n);
    r.run.figures.merge(s.books().close(head.end));
    r.run.submissions += s.submissions();
    for (std::size_t kind = 0; kind < 16; ++kind) {
      r.run.submissions_by_kind[kind] += s.submissions(static_cast<subject_kind>(kind));
    }
    r.unused += s.unused();
    r.without_text += s.without_text();
  }
  finish(r.run, time);
  return r;
}

}  // namespace zhili::scenarios
