// SPDX-License-Identifier: Apache-2.0
// How long a node takes from its start until it is ready, with a million live subjects in its logs and after a kill -9.
#include <fmt/format.h>

#include "bench/benchmark.hpp"
#include "bench/feeder.hpp"
#include "bench/node_process.hpp"
#include "bench/scratch.hpp"

namespace zhili::bench {
namespace {

constexpr std::uint32_t window = 16 * 1024;
constexpr double megabyte = 1e6;

double folder_bytes(const std::filesystem::path& folder) {
  double sum = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) sum += static_cast<double>(entry.file_size());
  }
  return sum;
}

/// Kills the node under way as soon as the last of the diaries is acknowledged.
status fill(const settings& s, const envelope_load& load, const std::filesystem::path& folder) {
  auto node = node_process::start(s, folder, s.root / "packs/baseline-2021", free_port());
  if (!node) return tl::unexpected(node.error());
  auto from = feeder::connect((*node)->endpoint());
  if (!from) return tl::unexpected(from.error());
  if (status given = (*from)->give_all(load, window); !given) return given;
  (*node)->kill_it();
  return {};
}

/// Starts a node on a copy of the folder as it was left.
result<std::vector<double>> start_again(const settings& s, const std::filesystem::path& left) {
  const scratch_folder folder(s);
  std::error_code ec;
  std::filesystem::copy(left / "data", folder.path() / "data", std::filesystem::copy_options::recursive, ec);
  if (ec) return fail(errc::io, fmt::format("{}: cannot be copied: {}", left.string(), ec.message()));
  const double bytes = folder_bytes(folder.path());
  const auto node = node_process::start(s, folder.path(), s.root / "packs/baseline-2021", free_port());
  if (!node) return tl::unexpected(node.error());
  const elapsed took = (*node)->until_ready();
  return std::vector<double>{took.wall_s, took.cpu_s, (*node)->rss_bytes() / megabyte, bytes / megabyte};
}

}  // namespace

result<std::vector<table>> run_restart(const settings& s) {
  const auto pack = policy::pack::load(s.root / "packs/baseline-2021");
  if (!pack) return tl::unexpected(pack.error());
  const scratch_folder folder(s);
  std::uint32_t subjects = s.of(1'000'000u, 2000u);
  {
    const envelope_load load(subjects, **pack);
    if (status filled = fill(s, load, folder.path()); !filled) return tl::unexpected(filled.error());
  }
  table t;
  t.name = "restart";
  t.title = fmt::format("`zhili node` from its start until it is ready, {} live subjects in its logs", subjects);
  t.says =
      "The process as an operator starts it, judging by baseline-2021, on a copy of the folder of a node that was killed with "
      "-9 when it had acknowledged the last of as many diaries; the files lie in the page cache. From before it is spawned until "
      "it writes that it is ready; CPU and memory of the process at that moment. Payload: its whole logs are read; no syncs but "
      "one for each of 576 partitions acquired; two threads on two cores.";
  t.metrics = {{"wall s", 2}, {"CPU s", 2}, {"RSS MB", 0}, {"folder MB", 0}};
  const status ran = interleave(s.rounds, {{"zhili node", [&] { return start_again(s, folder.path()); }}}, t);
  if (!ran) return tl::unexpected(ran.error());
  t.goals = {{"wall until ready", t.median("zhili node"), 5, false, 2, " s"}};
  return std::vector<table>{std::move(t)};
}

}  // namespace zhili::bench
