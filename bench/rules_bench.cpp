// SPDX-License-Identifier: Apache-2.0
// What 200 rules cost a case: judged by the pack, by the same programs one after the other, and by walking
// the conditions' trees row by row. All three must say the same of every case before any of them is timed.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "bench/benchmark.hpp"
#include "bench/measure.hpp"
#include "bench/process.hpp"
#include "bench/rule_set.hpp"
#include "bench/rule_walker.hpp"
#include "bench/scratch.hpp"
#include "policy/fields/content.hpp"
#include "policy/pack_compiled.hpp"

namespace zhili::bench {
namespace {

constexpr std::size_t rule_count = 200;
constexpr instant judged_at{1'626'537'600'000};

struct pass {
  const policy::pack& pack;
  const rule_walker& walker;
  const std::vector<policy::slots>& cases;

  std::vector<double> walk() {
    std::vector<std::uint16_t> fired;
    std::uint32_t errors = 0;
    return timed(cases.size(), [&] {
      for (const policy::slots& c : cases) {
        walker.run(c, fired, errors);
        keep(fired);
      }
    });
  }
  void programs(
      const policy::slots& facts, policy::workspace& work, std::vector<std::uint16_t>& fired) const {
    static constexpr std::uint32_t no_hits[policy::categories_max] = {};
    const policy::pack::compiled& c = pack.internals();
    fired.clear();
    for (const policy::staged_rule& r : c.plan(fields::content::stage::review)->rules) {
      if (run(r.when, c.pool, {facts, no_hits, {}, {}}, work) == policy::outcome::yes)
        fired.push_back(r.rule);
    }
  }
  std::vector<double> one_by_one() {
    policy::arena memory(1 << 20);
    policy::workspace work{memory, policy::steps_max, nullptr, nullptr};
    std::vector<std::uint16_t> fired;
    return timed(cases.size(), [&] {
      for (const policy::slots& c : cases) {
        programs(c, work, fired);
        keep(fired);
      }
    });
  }
  std::vector<double> judge() {
    policy::scratch memory;
    policy::judgement out;
    return timed(cases.size(), [&] {
      for (const policy::slots& c : cases) {
        pack.judge(fields::content::stage::review, c, {}, judged_at, 0, memory, out);
        keep(out);
      }
    });
  }

  /// The first case of which they do not say the same; cases.size(): none.
  std::size_t first_difference() {
    policy::arena arena(1 << 20);
    policy::workspace work{arena, policy::steps_max, nullptr, nullptr};
    policy::scratch memory;
    policy::judgement out;
    std::vector<std::uint16_t> walked, ran, judged;
    std::uint32_t errors = 0;
    for (std::size_t n = 0; n < cases.size(); ++n) {
      walker.run(cases[n], walked, errors);
      programs(cases[n], work, ran);
      pack.judge(fields::content::stage::review, cases[n], {}, judged_at, 0, memory, out);
      judged.clear();
      for (const policy::finding& f : out.findings) judged.push_back(f.rule);
      const bool all_found = judged.size() + out.findings_left_out == walked.size();
      walked.resize(judged.size());
      ran.resize(judged.size());
      if (!all_found || walked != judged || ran != judged || errors != out.errors) return n;
    }
    return cases.size();
  }
};

}  // namespace

result<std::vector<table>> run_rules(const settings& s) {
  const rule_set rules = rule_set::of(rule_count);
  const scratch_folder dir(s);
  rules.write_pack(dir.path());
  const auto pack = policy::pack::load(dir.path());
  if (!pack) return tl::unexpected(pack.error());
  const policy::workflow_info* content = nullptr;
  for (const policy::workflow_info& w : policy::workflows()) {
    if (w.name == "content") content = &w;
  }
  const rule_walker walker(rules.conditions(), *content);
  const std::vector<policy::slots> cases = rule_cases(s.of(100'000u, 500u));
  pass p{**pack, walker, cases};
  if (const std::size_t n = p.first_difference(); n < cases.size())
    return fail(errc::diverged, fmt::format("case {}: the contenders do not say the same", n));

  table t;
  t.name = "rules";
  t.title = "200 rules over the facts of a review";
  t.says = fmt::format(
      "{} cases, two to four comparisons a rule, one thread; which rules fire was the same for all three, "
      "case by case.",
      cases.size());
  t.metrics = item_metrics("case");
  const status ran = interleave(
      s.rounds,
      {{"row by row, walking the trees (floor)", [&] { return p.walk(); }},
       {"the programs one by one", [&] { return p.one_by_one(); }},
       {"judge, by bitmaps", [&] { return p.judge(); }}},
      t);
  if (!ran) return tl::unexpected(ran.error());
  const double ratio = t.median("row by row, walking the trees (floor)") / t.median("judge, by bitmaps");
  t.goals = {{"times as fast as row by row", ratio, 5, true, 1, ""}};
  return std::vector<table>{std::move(t)};
}

namespace {

/// CPU and wall nanoseconds a case, cases a second; fails where the peer says otherwise of any case.
result<std::vector<double>> through_peer(
    const std::string& engine, const std::string& script, const std::string& file) {
  const auto ran = run_child({"/usr/bin/env", "node", script, engine, file});
  if (!ran) return tl::unexpected(ran.error());
  const auto j = nlohmann::json::parse(ran->out, nullptr, false);
  if (!j.is_object() || j.value("cases", 0u) == 0 || j["agreed"] != j["cases"])
    return fail(errc::diverged, fmt::format("{} says otherwise: {}", engine, ran->out));
  const double n = j["cases"], cpu = j["cpu_s"], wall = j["wall_s"];
  return std::vector<double>{cpu / n * 1e9, wall / n * 1e9, n / wall / 1e3};
}

}  // namespace

result<std::vector<table>> run_rule_peers(const settings& s) {
  const rule_set rules = rule_set::of(rule_count);
  const scratch_folder dir(s);
  rules.write_pack(dir.path());
  const auto pack = policy::pack::load(dir.path());
  if (!pack) return tl::unexpected(pack.error());
  const std::vector<policy::slots> cases = rule_cases(s.of(2'000u, 100u));
  const rule_walker walker({}, policy::workflows()[0]);
  pass p{**pack, walker, cases};
  std::vector<std::vector<std::uint16_t>> fired;
  policy::arena arena(1 << 20);
  policy::workspace work{arena, policy::steps_max, nullptr, nullptr};
  for (const policy::slots& c : cases) p.programs(c, work, fired.emplace_back());
  const std::string file = (dir.path() / "rules.json").string(),
                    script = (s.root / "bench/peers/rules.mjs").string();
  if (status written = write_peer_rules(file, rules, cases, fired); !written)
    return tl::unexpected(written.error());

  table t;
  t.name = "rule-peers";
  t.title = "200 rules over the facts of a review, beside engines of others";
  t.says = fmt::format(
      "{} cases; which rules fire was the same for all, case by case. One thread of zhili; the peers run in "
      "Node with their rules made ready before, once over all cases before the clock starts: "
      "json-rules-engine with one engine for all rules, zen-engine (native code) with one decision table, "
      "its "
      "content read once, 64 cases at once (one at a time took a quarter more). CPU is of all their threads.",
      cases.size());
  t.metrics = item_metrics("case");
  const status ran = interleave(
      s.rounds,
      {{"zhili, judge", [&] { return p.judge(); }},
       {"zen-engine", [&] { return through_peer("zen-engine", script, file); }},
       {"json-rules-engine", [&] { return through_peer("json-rules-engine", script, file); }}},
      t);
  if (!ran) return tl::unexpected(ran.error());
  t.goals = {
      {"times zen-engine's speed, by CPU", t.median("zen-engine") / t.median("zhili, judge"), 1, true, 0, ""},
      {"times json-rules-engine's speed, by CPU", t.median("json-rules-engine") / t.median("zhili, judge"), 1,
       true, 0, ""}};
  return std::vector<table>{std::move(t)};
}

}  // namespace zhili::bench
