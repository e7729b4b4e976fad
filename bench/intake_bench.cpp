// SPDX-License-Identifier: Apache-2.0
// Durable intake: from a client's frames to the answer that a submission is on disk, through a whole node, and through
// two floors that only store what the same client sends them.
#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "bench/benchmark.hpp"
#include "bench/feeder.hpp"
#include "bench/measure.hpp"
#include "bench/node_here.hpp"
#include "bench/raw_intake.hpp"
#include "bench/scratch.hpp"

namespace zhili::bench {
namespace {

/// Submissions without answer at once.
constexpr std::uint32_t window = 16 * 1024;
constexpr std::chrono::seconds rest_max{60};

/// What this process has had written to disks.
double disk_bytes() {
  std::ifstream in("/proc/self/io");
  std::string key;
  for (double value = 0; in >> key >> value;) {
    if (key == "write_bytes:") return value;
  }
  return 0;
}

std::vector<metric> metrics() {
  return {{"CPU µs/submission", 2}, {"wall µs/submission", 2}, {"thousand/s", 0}, {"cores used", 2}, {"submissions/sync", 0},
          {"syncs", 0}, {"kept B/submission", 0}, {"disk B/submission", 0}};
}

struct taken_in {
  elapsed took;
  std::uint64_t syncs = 0;
  double kept_bytes = 0;
  double disk_bytes = 0;

  std::vector<double> values(std::uint32_t n) const {
    const double all = n;
    return {took.cpu_s * 1e6 / all, took.wall_s * 1e6 / all, all / took.wall_s / 1e3, took.cpu_s / took.wall_s,
            all / static_cast<double>(syncs),
            static_cast<double>(syncs), kept_bytes / all, disk_bytes / all};
  }
};

/// A node until everything is answered and nothing is on its way between partitions any more.
result<taken_in> through_node(const settings& s, const envelope_load& load, const char* pack) {
  const scratch_folder folder(s);
  auto node = node_here::start(node_here::alone(folder.path(), s.root / pack));
  if (!node) return tl::unexpected(node.error());
  auto from = feeder::connect((*node)->clients_endpoint());
  if (!from) return tl::unexpected(from.error());
  const auto before = (*node)->partitions().read();
  const double disk = disk_bytes();
  const stopwatch clock;
  if (status given = (*from)->give_all(load, window); !given) return tl::unexpected(given.error());
  if (!(*node)->partitions().drain(rest_max)) return fail(errc::io, "the node does not come to rest");
  taken_in out;
  out.took = clock.since();
  out.disk_bytes = disk_bytes() - disk;
  const auto after = (*node)->partitions().read();
  out.syncs = after.commits.syncs - before.commits.syncs;
  out.kept_bytes = static_cast<double>(after.commits.bytes - before.commits.bytes) + load.text_bytes_mean() * load.size();
  if (after.decisions - before.decisions != load.size()) {
    return fail(errc::corrupt, fmt::format("{} submissions, {} decisions", load.size(), after.decisions - before.decisions));
  }
  return out;
}

result<taken_in> through_floor(const settings& s, const envelope_load& load, raw_store how, std::uint64_t group) {
  const scratch_folder folder(s);
  auto floor = raw_intake::start(how, folder.path(), load.size(), group);
  if (!floor) return tl::unexpected(floor.error());
  auto from = feeder::connect((*floor)->endpoint());
  if (!from) return tl::unexpected(from.error());
  const double disk = disk_bytes();
  const stopwatch clock;
  if (status given = (*from)->give_all(load, window); !given) return tl::unexpected(given.error());
  taken_in out;
  out.took = clock.since();
  out.disk_bytes = disk_bytes() - disk;
  out.syncs = (*floor)->counts().syncs;
  out.kept_bytes = static_cast<double>((*floor)->counts().stored_bytes);
  return out;
}

constexpr const char* node_constant = "zhili, judging replaced by a constant";
constexpr const char* node_judging = "zhili, pack baseline-2021";
constexpr const char* floor_leveldb = "raw LevelDB, one put each (floor)";
constexpr const char* floor_unordered = "raw LevelDB, keys in no order (no goal)";
constexpr const char* floor_file = "flat append log (floor)";

/// The node's first run of a round tells the floors how many submissions they may sync at once; then all others run, each
/// round in another order.
status run_round(const settings& s, const envelope_load& load, unsigned round, table& into) {
  const auto node = through_node(s, load, "bench/packs/constant");
  if (!node) return tl::unexpected(node.error());
  const std::uint64_t group = std::max<std::uint64_t>(1, (load.size() + node->syncs / 2) / node->syncs);
  std::vector<result<taken_in>> found(5, *node);
  for (unsigned turn = 0; turn < 4; ++turn) {
    const unsigned who = 1 + (round + turn) % 4;
    found[who] = who == 1   ? through_node(s, load, "packs/baseline-2021")
                 : who == 2 ? through_floor(s, load, raw_store::leveldb, group)
                 : who == 3 ? through_floor(s, load, raw_store::flat_file, group)
                            : through_floor(s, load, raw_store::leveldb_unordered, group);
    if (!found[who]) return tl::unexpected(found[who].error());
  }
  for (std::size_t who = 0; who < found.size(); ++who) {
    const auto values = found[who]->values(load.size());
    for (std::size_t m = 0; m < values.size(); ++m) into.rows[who].samples[m].push_back(values[m]);
  }
  return {};
}

/// Median over the rounds of one row's metric by another's, in per cent.
double share(const table& t, std::size_t of, std::size_t by, std::size_t metric_index) {
  std::vector<double> ratios;
  for (unsigned n = 0; n < t.rounds; ++n) {
    ratios.push_back(t.rows[of].samples[metric_index][n] / t.rows[by].samples[metric_index][n] * 100);
  }
  return spread_of(ratios).median;
}

}  // namespace

result<std::vector<table>> run_intake(const settings& s) {
  const auto pack = policy::pack::load(s.root / "packs/baseline-2021");
  if (!pack) return tl::unexpected(pack.error());
  const envelope_load load(s.of(1'500'000u, 3000u), **pack);
  table t;
  t.name = "intake";
  t.title = "durable intake over ZeroMQ into LevelDB, acknowledged after the sync";
  t.metrics = metrics();
  t.rounds = s.rounds;
  for (const char* name : {node_constant, node_judging, floor_leveldb, floor_file, floor_unordered}) {
    t.rows.push_back({name, std::vector<std::vector<double>>(t.metrics.size())});
  }
  for (unsigned round = 0; round < s.rounds; ++round) {
    if (status ran = run_round(s, load, round, t); !ran) return tl::unexpected(ran.error());
  }
  t.says = fmt::format(
      "{} diaries a round, an envelope of {:.0f} bytes each, {:.0f} of them a text of its own; one client, {} without answer at "
      "once, frames by its link over tcp on loopback. In: the client's link, frames and envelopes opened and checked, the "
      "gateway, 576 partitions, two judging threads, the messages to institutions that 40 of 100 diaries send, the committer, "
      "one LevelDB for logs and texts, answers, until nothing is on its way any more. The floors get the same frames, look "
      "into nothing, have one thread, and sync after as many submissions as zhili did on the mean of that round. Copies behind the "
      "socket, until LevelDB's log and memory have it: of zhili's body 6, of its text 4, of an envelope in raw LevelDB 3, in the flat "
      "log 1. CPU counts all threads, LevelDB's own and the client's too; {} cores for everything.",
      load.size(), load.bytes_mean(), load.text_bytes_mean(), window, std::thread::hardware_concurrency());
  t.goals = {{"submissions a second, of raw LevelDB's", share(t, 0, 2, 2), 60, true, 0, " %"},
             {"submissions a second, of the flat log's", share(t, 0, 3, 2), 40, true, 0, " %"}};
  return std::vector<table>{std::move(t)};
}

}  // namespace zhili::bench
