// SPDX-License-Identifier: Apache-2.0
#include "bench/outage.hpp"

#include <atomic>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "bench/envelopes.hpp"
#include "node/client.hpp"

namespace zhili::bench {
namespace {

using clock_type = std::chrono::steady_clock;

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
  for (std::uint32_t n = 0; n < load.size(); ++n) {
    const auto due = begin + std::chrono::duration_cast<clock_type::duration>(std::chrono::duration<double>(n / plan.rate));
    if (due > clock_type::now()) std::this_thread::sleep_until(due);
    const bytes_view bytes = load.envelope(n);
    ++w.sent;
    if (status sent = to.submit(load.key(n), {bytes.begin(), bytes.end()}); !sent) return sent;
  }
  return to.finish();
}

}  // namespace

result<outage> drive_outage(const settings& s, const outage_plan& plan, const std::filesystem::path& folder,
                            std::unique_ptr<node_process>& node, unsigned port) {
  const auto pack = policy::pack::load(s.root / "packs/baseline-2021");
  if (!pack) return tl::unexpected(pack.error());
  const envelope_load load(static_cast<std::uint32_t>(plan.rate * plan.seconds), **pack);
  node::client_options options;
  options.endpoint = node->endpoint();
  options.window = load.size() + 1;
  auto to = node::client::connect(options);
  if (!to) return tl::unexpected(to.error());
  watcher w;
  w.rate = plan.rate;
  (*to)->on_answer([&](const answer_entry&) { w.heard(); });
  status given;
  std::thread giver([&] { given = give(**to, load, plan, w); });
  std::this_thread::sleep_for(std::chrono::duration<double>(plan.kill_after));
  w.killed = clock_type::now();
  node->kill_it();
  w.restarted = true;
  auto again = node_process::start(s, folder, s.root / "packs/baseline-2021", port);
  const double ready = seconds(clock_type::now() - w.killed);
  if (again) node = std::move(*again);
  giver.join();
  if (!again) return tl::unexpected(again.error());
  if (!given) return tl::unexpected(given.error());
  (*to)->on_answer({});
  const auto counts = (*to)->counters();
  if (counts.accepted != load.size()) {
    return fail(errc::corrupt, fmt::format("{} of {} submissions were accepted", counts.accepted, load.size()));
  }
  return outage{ready, w.first_s, w.drained_s, static_cast<double>(load.size()), static_cast<double>(counts.asked_again)};
}

}  // namespace zhili::bench
