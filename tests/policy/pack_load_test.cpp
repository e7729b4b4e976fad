// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "policy/fields.hpp"
#include "policy/fields/content.hpp"
#include "policy/fields/desk.hpp"
#include "policy/fields/product.hpp"
#include "policy/fields/takedown.hpp"
#include "tests/policy/pack_on_disk.hpp"

namespace zhili::policy {
namespace {

TEST_SUITE_BEGIN("policy/pack_load");

constexpr std::string_view good = "  match: {stage: listing}\n  when: level > 1\n  then: {verdict: reject}\n";

TEST_CASE("loads name, version, rules and lexicons") {
  pack_on_disk disk;
  disk.write("rules/b.yaml", rule_text("second", good));
  disk.write("rules/a.yaml", rule_text("first", good));
  disk.write("lexicons/x.txt", "# 说明\ncategory: absolutes\nzh: 绝对化\n\n国家级\n最佳  # 法条原文\n");
  const auto loaded = disk.load();
  REQUIRE(loaded);
  const pack& p = **loaded;
  CHECK(p.name() == "trial");
  CHECK(p.version() == 3);
  REQUIRE(p.rule_count() == 2);
  CHECK(p.rule(0).id == "first");
  CHECK(p.rule(1).severity == 3);
  CHECK(p.rule(1).basis[0].statute == "广告法");
  CHECK(p.find_rule("second") == &p.rule(1));
  CHECK(p.find_rule("third") == nullptr);
  REQUIRE(p.categories().size() == 1);
  CHECK(p.categories()[0].name == "absolutes");
  CHECK(p.categories()[0].terms == std::vector<std::string>{"国家级", "最佳"});
}

TEST_CASE("settings come from the pack, else from the field lists") {
  pack_on_disk disk;
  disk.write("rules/a.yaml", rule_text("a", good));
  CHECK((*disk.load())->setting(fields::content::setting::burst_threshold) == 20);
  disk.write(
      "pack.yaml",
      std::string(least_head) + "settings:\n  content: {burst_threshold: 7, burst_window: 2h}\n");
  const auto loaded = disk.load();
  REQUIRE(loaded);
  CHECK((*loaded)->setting(fields::content::setting::burst_threshold) == 7);
  CHECK((*loaded)->setting(fields::content::setting::burst_window) == 7'200'000);
  CHECK((*loaded)->setting(fields::desk::setting::lease) == 1'800'000);
}

TEST_CASE("parts under let of pack.yaml are every rule's; a rule's own takes the place of one") {
  constexpr std::string_view shared = "let:\n  graded: level > base\n  base: level_max\n";
  pack_on_disk disk;
  disk.write("pack.yaml", std::string(least_head) + std::string(shared));
  disk.write("rules/a.yaml", rule_text("a", "  match: {stage: listing}\n  when: graded\n  then: {verdict: reject}\n"));
  disk.write("rules/b.yaml", rule_text("b",
             "  match: {stage: listing}\n  let: {base: level - 1}\n  when: graded\n  then: {verdict: label}\n"));
  const auto loaded = disk.load();
  REQUIRE(loaded);
  slots f;
  f.set_int(fields::product::slot::level, 2);
  f.set_int(fields::product::slot::level_max, 2);
  scratch memory;
  judgement out;
  (*loaded)->judge(static_cast<std::uint16_t>(fields::product::stage::listing), f, {}, *parse_instant("2021-07-18"), 1, memory, out);
  REQUIRE(out.findings.size() == 1);
  CHECK((*loaded)->rule(out.findings[0].rule).id == "b");

  disk.write("pack.yaml", std::string(least_head) + std::string(shared) + "  idle: level > 3\n");
  CHECK(disk.errors() == "pack.yaml:7:3: no rule names 'idle': remove it");
  disk.write("pack.yaml", std::string(least_head) + std::string(shared));
  disk.write("rules/c.yaml", rule_text("c", "  match: {stage: listing}\n  when: gradet\n  then: {verdict: reject}\n"));
  CHECK(disk.errors() == "rules/c.yaml:7:9: unknown field 'gradet'; did you mean 'graded'?");
  std::filesystem::remove(disk.dir() / "rules/c.yaml");
  disk.write("pack.yaml", std::string(least_head) + "let:\n  graded: levl > 1\n");
  CHECK(disk.errors() == "pack.yaml:5:11: unknown field 'levl'; did you mean 'level'? (named by the rule 'a')");
}

TEST_CASE("the digest follows every file that is read, and nothing else") {
  pack_on_disk disk, other;
  disk.write("rules/a.yaml", rule_text("a", good)).write("lexicons/x.txt", "category: x\n甲乙\n");
  other.write("rules/a.yaml", rule_text("a", good)).write("lexicons/x.txt", "category: x\n甲乙\n");
  const digest256 before = (*disk.load())->digest();
  CHECK((*other.load())->digest() == before);
  disk.write("notes.md", "not read").write("rules/.hidden", "not read");
  CHECK((*disk.load())->digest() == before);
  disk.write("lexicons/x.txt", "category: x\n甲乙丙\n");
  CHECK((*disk.load())->digest() != before);
  std::filesystem::rename(other.dir() / "rules/a.yaml", other.dir() / "rules/b.yaml");
  CHECK((*other.load())->digest() != before);
}

TEST_CASE("names each error of a rule by file, line and column") {
  struct row {
    const char* body;
    const char* errors;
  };
  // Rules begin: 1 id, 2 title, 3 level, 4 reason, 5 basis, 6 match, 7 when, 8 then.
  const row rows[] = {
      {"  match: {stage: listing}\n  when: level > 1\n  then: {verdikt: reject}\n",
       "rules/a.yaml:8:9: 'verdict' is missing\n"
       "rules/a.yaml:8:10: unknown key 'verdikt'; did you mean 'verdict'?"},
      {"  match: {stage: listing}\n  when: pirce < 1元\n  then: {verdict: reject}\n",
       "rules/a.yaml:7:9: unknown field 'pirce'; did you mean 'price'?"},
      {"  match: {stage: listing}\n  when: |\n    level > 1 &&\n      price < 10\n  then: {verdict: "
       "reject}\n",
       "rules/a.yaml:9:15: an amount of money such as 9.9元 cannot be compared with a number: write an "
       "amount such as "
       "10元 or 9.9元"},
      {"  match: {stage: listing}\n  let:\n    b: a\n    a: b && level > 1\n  when: a\n  then: {verdict: "
       "reject}\n",
       "rules/a.yaml:9:8: 'a' leans on 'b', which leans on it: no circles"},
      {"  match: {stage: listng}\n  when: level > 1\n  then: {verdict: reject}\n",
       "rules/a.yaml:6:18: unknown stage 'listng'; did you mean 'listing'?"},
      {"  match: {stage: institution}\n  when: points > 1\n  then: {verdict: label}\n",
       "rules/a.yaml:6:18: two workflows have a stage 'institution'; write 'onboarding.institution' or "
       "'risk.institution'"},
      {"  match: {stage: ad}\n  when: institution_named\n  then: {verdict: suspend}\n",
       "rules/a.yaml:6:18: stage 'ad' cannot carry out the verdict 'suspend'; it can approve, label, demote, "
       "reject, escalate"},
      {"  match: {stage: []}\n  when: level > 1\n  then: {verdict: reject}\n",
       "rules/a.yaml:6:18: no stage: the rule would never be judged"},
      {"  match: {stage: listing}\n  when: level > 1\n  then: {verdict: rejct, points: many}\n",
       "rules/a.yaml:8:19: unknown verdict 'rejct'; did you mean 'reject'?\n"
       "rules/a.yaml:8:34: 'points' wants a whole number from -1000 to 1000, not 'many'"},
      {"  match: {stage: listing}\n  when: level > 1\n  then: {verdict: reject, queue: high}\n",
       "rules/a.yaml:8:34: 'queue' belongs to the verdict escalate"},
      {"  match: {stage: listing}\n  when: level > 1\n  then: {verdict: reject, label: {zh: 甲, en: a}}\n",
       "rules/a.yaml:8:34: a label is shown only with the verdicts label and demote"},
      {"  match: {stage: listing}\n  when: level > 1\n  mode: canary\n  then: {verdict: reject}\n",
       "rules/a.yaml:8:9: canary needs its share: write canary(10%)"},
      {"  match: {stage: listing}\n  when: level > 1\n  mode: canary(100%)\n  then: {verdict: reject}\n",
       "rules/a.yaml:8:9: 'canary(100%)' is no share: write canary(10%), from 1% to 99%"},
      {"  match: {stage: listing}\n  when: level > 1\n  mode: shadwo\n  then: {verdict: reject}\n",
       "rules/a.yaml:8:9: unknown mode 'shadwo'; did you mean 'shadow'?"},
      {"  match: {stage: listing}\n  when: level = 1 and price\n  then: {verdict: reject}\n",
       "rules/a.yaml:7:15: '=' is not known; did you mean '=='?\n"
       "rules/a.yaml:7:19: 'and' is not known; did you mean '&&'?\n"
       "rules/a.yaml:7:23: 'price' is an amount of money such as 9.9元, and '&&' joins conditions: compare "
       "it"},
      {"  match: {stage: listing}\n  when: hits(absolutes) > 0\n  then: {verdict: reject}\n",
       "rules/a.yaml:7:14: the pack has no lexicon of category 'absolutes'"},
  };
  for (const row& r : rows) {
    CAPTURE(r.body);
    pack_on_disk disk;
    disk.write("rules/a.yaml", rule_text("a", r.body));
    CHECK(disk.errors() == r.errors);
  }
}

TEST_CASE("names bad dates and an empty basis") {
  pack_on_disk disk;
  disk.write(
      "rules/a.yaml",
      rule_text(
          "a", std::string(good) +
                   "  basis:\n"
                   "    - {statute: 广告法, article: \"9\", valid_from: 2021-02-29}\n"
                   "    - {statute: 广告法, valid_from: 2021-01-02, valid_to: 2021-01-01}\n"));
  CHECK(
      disk.errors() ==
      "rules/a.yaml:9:48: 'valid_from' wants a date such as 2021-07-18, not '2021-02-29'\n"
      "rules/a.yaml:10:7: 'article' is missing\n"
      "rules/a.yaml:10:56: 'valid_to' lies before 'valid_from'");
  disk.write("rules/a.yaml", rule_text("a", std::string(good) + "  basis: []\n"));
  CHECK(disk.errors() == "rules/a.yaml:8:10: no provision: a rule rests on at least one");
}

TEST_CASE("finds an id that stands twice, in whatever file") {
  pack_on_disk disk;
  disk.write("rules/a.yaml", rule_text("same", good));
  disk.write("rules/b.yaml", rule_text("other", good) + rule_text("same", good));
  CHECK(disk.errors().find("rules/b.yaml:9:7: the id 'same' stands in rules/a.yaml:1 already") == 0);
}

TEST_CASE("reports the errors of all files together") {
  pack_on_disk disk;
  disk.write(
      "pack.yaml", "nmae: trial\nversion: none\ntitle: {zh: 试, en: t}\nsettings: {contnet: {lease: 1h}}\n");
  disk.write(
      "rules/a.yaml",
      rule_text("a", "  match: {stage: listing}\n  when: level >\n  then: {verdict: reject}\n"));
  disk.write("rules/b.yaml", "rules: none\n");
  disk.write("rules/c.yml", "");
  disk.write("lexicons/x.txt", "categroy: x\n甲乙\n甲乙\n");
  CHECK(
      disk.errors() ==
      "lexicons/x.txt:1:1: unknown key 'categroy'; did you mean 'category'?\n"
      "lexicons/x.txt:3:1: '甲乙' stands in line 2 already\n"
      "pack.yaml:1:1: 'name' is missing\n"
      "pack.yaml:1:1: unknown key 'nmae'; did you mean 'name'?\n"
      "pack.yaml:2:10: 'version' wants a whole number from 1 to 1000000000, not 'none'\n"
      "pack.yaml:4:12: no workflow 'contnet' has settings; did you mean 'content'?\n"
      "rules/a.yaml:7:16: a field, a value or '(' is missing at the end\n"
      "rules/b.yaml:1:1: each rule of a file begins with '- ': write '- id: …' first, and indent its other "
      "lines by "
      "two\n"
      "rules/c.yml: files here end in '.yaml': rename it or move it away");
}

TEST_CASE("checks settings by type and bounds") {
  pack_on_disk disk;
  disk.write("rules/a.yaml", rule_text("a", good));
  disk.write(
      "pack.yaml",
      std::string(least_head) +
          "settings:\n  content:\n    burst_window: 24\n    burst_threshold: 1\n    burst_treshold: 2\n");
  CHECK(
      disk.errors() ==
      "pack.yaml:6:19: 'burst_window': '24' is no span of time: write 90s, 15m, 36h or 7d\n"
      "pack.yaml:7:22: 'burst_threshold' lies outside what this program allows, 2 to 100000: reviews in the "
      "window "
      "from which they count as a burst\n"
      "pack.yaml:8:5: unknown setting 'burst_treshold'; did you mean 'burst_threshold'?");
}

TEST_CASE("checks the facts of tests") {
  pack_on_disk disk;
  disk.write(
      "rules/a.yaml",
      rule_text(
          "a", std::string(good) + "  tests:\n"
                                   "    - {name: one, facts: {level: high, levle: 2}, expect: fires}\n"
                                   "    - {name: two, stage: ad, facts: {approval: god}, expect: fire}\n"));
  CHECK(
      disk.errors() ==
      "rules/a.yaml:10:34: 'level': 'high' is not a number\n"
      "rules/a.yaml:10:40: unknown field 'levle'; did you mean 'level'?\n"
      "rules/a.yaml:11:26: the rule does not match this stage\n"
      "rules/a.yaml:11:38: unknown field 'approval'; known are author_band, institution_named, "
      "ad_certificate, "
      "minors_audience, placement, audience, recognised_source, recognised_confidence\n"
      "rules/a.yaml:11:62: unknown expect 'fire'; did you mean 'fires'?");
}

TEST_CASE("refuses to remove a review on no other ground than its stars") {
  // 电子商务法 39
  pack_on_disk disk;
  const auto rule = [](std::string_view when, std::string_view verdict) {
    return rule_text(
        "a", "  match: {stage: review}\n  when: " + std::string(when) +
                 "\n  then: {verdict: " + std::string(verdict) + "}\n");
  };
  for (const char* verdict : {"reject", "demote"}) {
    disk.write("rules/a.yaml", rule("stars <= 2", verdict));
    CHECK(
        disk.errors() ==
        "rules/a.yaml:7:9: 'stars' alone is no ground to reject or demote (电子商务法 39): add what is wrong "
        "with the "
        "item");
  }
  disk.write("rules/a.yaml", rule("stars <= 2", "label"));
  CHECK(disk.errors().empty());
  disk.write("rules/a.yaml", rule("stars <= 2 && shared_text_authors >= 3", "reject"));
  CHECK(disk.errors().empty());
}

TEST_CASE("a folder that is none and a pack without files are told apart") {
  const auto nothing = pack::load("/nonexistent/zhili-pack");
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().code == errc::not_found);
  pack_on_disk disk;
  CHECK(disk.load().error().code == errc::malformed);
  CHECK(disk.errors() == "rules: a pack needs at least one rule");
  std::filesystem::remove(disk.dir() / "pack.yaml");
  CHECK(disk.errors() == "pack.yaml: the file cannot be opened");
}

TEST_CASE("lexicons say what is wrong with a line") {
  pack_on_disk disk;
  disk.write("rules/a.yaml", rule_text("a", good));
  disk.write(
      "lexicons/a.txt",
      "\xef\xbb\xbf"
      "category: x\r\nzh: 甲\r\n\r\n甲乙\r\n");
  CHECK(disk.errors().empty());
  disk.write("lexicons/b.txt", "category: x\n丙丁\n");
  CHECK(disk.errors() == "lexicons/b.txt:1:1: another lexicon is called 'x' already");
  disk.write("lexicons/b.txt", "category: 大\n" + std::string(300, 'y') + "\n國家級\n国家级\n❤\n");
  CHECK(
      disk.errors() ==
      "lexicons/b.txt:1:1: '大' is no name: lower-case letters and '_'; its Chinese name stands behind 'zh: "
      "'\n"
      "lexicons/b.txt:2:1: a term has at most 256 bytes\n"
      "lexicons/b.txt:4:1: '国家级' stands in line 3 already\n"
      "lexicons/b.txt:5:1: '❤' has nothing but signs that are left out of texts");
  disk.write("lexicons/b.txt", "category: y\n");
  CHECK(disk.errors() == "lexicons/b.txt: no terms: write one a line under the head");
}

TEST_CASE("every stage of the field lists has a number of its own and every field a slot") {
  std::vector<std::uint16_t> numbers;
  for (const workflow_info& w : workflows()) {
    for (const stage_info& s : w.stages) numbers.push_back(s.number);
    for (std::size_t i = 0; i < w.fields.size(); ++i) {
      CHECK(w.fields[i].slot == i);
      CHECK_FALSE(w.fields[i].zh.empty());
      CHECK(parse_value(w.fields[i].type, w.fields[i].words, w.fields[i].example));
    }
  }
  std::sort(numbers.begin(), numbers.end());
  CHECK(std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end());
  CHECK(numbers.size() >= 9);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::policy
