// SPDX-License-Identifier: Apache-2.0
#include "node/cluster_killer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace zhili::node {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

/// Between two kills.
constexpr milliseconds pause_min{100};
constexpr milliseconds pause_spread{300};
/// No longer for somebody to commit.
constexpr milliseconds commit_wait_max{1500};
constexpr microseconds look_every{20};
/// How far into a commit the kill may fall: a write with its sync takes some hundred microseconds and more.
constexpr microseconds into_commit_max{200};

}  // namespace

cluster_killer::cluster_killer(cluster_processes& cluster, unsigned kills, std::uint64_t seed)
    : cluster_(cluster), kills_(kills), chance_(seed), thread_([this] { run(); }) {}

void cluster_killer::end() {
  over_ = true;
  if (thread_.joinable()) thread_.join();
}

kill_count cluster_killer::sum() const {
  kill_count all;
  for (const auto& [name, k] : killed_) {
    all.kills += k.kills;
    all.writing += k.writing;
    all.kept += k.kept;
  }
  return all;
}

bool cluster_killer::complete() const {
  const kill_count all = sum();
  for (std::size_t n = 0; n < cluster_.nodes().size(); ++n) {
    if (times(n).kills < kills_ / 10) return false;
  }
  return all.kills >= kills_ && 2 * (all.writing + all.kept) >= all.kills;
}

void cluster_killer::wait(microseconds most) {
  std::this_thread::sleep_for(microseconds{chance_() % static_cast<std::uint64_t>(most.count() + 1)});
}

std::size_t cluster_killer::killed_least() const {
  const auto& nodes = cluster_.nodes();
  std::size_t found = 0;
  for (std::size_t n = 1; n < nodes.size(); ++n) {
    if (times(n).kills < times(found).kills) found = n;
  }
  return found;
}

kill_count cluster_killer::times(std::size_t node) const {
  const auto found = killed_.find(cluster_.nodes()[node].name);
  return found == killed_.end() ? kill_count{} : found->second;
}

std::optional<std::size_t> cluster_killer::first_to_commit() {
  const auto& nodes = cluster_.nodes();
  // Nobody takes the turns of all others.
  const unsigned most = kills_ / static_cast<unsigned>(nodes.size()) + 2;
  std::vector<std::pair<std::size_t, std::unique_ptr<commit_mark>>> watched;
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    if (nodes[n].workflows == "none" || times(n).kills >= most) continue;
    if (auto mark = commit_mark::look(commit_mark::file_in(cluster_.data_of(nodes[n]))))
      watched.emplace_back(n, std::move(*mark));
  }
  std::shuffle(watched.begin(), watched.end(), chance_);
  const auto give_up_at = std::chrono::steady_clock::now() + commit_wait_max;
  while (!over_ && std::chrono::steady_clock::now() < give_up_at) {
    for (const auto& [n, mark] : watched) {
      if (mark->now() == commit_mark::stage::idle) continue;
      wait(into_commit_max);
      // Frozen it stays where it is; a commit that was over before is not the one.
      cluster_.freeze(n);
      if (mark->now() != commit_mark::stage::idle) return n;
      cluster_.thaw(n);
    }
    std::this_thread::sleep_for(look_every);
  }
  return {};
}

void cluster_killer::kill_one(std::size_t node) {
  const cluster_node& n = cluster_.nodes()[node];
  cluster_.kill_hard(node);
  // What the dead process left there is the truth, whatever was aimed at.
  kill_count& k = killed_[n.name];
  ++k.kills;
  if (const auto mark = commit_mark::look(commit_mark::file_in(cluster_.data_of(n)))) {
    k.writing += (*mark)->now() == commit_mark::stage::writing;
    k.kept += (*mark)->now() == commit_mark::stage::kept;
    // A process that dies before it has made its own must not be counted by this one's.
    (*mark)->reached(commit_mark::stage::idle);
  }
  if (const status again = cluster_.start_again(node); !again) trouble_ = again.error().detail;
}

void cluster_killer::run() {
  for (bool in_commit = false; trouble_.empty() && !complete(); in_commit = !in_commit) {
    std::this_thread::sleep_for(pause_min);
    wait(pause_spread);
    if (over_) return;
    if (const auto node = in_commit ? first_to_commit() : killed_least()) kill_one(*node);
  }
}

std::string killed_text(const cluster_killer& k, bool zh) {
  const kill_count all = k.sum();
  std::string out = zh ? fmt::format(
                             "  kill -9 次数 {}，其中提交途中 {}（写入中 {}，已落盘未告知 {}）\n", all.kills,
                             all.writing + all.kept, all.writing, all.kept)
                       : fmt::format(
                             "  killed with -9 {}, in a commit {} (writing {}, on disk and not told {})\n",
                             all.kills, all.writing + all.kept, all.writing, all.kept);
  for (const auto& [name, n] : k.killed())
    out += fmt::format("    {:<12} {:>3} {:>4}\n", name, n.kills, n.writing + n.kept);
  return out;
}

}  // namespace zhili::node
