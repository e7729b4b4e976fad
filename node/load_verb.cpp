// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "node/client_options.hpp"
#include "node/diaries.hpp"
#include "node/progress.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "load", "",
    "Submits diaries at a fixed rate, whether or not the node keeps up, and measures how long each takes from the moment\n"
    "at which it was due until its decision is on disk and acknowledged. The node's clock has to be the real one, and what\n"
    "it is given stays in its folder: use a node of its own for this. `acknowledged` counts every answer, `decided` those\n"
    "that say a verdict; what waits for a person is acknowledged and not decided.\n\n"
    "examples\n"
    "  zhili load --to tcp://127.0.0.1:7600 --rate 5000 --for 30s\n"
    "  zhili load --to tcp://127.0.0.1:7600 --rate 5000 --for 30s --p99-max 50ms    exit code 1 where it is slower\n"};

using clock_type = std::chrono::steady_clock;

/// Milliseconds from when each was due; rising, after `sort`.
struct latencies {
  std::vector<float> ms;

  void sort() { std::sort(ms.begin(), ms.end()); }
  double at(double share) const {
    if (ms.empty()) return 0;
    const auto n = static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1));
    return static_cast<double>(ms[n]);
  }
};

struct loaded {
  client_counters counts;
  double asked_rate = 0;
  double seconds = 0;
  latencies acknowledged;
  latencies decided;
};

result<loaded> load(client& to, double rate, duration length) {
  loaded out;
  out.asked_rate = rate;
  std::mutex mutex;
  std::map<subject_id, clock_type::time_point> due_at;
  to.on_answer([&](const answer_entry& a) {
    const auto now = clock_type::now();
    std::lock_guard lock(mutex);
    const auto found = due_at.find(a.key);
    if (found == due_at.end()) return;
    const float took = std::chrono::duration<float, std::milli>(now - found->second).count();
    out.acknowledged.ms.push_back(took);
    if (a.what == answer_kind::outcome && a.outcome.status() == wire::status::decided) out.decided.ms.push_back(took);
    due_at.erase(found);
  });
  diaries source(diaries::run_of_now());
  const auto all = static_cast<std::uint64_t>(rate * static_cast<double>(length.count()) / 1000);
  const auto begin = clock_type::now();
  progress_bar bar("load", "submissions");
  for (std::uint64_t n = 0; n < all; ++n) {
    const auto due = begin + std::chrono::duration_cast<clock_type::duration>(std::chrono::duration<double>(static_cast<double>(n) / rate));
    if (due > clock_type::now()) std::this_thread::sleep_until(due);
    auto [key, account, envelope] = source.next();
    {
      std::lock_guard lock(mutex);
      due_at[key] = due;
    }
    if (const status sent = to.submit(key, std::move(envelope)); !sent) return tl::unexpected(sent.error());
    if (n % 256 == 0) bar.show(static_cast<double>(n), static_cast<double>(all));
  }
  if (const status done = to.finish(); !done) return tl::unexpected(done.error());
  out.seconds = std::chrono::duration<double>(clock_type::now() - begin).count();
  to.on_answer({});
  out.counts = to.counters();
  out.acknowledged.sort();
  out.decided.sort();
  return out;
}

std::string text_of(const char* what, const latencies& l, const char* most) {
  return fmt::format("  {} ({})  p50 {:.2f}  p90 {:.2f}  p99 {:.2f}  p99.9 {:.2f}  {} {:.2f} ms\n", what, l.ms.size(), l.at(0.5),
                     l.at(0.9), l.at(0.99), l.at(0.999), most, l.at(1));
}

nlohmann::ordered_json json_of(const latencies& l) {
  return {{"n", l.ms.size()},       {"p50", l.at(0.5)},     {"p90", l.at(0.9)},
          {"p99", l.at(0.99)}, {"p99_9", l.at(0.999)}, {"max", l.at(1)}};
}

std::string text_of(const loaded& l, bool zh) {
  const auto w = [zh](const char* in_zh, const char* in_en) { return zh ? in_zh : in_en; };
  const char* const most = w("最长", "max");
  return fmt::format("  {} {:.0f}/s  {} {:.0f}/s  {:.1f} s\n  {} {}  {} {}  {} {}  {} {}\n",
                     w("目标速率", "asked"), l.asked_rate, w("完成", "completed"),
                     static_cast<double>(l.counts.answered) / std::max(l.seconds, 1e-9), l.seconds, w("提交", "submitted"), l.counts.sent,
                     w("接受", "accepted"), l.counts.accepted, w("拒收", "refused"), l.counts.refused + l.counts.bad,
                     w("稍后再试", "told to come again"), l.counts.busy) +
         text_of(w("从应发时刻到落盘确认", "from due to acknowledged on disk"), l.acknowledged, most) +
         text_of(w("从应发时刻到判定落盘", "from due to decided on disk"), l.decided, most);
}

std::string json_of(const loaded& l) {
  return nlohmann::ordered_json{
      {"rate_asked", l.asked_rate}, {"rate_completed", static_cast<double>(l.counts.answered) / std::max(l.seconds, 1e-9)},
      {"wall_s", l.seconds}, {"submitted", l.counts.sent}, {"accepted", l.counts.accepted},
      {"refused", l.counts.refused + l.counts.bad}, {"busy", l.counts.busy}, {"asked_again", l.counts.asked_again},
      {"latency_ms", json_of(l.acknowledged)}, {"decided_ms", json_of(l.decided)}}
      .dump(2);
}

}  // namespace

int run_load(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  add_client(options);
  options.add_options()("rate", po::value<double>()->default_value(1000), "submissions a second")(
      "for", po::value<std::string>()->default_value("10s"), "so long")(
      "p99-max", po::value<std::string>(), "exit code 1 where p99 is above this, as 50ms");
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  auto to = client_options_of(p.values);
  if (!to) return complain(to.error());
  const double rate = p.values["rate"].as<double>();
  const auto length = parse_duration(p.values["for"].as<std::string>());
  if (!length) return complain(length.error());
  if (!(rate >= 1 && rate <= 1e6)) return complain({errc::bad_argument, "--rate is 1 to 1000000 a second"});
  result<duration> limit = duration{0};
  if (p.values.count("p99-max")) limit = parse_duration(p.values["p99-max"].as<std::string>());
  if (!limit) return complain(limit.error());
  // An open loop does not wait for answers.
  to->window = 10'000'000;
  auto connected = client::connect(*to);
  if (!connected) return complain(connected.error());
  const auto l = load(**connected, rate, *length);
  if (!l) return complain(l.error());
  const std::string text = wants_json(p.values) ? json_of(*l) : text_of(*l, language_of(p.values) == scenarios::language::zh);
  std::printf("%s\n", text.c_str());
  const bool slow = limit->count() != 0 && l->acknowledged.at(0.99) > static_cast<double>(limit->count());
  return slow || l->counts.accepted != l->counts.sent ? exit_failed : exit_ok;
}

}  // namespace zhili::node
