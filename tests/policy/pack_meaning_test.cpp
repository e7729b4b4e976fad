// SPDX-License-Identifier: Apache-2.0
// What a pack means: conditions that nothing fulfils, differences between packs, explanations.
#include <doctest/doctest.h>

#include <algorithm>

#include "policy/explain.hpp"
#include "policy/fields/content.hpp"
#include "policy/pack_compiled.hpp"
#include "policy/pack_difference.hpp"
#include "tests/policy/pack_on_disk.hpp"

namespace zhili::policy {
namespace {

TEST_SUITE_BEGIN("policy/pack_meaning");

namespace content = fields::content;

std::string review_rule(
    std::string_view id, std::string_view when, std::string_view then = "{verdict: escalate}") {
  return rule_text(
      id,
      "  match: {stage: review}\n  when: '" + std::string(when) + "'\n  then: " + std::string(then) + "\n");
}

std::string error_of(std::string_view when) {
  pack_on_disk disk;
  disk.write("rules/r.yaml", review_rule("r", when));
  return disk.errors();
}

TEST_CASE("a condition that nothing can fulfil is refused at the part that leaves nothing") {
  CHECK(
      error_of("stars < 2 && stars > 3") ==
      "rules/r.yaml:7:29: the rule can never fire: nothing is left of 'stars' by the parts before this one");
  CHECK(error_of("stars == 2 && verified_order && 3 <= stars").find("can never fire") != std::string::npos);
  CHECK(
      error_of("recognised_source == \"picture\" && recognised_source in [\"speech\"]")
          .find("can never fire") != std::string::npos);
  CHECK(error_of("verified_order && false").find("never true") != std::string::npos);
  CHECK(
      error_of("order_to_review > 2h && order_to_review < 30m").find("'order_to_review'") !=
      std::string::npos);
  // What may be fulfilled loads.
  CHECK(error_of("stars < 3 && stars > 1") == "");
  CHECK(error_of("stars < 2 || stars > 3") == "");
  CHECK(error_of("stars <= 2 && stars >= 2") == "");
  CHECK(error_of("recognised_source != \"picture\" && recognised_source != \"speech\"") == "");
}

TEST_CASE("packs differ by what they mean, not by how they are laid out") {
  pack_on_disk before, after;
  before
      .write(
          "rules/a.yaml",
          review_rule("one", "stars < 3 && verified_order") + review_rule("gone", "stars == 1"))
      .write("lexicons/toxic.txt", "category: toxic\nzh: 毒\nen: toxic\n\n去死\n垃圾\n");
  after
      .write(
          "rules/b.yaml", "# moved\n" + review_rule("new", "stars == 1") +
                              review_rule("one", "stars<4   &&   verified_order", "{verdict: demote}"))
      .write("lexicons/toxic.txt", "category: toxic\nzh: 毒\nen: toxic\n\n去死\n滚蛋\n");
  REQUIRE(before.errors() == "");
  REQUIRE(after.errors() == "");
  const pack_difference d = difference(**before.load(), **after.load());
  REQUIRE(d.added_rules.size() == 1);
  CHECK(d.added_rules[0].id == "new");
  CHECK(d.added_rules[0].title.zh == "题");
  CHECK(d.added_rules[0].stages == "content.review");
  CHECK(d.added_rules[0].when == "stars == 1");
  CHECK(verdict_name(d.added_rules[0].verdict) == "escalate");
  CHECK(d.added_rules[0].mode == "enforce");
  REQUIRE(d.removed_rules.size() == 1);
  CHECK(d.removed_rules[0].id == "gone");
  REQUIRE(d.changed_rules.size() == 1);
  REQUIRE(d.changed_rules[0].parts.size() >= 2);
  CHECK(d.changed_rules[0].parts[0].what == "threshold");
  CHECK(d.changed_rules[0].parts[0].from == "3");
  CHECK(d.changed_rules[0].parts[0].to == "4");
  CHECK(d.changed_rules[0].parts[1].what == "verdict");
  REQUIRE(d.terms.size() == 1);
  CHECK(d.terms[0].added == std::vector<std::string>{"滚蛋"});
  CHECK(d.terms[0].removed == std::vector<std::string>{"垃圾"});
  CHECK(d.terms[0].title.zh == "毒");
  CHECK_FALSE(d.terms[0].is_new);
  after.write("lexicons/fresh.txt", "category: fresh\nzh: 新\nen: fresh\n\n新词\n");
  const pack_difference more = difference(**before.load(), **after.load());
  REQUIRE(more.terms.size() == 2);
  CHECK(more.terms[0].category == "fresh");
  CHECK(more.terms[0].is_new);
  CHECK(difference(**after.load(), **before.load()).terms[0].is_gone);
  CHECK(difference(**before.load(), **before.load()).empty());
}

TEST_CASE("packs that count or weigh otherwise differ, though their rules are the same") {
  const auto counter = [](std::string_view window) {
    return "- name: often\n  title: {zh: 数, en: n}\n  match: {stage: review}\n  what: count\n  window: " + std::string(window) + "\n";
  };
  const auto card = [](std::string_view weight) {
    return "name: lure\nzh: 诱\nen: lure\nbias: 0\n\n好\t" + std::string(weight) + "\n";
  };
  pack_on_disk before, after;
  before.write("rules/a.yaml", review_rule("one", "stars < 3 && verified_order"))
      .write("counters/a.yaml", counter("24h")).write("scorecards/a.txt", card("1"));
  after.write("rules/a.yaml", review_rule("one", "stars < 3 && verified_order"))
      .write("counters/a.yaml", counter("48h")).write("scorecards/a.txt", card("2"));
  const auto old = before.load(), now = after.load();
  REQUIRE(old);
  REQUIRE(now);
  CHECK(difference(**old, **old).empty());
  const pack_difference d = difference(**old, **now);
  REQUIRE(d.counters.size() == 1);
  CHECK(d.counters[0].from == "count by account within 1440 min: review");
  CHECK(d.counters[0].to == "count by account within 2880 min: review");
  CHECK(d.scorecards.size() == 1);
  before.write("scorecards/b.txt", "name: other\nzh: 诱\nen: lure\nbias: 0\n\n");
  const auto more = before.load();
  REQUIRE(more);
  CHECK(difference(**old, **more).scorecards[0].from.empty());
  CHECK_FALSE(difference(**old, **more).empty());
}

TEST_CASE("an explanation shows each part of a condition with what it came to") {
  pack_on_disk disk;
  disk.write(
      "rules/r.yaml", review_rule("r", "few && (verified_order || burst > 3)")
                          .insert(0, "")
                          .append("  let: {few: stars < 3}\n"));
  REQUIRE(disk.errors() == "");
  const auto p = *disk.load();
  slots f;
  f.set_int(content::slot::stars, 2);
  f.set_bool(content::slot::verified_order, true);
  const explanation why = explain(*p, content::stage::review, f, "", start_of_china_day(20'000), 0);
  REQUIRE(why.rules.size() == 1);
  CHECK(why.rules[0].outcome == explained_outcome::fires);
  CHECK(why.rules[0].basis != nullptr);
  const auto value_of = [&](std::string_view source) {
    const auto& parts = why.rules[0].parts;
    const auto found =
        std::find_if(parts.begin(), parts.end(), [&](const explained_part& x) { return x.source == source; });
    return found == parts.end() ? bilingual{} : found->value;
  };
  CHECK(value_of("stars < 3").en == "true");
  CHECK(value_of("stars").zh == "2");
  CHECK(value_of("burst > 3").en == "undecided: a fact is absent");
  CHECK(value_of("burst > 3").zh == "算不出来（缺少事实）");
  CHECK(value_of("burst").en == "absent");
  CHECK(value_of("burst").zh == "没有提供");
  CHECK(value_of("(verified_order || burst > 3)").en == "true");
  const explanation early = explain(*p, content::stage::review, f, "", start_of_china_day(10'000), 0);
  CHECK(early.rules[0].outcome == explained_outcome::not_in_force);
  CHECK(early.verdict.verdict == verdict::approve);
}

TEST_CASE("hits of a part that no condition asks for are counted in an explanation, and in no judgement") {
  pack_on_disk disk;
  disk.write("lexicons/a.txt", "category: bait\nzh: 诱\n\n免费\n").write("lexicons/b.txt", "category: idle\nzh: 闲\n\n名额\n体验\n");
  disk.write("rules/r.yaml", review_rule("r", "hits(bait) > 0") + "  let: {unasked: hits(idle) > 1}\n");
  REQUIRE(disk.errors() == "");
  const auto p = *disk.load();
  CHECK(p->internals().plan(content::stage::review)->categories == 1);
  const explanation why = explain(*p, content::stage::review, {}, "名额有限，免费体验", start_of_china_day(20'000), 0);
  REQUIRE(why.hits.size() == 3);
  CHECK(why.hits[0].category == "idle");
  CHECK(why.hits[0].begin == 0);
  CHECK(why.hits[1].category == "bait");
  CHECK(why.hits[2].text == "体验");
  REQUIRE(why.rules.size() == 1);
  CHECK(why.rules[0].outcome == explained_outcome::fires);
  REQUIRE(why.rules[0].parts.size() >= 2);
  CHECK(why.rules[0].parts[0].let == "unasked");
  CHECK(why.rules[0].parts[0].value.en == "true");
  CHECK(why.rules[0].parts[1].source == "hits(idle)");
  CHECK(why.rules[0].parts[1].value.en == "2");
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::policy
