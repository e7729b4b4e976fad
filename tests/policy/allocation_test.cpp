// SPDX-License-Identifier: Apache-2.0
// Judging takes no memory from the heap once the thread's scratch has grown: what this program's threads take
// through operator new is counted.
#include <doctest/doctest.h>

#include "policy/pack_compiled.hpp"
#include "tests/policy/allocations.hpp"
#include "tests/policy/pack_on_disk.hpp"

namespace zhili::policy {
namespace {

TEST_SUITE_BEGIN("policy/allocation");

/// Every test that stands beside the pack's rules, judged as a submission with the facts of the test, and
/// once more without any fact, so that conditions end in errors. Gives how many conditions fired or ended in
/// errors.
std::size_t judge_all(const pack& p, scratch& memory, judgement& out) {
  std::size_t seen = 0;
  for (const rule_test& t : p.internals().tests) {
    slots facts;
    for (const auto& [slot, number] : t.numbers) facts.set_int(slot, number);
    for (const auto& [slot, text] : t.texts) facts.set_text(slot, text);
    for (const slots& given : {facts, slots{}}) {
      p.judge(t.stage, given, t.text, start_of_china_day(t.china_day), 7, memory, out);
      seen += out.findings.size() + out.errors;
    }
  }
  return seen;
}

/// What a second pass takes, after a first has let the scratch grow.
std::size_t taken_by_second_pass(const pack& p) {
  scratch memory;
  judgement out;
  REQUIRE(judge_all(p, memory, out) > 0);
  const std::size_t before = allocations();
  const std::size_t seen = judge_all(p, memory, out);
  const std::size_t after = allocations();
  CHECK(seen > 0);
  return after - before;
}

TEST_CASE("what is taken from the heap is counted") {
  const std::size_t before = allocations();
  ::operator delete(::operator new(100));
  CHECK(allocations() - before == 1);
}

TEST_CASE("packs/default judges without a byte from the heap") {
  const auto p = pack::load("packs/default");
  REQUIRE(p);
  CHECK(taken_by_second_pass(**p) == 0);
}

TEST_CASE("a pack of tables and of every kind of function judges without a byte from the heap") {
  const std::string texts[] = {
      "string(stars) + string(1.5) + string(2021-07-18) + string(9.9元) != \"\"",
      "string(timestamp(\"2021-07-18T01:30:00Z\")) + string(duration(\"90s\")) != \"\"",
      "[1, 2, 3].map(x, x * stars).filter(x, x > 2).exists(x, x == 6)",
      "{\"a rather long key, longer than a short text\": 1}[\"another long key that is not in the map\"] == "
      "1",
      "{\"a\": 1}.a_member_that_is_not_in_the_map_at_all == 1",
      "[1, 2][stars] == 1",
      "{1: 2, stars: 3}[2] == 3",
      "int(text) == 1 || double(text) > 1.5 || text.size() > 3 && !text.contains(\"没有的词\")",
      "text.matches(\"[0-9]+元\") || normalised(text).startsWith(\"假体\")",
      "prices(text).exists(p, p < 10元) && timestamp(\"2021-07-18T01:30:00Z\").getHours(\"+08:00\") == 9",
      "verified_order ? order_to_review < 30m : burst > 3",
  };
  std::string rules;
  for (std::size_t n = 0; n < std::size(texts); ++n)
    rules += rule_text(
        "r" + std::to_string(n),
        "  match: {stage: review}\n  when: '" + texts[n] +
            "'\n  then: {verdict: label}\n"
            "  tests:\n"
            "    - {name: a, facts: {stars: 2}, text: '原价998元，现价9.9元', expect: fires}\n"
            "    - {name: b, facts: {stars: 1}, text: '', expect: silent}\n");
  pack_on_disk disk;
  disk.write("rules/r.yaml", rules)
      .write(
          "tables/t.yaml",
          "id: t\ntitle: {zh: 题, en: title}\nlevel: medium\nreason: {zh: 因, en: reason}\n"
          "basis: [{statute: 广告法, article: \"9\", valid_from: 2015-09-01}]\nmatch: {stage: review}\nhit: "
          "F\n"
          "columns: [stars, verified_order, verdict]\nrows:\n  - ['[1..2]', '-', escalate]\n"
          "  - ['3', 'not(true)', label]\notherwise: approve\n");
  REQUIRE(disk.errors() == "");
  CHECK(taken_by_second_pass(**disk.load()) == 0);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::policy
