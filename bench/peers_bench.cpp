// SPDX-License-Identifier: Apache-2.0
// zhili's durable intake beside queues that others use, by turns on the same submissions; the peers lie in bench/peers.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench/benchmark.hpp"
#include "bench/feeder.hpp"
#include "bench/node_here.hpp"
#include "bench/process.hpp"
#include "bench/scratch.hpp"
#include "scenarios/trace/format.hpp"
#include "scenarios/trace/lines.hpp"

namespace zhili::bench {
namespace {

/// Submissions without answer at once.
constexpr std::uint32_t window = 16 * 1024;

std::vector<double> values(double n, double wall_s, double cpu_s, double syncs, double kept) {
  return {cpu_s * 1e6 / n, wall_s * 1e6 / n, n / wall_s, cpu_s / wall_s, syncs, kept / n};
}

status write_submissions(const std::filesystem::path& file, std::uint32_t count, const policy::pack& pack, instant at) {
  auto out = scenarios::line_writer::create(file);
  if (!out) return tl::unexpected(out.error());
  diary_source source(pack, at);
  std::string line;
  for (std::uint32_t n = 0; n < count; ++n) {
    line.clear();
    scenarios::write_line(source.next(), line);
    if (status written = out->write(line); !written) return written;
  }
  return out->finish();
}

result<std::vector<double>> through_node(const settings& s, const envelope_load& load) {
  const scratch_folder folder(s);
  auto node = node_here::start(node_here::alone(folder.path(), s.root / "bench/packs/constant"));
  if (!node) return tl::unexpected(node.error());
  auto from = feeder::connect((*node)->clients_endpoint());
  if (!from) return tl::unexpected(from.error());
  const auto before = (*node)->partitions().read();
  const stopwatch clock;
  if (status given = (*from)->give_all(load, window); !given) return tl::unexpected(given.error());
  if (!(*node)->partitions().drain(std::chrono::minutes{1})) return fail(errc::io, "the node does not come to rest");
  const elapsed took = clock.since();
  const auto after = (*node)->partitions().read();
  const double kept = static_cast<double>(after.commits.bytes - before.commits.bytes) + load.text_bytes_mean() * load.size();
  return values(load.size(), took.wall_s, took.cpu_s, static_cast<double>(after.commits.syncs - before.commits.syncs), kept);
}

result<std::vector<double>> through_peer(const std::vector<std::string>& command, std::uint32_t count) {
  const auto ran = run_child(command);
  if (!ran) return tl::unexpected(ran.error());
  const auto j = nlohmann::json::parse(ran->out, nullptr, false);
  if (!j.is_object() || j.value("decided", 0u) != count) {
    return fail(errc::corrupt, fmt::format("{}: {} submissions; it printed {}", command[1], count, ran->out));
  }
  return values(count, j["wall_s"], j["cpu_s"], j["syncs"], j["kept_bytes"]);
}

/// Median over the rounds of a peer's figure by zhili's.
double ratio(const table& t, std::size_t peer, std::size_t metric_index) {
  std::vector<double> all;
  for (unsigned n = 0; n < t.rounds; ++n) all.push_back(t.rows[peer].samples[metric_index][n] / t.rows[0].samples[metric_index][n]);
  return spread_of(all).median;
}

/// How many times a peer's time zhili's is, wall and CPU.
table ratios_of(const table& t) {
  table out;
  out.name = "peers";
  out.title = "how many times as long a peer takes";
  out.says = "A peer's figure by zhili's of the same round, the median over the rounds.";
  out.metrics = {{"wall", 1}, {"CPU (per core)", 1}};
  out.rounds = 1;
  for (std::size_t n = 1; n < t.rows.size(); ++n) out.rows.push_back({t.rows[n].name, {{ratio(t, n, 1)}, {ratio(t, n, 0)}}});
  return out;
}

}  // namespace

result<std::vector<table>> run_peers(const settings& s) {
  const auto pack = policy::pack::load(s.root / "packs/baseline-2021");
  if (!pack) return tl::unexpected(pack.error());
  const std::uint32_t count = s.of(100'000u, 1000u);
  const envelope_load load(count, **pack);
  const scratch_folder folder(s);
  const std::string file = (folder.path() / "submissions.ndjson").string();
  if (status written = write_submissions(file, count, **pack, load.at()); !written) return tl::unexpected(written.error());
  const double line_bytes = static_cast<double>(std::filesystem::file_size(file)) / count;
  const std::string peers = (s.root / "bench/peers").string();
  const auto run = [&](std::vector<std::string> words) {
    std::vector<std::string> command{"/usr/bin/env", "node", peers + "/" + words[0], file};
    command.insert(command.end(), words.begin() + 1, words.end());
    return [command, count] { return through_peer(command, count); };
  };
  table t;
  t.name = "peers";
  t.title = "durable intake beside queues of others, one constant judgement";
  t.metrics = {{"CPU µs/submission", 1}, {"wall µs/submission", 1}, {"submissions/s", 0}, {"cores used", 2}, {"syncs", 0}, {"kept B/submission", 0}};
  const status ran = interleave(s.rounds,
                                {{"zhili, every answer after a sync", [&] { return through_node(s, load); }},
                                 {"BullMQ, Redis appendfsync always", run({"bullmq.mjs", "always"})},
                                 {"BullMQ, Redis appendfsync everysec (weaker)", run({"bullmq.mjs", "everysec"})},
                                 {"pg-boss, PostgreSQL synchronous_commit on", run({"pgboss.mjs"})}},
                                t);
  if (!ran) return tl::unexpected(ran.error());
  t.says = fmt::format(
      "The same {} diaries for all: JSON of {:.0f} bytes for the peers, envelopes of {:.0f} bytes for zhili, made before the clock "
      "starts. Until each has its outcome and that is on disk: `always` syncs the append-only file in every turn of Redis's loop "
      "that wrote (Redis does not count them: shown as 0), `everysec` may lose a second; PostgreSQL's are those of its log. BullMQ: "
      "jobs added in bulks of 1,000 under the submission's key, one worker process with 50 jobs at once (200 and 500 were slower); pg-boss: inserted in bulks "
      "of 1,000, fetched and completed by 500 (two and four fetchers took more CPU and no less time). CPU: of zhili's whole process, client too; of a peer's Node "
      "processes and its server. Copies: a peer's submission becomes JSON, goes through a socket to the server, into its store and "
      "its log, and back to the worker and once more for the outcome; zhili's goes through a socket into a frame, into a batch and a "
      "text, LevelDB's log and its table. Kept: the growth of Redis's file, PostgreSQL's log, zhili's batches and texts. The peers "
      "lock and retry each job and serve many processes; zhili commits in groups. {} cores for all.",
      count, line_bytes, load.bytes_mean(), std::thread::hardware_concurrency());
  table r = ratios_of(t);
  return std::vector<table>{std::move(t), std::move(r)};
}

}  // namespace zhili::bench
