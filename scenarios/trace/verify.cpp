// SPDX-License-Identifier: Apache-2.0
#include "scenarios/trace/verify.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "scenarios/trace/log_cursor.hpp"
#include "scenarios/trace/replay_summary.hpp"

namespace zhili::scenarios {
namespace {

/// What a run prints and no log holds: what it cost, what was repeated or lost on the way, who asked.
constexpr std::string_view outside_of_logs[] = {
    "lanes", "threads",     "wall_s",      "cpu_s",     "rss_max_bytes", "state_bytes_per_subject",
    "state_bytes_per_live_subject", "state_bytes_by_workflow", "volume",
    "faults", "unacknowledged", "under_way", "submissions", "submissions_by_kind", "trace"};

struct shared_work {
  data_folder& folder;
  const shelf& shelves;
  const std::map<std::string, std::string>& chains;
  /// Makes the ledger of a shard.
  std::function<ledger()> books;
  instant end;
  std::atomic<unsigned> next_shard{0};
  std::atomic<std::uint64_t> batches{0};
};

struct shard_outcome {
  std::vector<partition_totals> partitions;
  std::vector<std::string> divergences;
  std::vector<std::string> damage;
  std::map<std::string, std::uint64_t> reapplied;
  figures counted;
};

/// One partition on its way through its log.
struct partition_run {
  std::unique_ptr<partition::engine> engine;
  log_cursor cursor;
  bool stopped = false;
};

/// Executes one batch again, or applies it where another version decided; what goes wrong stops the partition, and gives
/// false.
bool take_batch(partition_run& p, ledger& books, shard_outcome& out) {
  const auto& workflow = p.engine->workflow();
  const std::uint32_t behaviour = p.cursor.batch()->head().behaviour();
  const bool mine = behaviour == workflow.behaviour;
  const status same = mine ? p.engine->verify(*p.cursor.batch()) : p.engine->restore(*p.cursor.batch());
  if (same && !mine) ++out.reapplied[fmt::format("{} {}", workflow.name, behaviour)];
  if (same) {
    books.take(p.engine->id(), *p.cursor.batch());
    p.cursor.advance();
    if (!p.cursor.damage().empty()) out.damage.push_back(p.cursor.damage());
    return true;
  }
  p.stopped = true;
  (same.error().code == errc::diverged ? out.divergences : out.damage).push_back(same.error().detail);
  return false;
}

/// The partitions of a shard in the order of time, as its ledger wants them; within one instant by workflow.
shard_outcome verify_shard(shared_work& work, shard_no shard, partition::bench& bench, const std::function<void()>& step) {
  shard_outcome out;
  std::vector<partition_run> runs;
  for (const auto* w : partition::workflows()) {
    const partition_id id{w->number, shard};
    const partition::surroundings around{&work.shelves, &work.folder.texts(), &bench};
    runs.push_back({std::make_unique<partition::engine>(id, *w, around, 1), log_cursor(work.folder.log(), id)});
    if (!runs.back().cursor.damage().empty()) out.damage.push_back(runs.back().cursor.damage());
  }
  ledger books = work.books();
  for (;;) {
    partition_run* soonest = nullptr;
    for (partition_run& p : runs) {
      if (p.stopped || !p.cursor.batch()) continue;
      if (soonest == nullptr || p.cursor.at() < soonest->cursor.at()) soonest = &p;
    }
    if (soonest == nullptr) break;
    if (!take_batch(*soonest, books, out)) continue;
    ++work.batches;
    step();
  }
  for (const partition_run& p : runs) {
    const std::string name = partition_name(p.engine->id());
    const auto chain = work.chains.find(name);
    const bool whole = !p.stopped && p.cursor.damage().empty();
    if (whole && chain != work.chains.end() && chain->second != hex(p.engine->chain_digest())) {
      out.divergences.push_back(fmt::format("{}: its log ends after {} commands, and the run's did not end there", name,
                                            p.engine->commands()));
    }
    out.partitions.push_back(partition_totals::of(*p.engine));
  }
  out.counted = books.close(work.end);
  return out;
}

/// All shards, on as many threads as there are cores; the first of them shows how far it is.
std::vector<shard_outcome> verify_shards(shared_work& work, const std::function<void(std::uint64_t)>& progress) {
  std::vector<shard_outcome> outcomes(shard_count);
  const auto drive = [&](bool shows) {
    partition::bench bench;
    const std::function<void()> step = [&] {
      if (shows && progress) progress(work.batches);
    };
    for (unsigned n = work.next_shard++; n < shard_count; n = work.next_shard++) {
      outcomes[n] = verify_shard(work, static_cast<shard_no>(n), bench, step);
    }
  };
  std::vector<std::thread> others;
  for (unsigned n = 1; n < std::thread::hardware_concurrency(); ++n) others.emplace_back(drive, false);
  drive(true);
  for (auto& t : others) t.join();
  return outcomes;
}

void compare(const std::string& printed, const std::string& from_logs, verify_report& report) {
  const auto flat = [](const std::string& text) {
    auto j = nlohmann::ordered_json::parse(text, nullptr, false);
    if (!j.is_object()) return nlohmann::ordered_json::object();
    for (const std::string_view key : outside_of_logs) j.erase(std::string(key));
    return j.flatten();
  };
  const auto was = flat(printed), is = flat(from_logs);
  const auto value = [](const auto& j, const std::string& key) { return j.contains(key) ? j[key].dump() : std::string("-"); };
  for (const auto& [key, v] : is.items()) {
    ++report.figures_compared;
    if (value(was, key) != v.dump()) report.differences.push_back({key, value(was, key), v.dump()});
  }
  for (const auto& [key, v] : was.items()) {
    if (!is.contains(key)) report.differences.push_back({key, v.dump(), "-"});
  }
}

/// Logs of workflows that this program does not have, and how many batches there are.
result<std::uint64_t> survey(data_folder& folder, verify_report& report) {
  std::uint64_t batches = 0;
  const auto present = folder.log().partitions();
  if (!present) return tl::unexpected(present.error());
  for (const partition_id id : *present) {
    const auto head = folder.log().head(id);
    if (!head) return tl::unexpected(head.error());
    batches += head->value;
    if (partition::find_workflow(id.workflow) == nullptr) {
      report.damage.push_back(fmt::format("{}: this program has no such workflow", partition_name(id)));
    }
  }
  report.partitions = present->size();
  return batches;
}

}  // namespace

result<verify_report> verify(data_folder& folder, const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  const auto m = folder.read_manifest();
  if (!m) return tl::unexpected(m.error());
  const auto shelves = folder.read_shelf();
  if (!shelves) return tl::unexpected(shelves.error());
  verify_report report;
  report.scenario = m->head.scenario;
  const auto all = survey(folder, report);
  if (!all) return tl::unexpected(all.error());
  auto chains = folder.read_chains();
  if (!chains && chains.error().code != errc::not_found) return tl::unexpected(chains.error());
  if (!chains) chains.emplace();

  std::optional<scenario> s;
  std::optional<model> truth;
  if (!m->yaml.empty()) {
    auto parsed = scenario::parse(m->yaml, m->head.scenario);
    if (!parsed) return tl::unexpected(parsed.error());
    s = std::move(*parsed);
    truth.emplace(*s, m->head.seed);
  } else {
    s = scenario_of(m->head);
  }
  shared_work work{folder, *shelves, *chains, [&] { return truth ? ledger(*truth) : ledger(m->head.begin); }, m->head.end};
  const auto outcomes = verify_shards(work, [&](std::uint64_t done) {
    if (progress) progress(done, *all);
  });

  simulation_result run;
  for (const shard_outcome& o : outcomes) {
    for (const partition_totals& p : o.partitions) run.totals.add(p);
    run.figures.merge(o.counted);
    report.divergences.insert(report.divergences.end(), o.divergences.begin(), o.divergences.end());
    report.damage.insert(report.damage.end(), o.damage.begin(), o.damage.end());
    for (const auto& [version, batches] : o.reapplied) report.reapplied[version] += batches;
  }
  report.batches = work.batches;
  report.commands = run.totals.commands;
  report.digest = run.totals.digest;
  // A node prints no figures of a run: its logs go on.
  report.serves = m->how == "serve";
  if (report.serves) return report;
  const auto printed = folder.read_figures();
  if (!printed && printed.error().code != errc::not_found) return tl::unexpected(printed.error());
  if (!printed) {
    report.not_compared = "the run never came to its end and left no figures";
  } else if (!report.divergences.empty() || !report.damage.empty()) {
    report.not_compared = "figures are computed from whole logs alone";
  } else {
    for (const auto& pack : shelves->packs()) {
      if (hex(pack->digest()) == m->head.pack_digest) run.pack = pack;
    }
    if (!run.pack) return fail(errc::not_found, fmt::format("pack {} is not in the folder", m->head.pack_digest));
    run.seed = m->head.seed;
    finish(run, stopwatch{});
    compare(*printed, truth ? summary_json(*s, run, m->how) : summary_json_without_truth(*s, run, m->how), report);
  }
  return report;
}

std::string verify_json(const verify_report& r) {
  nlohmann::ordered_json j{{"scenario", r.scenario},       {"partitions", r.partitions},
                           {"batches", r.batches},         {"commands", r.commands},
                           {"reapplied", r.reapplied_batches()}, {"reapplied_by_version", r.reapplied},
                           {"divergences", r.divergences.size()}, {"diverged", r.divergences},
                           {"damage", r.damage},           {"figures_compared", r.figures_compared},
                           {"differences", nlohmann::ordered_json::array()}, {"not_compared", r.not_compared},
                           {"digest", hex(r.digest)}};
  for (const figure_difference& d : r.differences) {
    j["differences"].push_back({{"figure", d.figure}, {"printed", d.printed}, {"from_logs", d.from_logs}});
  }
  return j.dump(2);
}

}  // namespace zhili::scenarios
