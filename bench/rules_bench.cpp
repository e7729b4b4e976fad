// SPDX-License-Identifier: Apache-2.0
// What 200 rules cost a case: judged by the pack, by the same programs one after the other, and by walking
// the conditions' trees row by row. All three must say the same of every case before any of them is timed.
#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "bench/benchmark.hpp"
#include "bench/measure.hpp"
#include "bench/rule_walker.hpp"
#include "bench/scratch.hpp"
#include "policy/fields/content.hpp"
#include "policy/pack_compiled.hpp"

namespace zhili::bench {
namespace {

namespace slot = fields::content::slot;
constexpr std::size_t rule_count = 200;
constexpr instant judged_at{1'626'537'600'000};

// Counter-based, so that cases and rules are the same in every run.
class dice {
 public:
  explicit dice(std::uint64_t seed) : seed_(seed) {}
  std::int64_t below(std::int64_t n) {
    const std::array<std::uint64_t, 2> key{seed_, ++count_};
    return static_cast<std::int64_t>(
        xxh3_64(std::as_bytes(std::span{key}), 1) % static_cast<std::uint64_t>(n));
  }

 private:
  std::uint64_t seed_, count_ = 0;
};

// Like rules of risk and content teams: two to four facts each, thresholds of their own, some alternatives.
std::string condition(dice& d) {
  const auto part = [&]() -> std::string {
    switch (d.below(8)) {
      case 0: return fmt::format("author_band >= {}", 1 + d.below(2));
      case 1: return d.below(2) != 0 ? "verified_order" : "!verified_order";
      case 2: return fmt::format("order_to_review < {}m", 5 + d.below(600));
      case 3: return fmt::format("burst > {}", 10 + d.below(200));
      case 4: return fmt::format("shared_text_authors >= {}", 2 + d.below(40));
      case 5: return fmt::format("stars in [{}, {}]", 1 + d.below(5), 1 + d.below(5));
      case 6: return d.below(2) != 0 ? "institution_named" : "!institution_named";
      default:
        return fmt::format("(burst > {} || shared_text_authors > {})", 20 + d.below(300), 3 + d.below(50));
    }
  };
  std::string out = part();
  for (std::int64_t n = 1 + d.below(3); n > 0; --n) out += " && " + part();
  return out;
}

policy::slots a_case(dice& d) {
  policy::slots f;
  f.set_int(slot::author_band, d.below(10) == 0 ? 1 + d.below(2) : 0);
  f.set_bool(slot::institution_named, d.below(3) == 0);
  f.set_bool(slot::verified_order, d.below(4) != 0);
  f.set_duration(slot::order_to_review, duration{d.below(20'000) * 60'000});
  f.set_int(slot::burst, d.below(5) == 0 ? d.below(400) : 0);
  f.set_int(slot::shared_text_authors, d.below(8) == 0 ? d.below(60) : 1);
  f.set_int(slot::stars, 1 + d.below(5));
  return f;
}

void write_pack(const std::filesystem::path& dir, const std::vector<std::string>& conditions) {
  std::filesystem::create_directories(dir / "rules");
  std::ofstream(dir / "pack.yaml") << "name: bench-rules\nversion: 1\ntitle: {zh: 测, en: bench}\n";
  std::ofstream rules(dir / "rules/rules.yaml");
  for (std::size_t n = 0; n < conditions.size(); ++n) {
    rules << fmt::format(
        "- id: r{}\n  title: {{zh: 规则, en: rule}}\n  level: low\n  match: {{stage: review}}\n  when: '{}'\n"
        "  then: {{verdict: escalate}}\n  basis: [{{statute: 电子商务法, article: \"17\", valid_from: "
        "2019-01-01}}]\n"
        "  reason: {{zh: 因, en: reason}}\n",
        n, conditions[n]);
  }
}

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
  dice rules(11), facts(12);
  std::vector<std::string> conditions;
  while (conditions.size() < rule_count) conditions.push_back(condition(rules));
  const scratch_folder dir(s);
  write_pack(dir.path(), conditions);
  const auto pack = policy::pack::load(dir.path());
  if (!pack) return tl::unexpected(pack.error());
  const policy::workflow_info* content = nullptr;
  for (const policy::workflow_info& w : policy::workflows()) {
    if (w.name == "content") content = &w;
  }
  const rule_walker walker(conditions, *content);
  std::vector<policy::slots> cases;
  for (std::uint32_t n = s.of(100'000u, 500u); n > 0; --n) cases.push_back(a_case(facts));
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

}  // namespace zhili::bench
