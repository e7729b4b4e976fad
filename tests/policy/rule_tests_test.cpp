// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_tests.hpp"

#include <doctest/doctest.h>

#include "tests/policy/pack_on_disk.hpp"

namespace zhili::policy {
namespace {

TEST_SUITE_BEGIN("policy/rule_tests");

rule_test_report run(std::string_view body) {
  pack_on_disk disk;
  disk.write("rules/a.yaml", rule_text("a", body)).write("lexicons/x.txt", "category: x\n刷单\n");
  const auto loaded = disk.load();
  INFO(disk.errors());
  REQUIRE(loaded);
  return run_rule_tests(**loaded);
}

constexpr std::string_view head =
    "  match: {stage: [listing, ad]}\n  when: hits(x) > 0\n  then: {verdict: reject}\n";

TEST_CASE("reports a test that does not hold, with its line and what came") {
  const auto report =
      run(std::string(head) +
          "  tests:\n"
          "    - {name: right, text: 招人刷单, expect: fires}\n"
          "    - {name: wrong, stage: ad, text: 平平无奇, expect: fires}\n"
          "    - {name: odd, text: 刷单, expect: error}\n");
  CHECK(report.run == 3);
  REQUIRE(report.failures.size() == 2);
  CHECK(report.failures[0].line == 11);
  CHECK(report.failures[0].message.en == "rule 'a', test 'wrong': expected fires, got silent");
  CHECK(report.failures[1].message.en == "rule 'a', test 'odd': expected error, got fires");
}

TEST_CASE("names rules that no test fires, and that no test leaves silent") {
  const auto none = run(head);
  CHECK(none.never_fired == std::vector<std::string>{"a"});
  CHECK(none.never_silent == std::vector<std::string>{"a"});
  const auto half = run(std::string(head) + "  tests: [{name: one, text: 刷单, expect: fires}]\n");
  CHECK(half.never_fired.empty());
  CHECK(half.never_silent == std::vector<std::string>{"a"});
}

TEST_CASE("a test runs on the newest day of its rule's basis, or on its own; whatever the rule's mode") {
  const auto report =
      run(std::string(head) +
          "  mode: off\n"
          "  basis: [{statute: 甲法, article: \"1\", valid_from: 2021-06-01}]\n"
          "  tests:\n"
          "    - {name: now, text: 刷单, expect: fires}\n"
          "    - {name: the day before, text: 刷单, date: 2021-05-31, expect: silent}\n");
  CHECK(report.run == 2);
  CHECK(report.failures.empty());
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::policy
