// SPDX-License-Identifier: Apache-2.0
#include "bench/outage.hpp"

#include <atomic>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "bench/feeder.hpp"
#include "bench/scratch.hpp"
#include "node/client.hpp"

namespace zhili::bench {
namespace {

using clock_type = std::chrono::steady_clock;

/// Submissions without answer at once, before the clock starts.
constexpr std::uint32_t window = 16 * 1024;

double seconds(clock_type::duration d) { return std::chrono::duration<double>(d).count(); }

/// When what happened to the answers, from the client's link's thread.
struct watcher {
  double rate = 0;
  std::atomic<std::uint64_t> sent{0};
  std::atomic<bool> restarted{false};
  clock_type::time_point killed;
  std::uint64_t answered = 0;
  std::atomic<double> first_s{0};
  std::atomic<double> drained_s{0};

  void heard() {
    ++answered;
    if (!restarted || drained_s != 0) return;
    const double now = seconds(clock_type::now() - killed);
    // What the dead one had sent before; no node is back so soon.
    if (now < 0.05) return;
    if (first_s == 0) first_s = now;
    if (static_cast<double>(sent - answered) <= rate / 10) drained_s = now;
  }
};

status give(node::client& to, const envelope_load& load, const outage_plan& plan, watcher& w) {
  const auto begin = clock_type::now();
  for (std::uint32_t n = plan.subjects; n < load.size(); ++n) {
    const std::chrono::duration<double> after{(n - plan.subjects) / plan.rate};
    const auto due = begin + std::chrono::duration_cast<clock_type::duration>(after);
    if (due > clock_type::now()) std::this_thread::sleep_until(due);
    const bytes_view bytes = load.envelope(n);
    ++w.sent;
    if (status sent = to.submit(load.key(n), {bytes.begin(), bytes.end()}); !sent) return sent;
  }
  return to.finish();
}

}  // namespace

namespace {

/// Kills the node while the other thread gives, and starts it again.
status kill_under_load(const settings& s, const outage_plan& plan, const envelope_load& load, const std::filesystem::path& folder,
                       std::unique_ptr<node_process>& node, unsigned port, node::client& to, watcher& w, outage& out) {
  status given;
  std::thread giver([&] { given = give(to, load, plan, w); });
  std::this_thread::sleep_for(std::chrono::duration<double>(plan.kill_after));
  w.killed = clock_type::now();
  node->kill_it();
  w.restarted = true;
  auto again = node_process::start(s, folder, s.root / "packs/baseline-2021", port);
  out.ready_s = seconds(clock_type::now() - w.killed);
  if (again) node = std::move(*again);
  giver.join();
  return again ? given : tl::unexpected(again.error());
}

}  // namespace

result<outage> drive_outage(const settings& s, const outage_plan& plan) {
  const auto pack = policy::pack::load(s.root / "packs/baseline-2021");
  if (!pack) return tl::unexpected(pack.error());
  const auto more = static_cast<std::uint32_t>(plan.rate * plan.seconds);
  const envelope_load load(plan.subjects + more, **pack);
  const scratch_folder folder(s);
  const unsigned port = free_port();
  auto node = node_process::start(s, folder.path(), s.root / "packs/baseline-2021", port);
  if (!node) return tl::unexpected(node.error());
  {
    auto from = feeder::connect((*node)->endpoint());
    if (!from) return tl::unexpected(from.error());
    if (status filled = (*from)->give(load, plan.subjects, window); !filled) return tl::unexpected(filled.error());
  }
  node::client_options options;
  options.endpoint = (*node)->endpoint();
  options.window = more + 1;
  auto to = node::client::connect(options);
  if (!to) return tl::unexpected(to.error());
  watcher w;
  w.rate = plan.rate;
  (*to)->on_answer([&](const answer_entry&) { w.heard(); });
  outage out;
  if (status done = kill_under_load(s, plan, load, folder.path(), *node, port, **to, w, out); !done) return tl::unexpected(done.error());
  (*to)->on_answer({});
  const auto counts = (*to)->counters();
  if (counts.accepted != more) return fail(errc::corrupt, fmt::format("{} of {} submissions were accepted", counts.accepted, more));
  out.first_s = w.first_s;
  out.drained_s = w.drained_s;
  out.submissions = more;
  out.asked_again = static_cast<double>(counts.asked_again);
  return out;
}

}  // namespace zhili::bench
