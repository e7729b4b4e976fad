// SPDX-License-Identifier: Apache-2.0
// What order, exactly-once, streams and the log's batches cost: the kernel and its partitions against a loop without
// them, once with a constant for the judgement and once with the real one.
#include <algorithm>

#include "bench/benchmark.hpp"
#include "bench/drive.hpp"

namespace zhili::bench {
namespace {

/// The kernel on one and two lanes and the loop, by turns; each must end in the first one's state.
result<table> race(const settings& s, const diary_load& load, std::shared_ptr<const policy::pack> pack, table into) {
  digest128 state;
  const auto check = [&](const way_result& r) -> result<std::vector<double>> {
    if (state == digest128{}) state = r.state;
    if (r.state != state) return fail(errc::diverged, "kernel and loop came to different states of content");
    return per_item(load.size(), r.took);
  };
  double per_diary = 0;
  const auto kernel_on = [&](unsigned lanes) {
    return [&, lanes]() -> result<std::vector<double>> {
      const auto r = drive_kernel(load, pack, {.lanes = lanes});
      if (!r) return tl::unexpected(r.error());
      per_diary = static_cast<double>(r->totals.commands) / static_cast<double>(load.size());
      return check(*r);
    };
  };
  into.metrics = item_metrics("decision");
  const status ran = interleave(s.rounds,
                                {{"kernel, 1 lane", kernel_on(1)},
                                 {"kernel, 2 lanes", kernel_on(2)},
                                 {"plain loop", [&] { return check(drive_plain_loop(load, *pack)); }}},
                                into);
  if (!ran) return tl::unexpected(ran.error());
  into.metrics.push_back({"commands a decision", 2});
  for (row& r : into.rows) r.samples.push_back({r.name == "plain loop" ? 1.0 : per_diary});
  return into;
}

}  // namespace

result<std::vector<table>> run_kernel_constant(const settings& s) {
  const auto pack = policy::pack::load(s.root / "bench/packs/constant");
  if (!pack) return tl::unexpected(pack.error());
  diary_plan plan;
  plan.count = s.of(1'500'000u, 4000u);
  plan.authors = plan.count / 3;
  const diary_load load(plan);
  table t;
  t.name = "kernel-constant";
  t.title = "kernel and partition, the judging replaced by a constant";
  t.says =
      "In: the real kernel (64 shards, windows of 60 s), all nine workflows, content's decide, apply and react, keys, "
      "streams, sealed batches with chain hash and CRC, a log that keeps totals, and at 40 of 100 diaries a message to "
      "the institution's account with its own command and batch there. Out: composing, hashing and scanning of texts, "
      "rules, agents, reading the diaries from anywhere but memory. 59 submissions a minute of virtual time, as in "
      "summer-2021. The plain loop verifies, decides by the same constant and applies to the same state.";
  auto done = race(s, load, *pack, std::move(t));
  if (!done) return tl::unexpected(done.error());
  done->goals.push_back({"CPU a decision on 1 lane (aim 400)", done->median("kernel, 1 lane"), 600, false, 0, " ns"});
  return std::vector<table>{std::move(*done)};
}

result<std::vector<table>> run_kernel_judging(const settings& s) {
  const auto pack = policy::pack::load(s.root / "packs/baseline-2021");
  if (!pack) return tl::unexpected(pack.error());
  const auto texts = lawful_texts(s.of(16'384u, 64u), **pack);
  diary_plan plan;
  plan.count = s.of(500'000u, 2000u);
  plan.authors = plan.count / 3;
  plan.texts = &texts;
  const diary_load load(plan);
  table t;
  t.name = "kernel-judging";
  t.title = "the same with the pack baseline-2021 and composed texts";
  t.says =
      "The plain loop decodes the same commands and calls the same pack.judge and apply, without order, dedupe, log or "
      "messages; both end in the same state of content, which is checked. All diaries are lawful and approved: what "
      "follows from a sanction is in `summer`. 16,384 different texts in turn.";
  auto done = race(s, load, *pack, std::move(t));
  if (!done) return tl::unexpected(done.error());
  const double share = done->median("plain loop") / done->median("kernel, 1 lane") * 100;
  done->goals.push_back({"speed of the kernel on 1 lane, of the plain loop's", share, 50, true, 0, " %"});
  return std::vector<table>{std::move(*done)};
}

}  // namespace zhili::bench
