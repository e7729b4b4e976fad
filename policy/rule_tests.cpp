// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_tests.hpp"

#include <algorithm>

#include "policy/pack_compiled.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

expectation outcome_of(const rule_test& test, const pack::compiled& c) {
  slots facts;
  for (const auto& [slot, number] : test.numbers) facts.set_int(slot, number);
  for (const auto& [slot, text] : test.texts) facts.set_text(slot, text);
  const stage_plan* plan = c.plan(test.stage);
  if (plan == nullptr) return expectation::silent;
  text_reading text;
  text.begin(*c.words, test.text);
  matcher::scratch memory;
  std::vector<hit> found;
  plan->terms->scan(text.normalised(), memory, found);
  tally hits;
  for (const hit& h : found) hits.add(h);

  arena made(std::size_t{4} << 20);
  workspace work{made, steps_max, nullptr, &text, nullptr, c.words.get()};
  score_sheet scores;
  scores.begin(c.scorecards, text);
  const inputs in{facts, hits.count, test.text, {}, &scores};
  for (const staged_rule& r : plan->rules) {
    if (r.rule != test.rule || !c.in_force(r, test.china_day)) continue;
    switch (run(r.when, c.pool, in, work)) {
      case outcome::no: return expectation::silent;
      case outcome::yes: return expectation::fires;
      case outcome::error: return expectation::error;
    }
  }
  return expectation::silent;
}

}  // namespace

rule_test_report run_rule_tests(const pack& p) {
  const pack::compiled& c = p.internals();
  rule_test_report report;
  std::vector<bool> fired(c.rules.size()), silent(c.rules.size());
  for (const rule_test& test : c.tests) {
    ++report.run;
    const rule_info& rule = c.rules[test.rule];
    const expectation got = outcome_of(test, c);
    if (test.expect == expectation::fires) fired[test.rule] = true;
    if (test.expect == expectation::silent) silent[test.rule] = true;
    if (got == test.expect) continue;
    const auto word = [](expectation e) {
      constexpr std::string_view zh[] = {"触发", "不触发", "算不出来（缺少事实）"};
      const auto i = static_cast<std::size_t>(e);
      return bilingual_view{zh[i], expectation_names[i]};
    };
    report.failures.push_back(
        {rule.file, test.line,
         tell(
             "规则 '{}' 的测试 '{}'：应当{}，实际{}", "rule '{}', test '{}': expected {}, got {}", rule.id,
             test.name, word(test.expect), word(got))});
  }
  for (std::size_t i = 0; i < c.rules.size(); ++i) {
    if (!fired[i]) report.never_fired.push_back(c.rules[i].id);
    if (!silent[i]) report.never_silent.push_back(c.rules[i].id);
  }
  return report;
}

}  // namespace zhili::policy
