// SPDX-License-Identifier: Apache-2.0
#include "node/cluster_rolling.hpp"

#include <array>
#include <cstdio>

#include <fmt/format.h>

#include "node/cluster_books.hpp"
#include "node/diaries.hpp"
#include "node/files.hpp"
#include "node/options.hpp"
#include "scenarios/trace/data_folder.hpp"

namespace zhili::node {
namespace {

using steady = std::chrono::steady_clock;
using seconds = std::chrono::duration<double>;

/// Enough that a shard without a pause is silent for a fraction of a second only, however the accounts fall.
constexpr double rate = 2000;
/// Before the first restart, between two, and after the last.
constexpr std::chrono::seconds calm{2};
constexpr std::size_t window = 1'000'000;

/// How long each shard has been silent at most, since `begin`; answers come on the link's thread.
class silences {
 public:
  void submitted(const diaries::one& d) {
    std::lock_guard lock(mutex_);
    shard_[d.key] = shard_of(d.account);
  }
  void answered(subject_id key) {
    const auto now = steady::now();
    std::lock_guard lock(mutex_);
    const auto found = shard_.find(key);
    if (found == shard_.end()) return;
    hear(found->second, now);
    shard_.erase(found);
  }
  void begin() {
    std::lock_guard lock(mutex_);
    heard_.fill(steady::now());
    longest_.fill(seconds{0});
  }
  /// Of all shards since `begin`.
  double longest() {
    const auto now = steady::now();
    std::lock_guard lock(mutex_);
    seconds most{0};
    for (shard_no s = 0; s < shard_count; ++s) {
      hear(s, now);
      most = std::max(most, longest_[s]);
    }
    return most.count();
  }

 private:
  void hear(shard_no s, steady::time_point now) {
    longest_[s] = std::max(longest_[s], seconds{now - heard_[s]});
    heard_[s] = now;
  }

  std::mutex mutex_;
  std::map<subject_id, shard_no> shard_;
  std::array<steady::time_point, shard_count> heard_{};
  std::array<seconds, shard_count> longest_{};
};

/// Submits at the rate until told to end.
class load {
 public:
  load(client& to, silences& watch) : to_(to), watch_(watch) {
    to_.on_answer([this](const answer_entry& a) { watch_.answered(a.key); });
    thread_ = std::thread([this] { run(); });
  }
  status end() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
    const status done = good_ ? to_.finish() : good_;
    to_.on_answer({});
    return done;
  }
  ~load() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
  }

 private:
  void run() {
    diaries source(diaries::run_of_now());
    const auto begin = steady::now();
    for (std::uint64_t n = 0; !over_ && good_; ++n) {
      std::this_thread::sleep_until(begin + std::chrono::duration_cast<steady::duration>(seconds{static_cast<double>(n) / rate}));
      diaries::one d = source.next();
      watch_.submitted(d);
      good_ = to_.submit(d.key, std::move(d.envelope));
    }
  }

  client& to_;
  silences& watch_;
  std::atomic<bool> over_{false};
  status good_;
  std::thread thread_;
};

struct restart {
  std::string node;
  /// From SIGTERM to the end of the process, and from there until it answers again.
  double drained_s = 0;
  double back_s = 0;
  double silent_s = 0;
};

result<restart> restart_one(cluster_processes& cluster, std::size_t node, silences& watch) {
  restart r{cluster.nodes()[node].name};
  watch.begin();
  const auto told = steady::now();
  if (const status ended = cluster.stop_one(node); !ended) return tl::unexpected(ended.error());
  const auto gone = steady::now();
  if (const status again = cluster.start_again(node); !again) return tl::unexpected(again.error());
  if (const auto answers = cluster.connect_to(node, 1); !answers) return tl::unexpected(answers.error());
  r.drained_s = seconds{gone - told}.count();
  r.back_s = seconds{steady::now() - gone}.count();
  std::this_thread::sleep_for(calm);
  r.silent_s = watch.longest();
  return r;
}

std::string text_of(const std::vector<restart>& all, double calm_s, const client_counters& c, bool zh) {
  const auto w = [zh](const char* in_zh, const char* in_en) { return zh ? in_zh : in_en; };
  std::string out = fmt::format("  {} {}  {} {}  {} {}  {} {}  {} {}\n", w("提交", "submitted"), c.sent, w("接受", "accepted"), c.accepted,
                                w("拒收", "refused"), c.refused + c.bad, w("稍后再试", "told to come again"), c.busy, w("重发", "asked again"), c.asked_again);
  double most = 0;
  for (const restart& r : all) {
    out += fmt::format(fmt::runtime(zh ? "  {:<8} 排空 {:.2f} s，再起 {:.2f} s，分区最长停顿 {:.2f} s\n"
                          : "  {:<8} drained in {:.2f} s, back after {:.2f} s, longest pause of a partition {:.2f} s\n"),
                       r.node, r.drained_s, r.back_s, r.silent_s);
    most = std::max(most, r.silent_s);
  }
  out += fmt::format(fmt::runtime(zh ? "  最长停顿 {:.2f} s（无重启时 {:.2f} s）\n" : "  longest pause {:.2f} s (without a restart {:.2f} s)\n"), most, calm_s);
  return out;
}

/// Books of all nodes, and what their logs hold twice. Empty: all holds.
result<std::string> lost(cluster_processes& cluster, const client_counters& heard, bool zh) {
  side here;
  for (std::size_t n = 0; n < cluster.nodes().size(); ++n) {
    const auto node = cluster.connect_to(n, 1);
    if (!node) return tl::unexpected(node.error());
    if (const status added = add_counts(**node, here); !added) return tl::unexpected(added.error());
  }
  if (const status ended = cluster.stop(); !ended) return tl::unexpected(ended.error());
  for (const cluster_node& n : cluster.nodes()) {
    auto folder = scenarios::data_folder::open(cluster.data_of(n));
    if (!folder) return tl::unexpected(folder.error());
    if (const status read = read_decisions((*folder)->log(), here); !read) return tl::unexpected(read.error());
  }
  std::string out = broken_promises(here, here, heard, zh);
  std::uint64_t submitted = 0;
  for (const auto& [kind, b] : here.books) submitted += b[0];
  if (submitted != heard.sent) {
    out += fmt::format("  {}: {} / {}\n", zh ? "提交数与节点账目不同" : "what was submitted is not what the nodes hold", heard.sent, submitted);
  }
  return out;
}

}  // namespace

int run_rolling(const cluster_plan& plan, bool zh) {
  auto cluster = cluster_processes::start(plan);
  if (!cluster) return complain(cluster.error());
  auto gateway = (*cluster)->connect_to(0, window);
  if (!gateway) return complain(gateway.error());
  silences watch;
  load under(**gateway, watch);
  std::this_thread::sleep_for(calm);
  watch.begin();
  std::this_thread::sleep_for(calm);
  const double calm_s = watch.longest();
  std::vector<restart> all;
  for (std::size_t n = 0; n < (*cluster)->nodes().size(); ++n) {
    auto r = restart_one(**cluster, n, watch);
    if (!r) return complain(r.error());
    all.push_back(std::move(*r));
  }
  if (const status done = under.end(); !done) return complain(done.error());
  const client_counters heard = (*gateway)->counters();
  std::printf("%s", text_of(all, calm_s, heard, zh).c_str());
  const auto broken = lost(**cluster, heard, zh);
  if (!broken) return complain(broken.error());
  std::printf("  %s\n%s", broken->empty() ? (zh ? "账目相合，没有一件重复" : "the books agree, nothing is there twice")
                                         : (zh ? "不成立的：" : "what does not hold:"), broken->c_str());
  std::printf("  %s %s\n", zh ? "数据目录，可逐个 zhili verify：" : "folders, each for zhili verify:", plan.dir.string().c_str());
  return broken->empty() && heard.accepted == heard.sent ? exit_ok : exit_failed;
}

}  // namespace zhili::node
