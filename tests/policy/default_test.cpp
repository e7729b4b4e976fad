// SPDX-License-Identifier: Apache-2.0
// The default pack, as a policy team would look at it.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <fstream>

#include "policy/fields/content.hpp"
#include "policy/pack_compiled.hpp"
#include "policy/rule_tests.hpp"

namespace zhili::policy {
namespace {

TEST_SUITE_BEGIN("packs/default");

namespace content = fields::content;

const pack& the_pack() {
  static const auto loaded = pack::load("packs/default");
  INFO((loaded ? std::string() : loaded.error().detail));
  REQUIRE(loaded);
  return **loaded;
}

/// Facts of an ad that an institution submitted.
slots of_an_ad(content::ad_certificate certificate = content::ad_certificate::good) {
  slots f;
  f.set_int(content::slot::author_band, 0);
  f.set_bool(content::slot::institution_named, true);
  f.set_enum(content::slot::ad_certificate, certificate);
  f.set_bool(content::slot::minors_audience, false);
  return f;
}

judgement judged(std::uint16_t stage, const slots& facts, std::string_view text, std::string_view day = "2026-01-15") {
  scratch memory;
  judgement out;
  the_pack().judge(stage, facts, text, *parse_instant(day), 1, memory, out);
  return out;
}

std::vector<std::string> fired(const judgement& j) {
  std::vector<std::string> out;
  for (const finding& f : j.findings) out.push_back(the_pack().rule(f.rule).id);
  return out;
}

bool fired(const judgement& j, std::string_view id) {
  const auto all = fired(j);
  return std::find(all.begin(), all.end(), id) != all.end();
}

/// By the whole rules, one after the other: no index, no plan for known facts.
std::vector<std::string> fires(const pack::compiled& c, const stage_plan& plan, const slots& facts, std::string_view text,
                               std::int32_t day) {
  text_reading read;
  read.begin(*c.words, text);
  matcher::scratch memory;
  std::vector<hit> found;
  plan.terms->scan(read.normalised(), memory, found);
  tally hits;
  for (const hit& h : found) hits.add(h);
  score_sheet scores;
  scores.begin(c.scorecards, read);
  arena made(std::size_t{1} << 20);
  workspace work{made, steps_max, nullptr, &read, nullptr, c.words.get()};
  std::vector<std::string> out;
  for (const staged_rule& r : plan.rules) {
    if (c.in_force(r, day) && run(r.when, c.pool, {facts, hits.count, text, {}, &scores}, work) == outcome::yes)
      out.push_back(c.rules[r.rule].id);
  }
  return out;
}

/// Ads and listings whose facts are known are judged by a plan without voices: it says what the whole rules say.
TEST_CASE("a case whose facts are known is judged as by the whole rules, and searched for fewer terms") {
  const auto stage = static_cast<std::uint16_t>(content::stage::ad);
  const stage_plan* plan = the_pack().internals().plan(stage);
  REQUIRE(plan != nullptr);
  REQUIRE(plan->informed != nullptr);
  CHECK(std::popcount(plan->informed->categories) < std::popcount(plan->categories));
  for (const slots& facts : {of_an_ad(), slots{}}) {
    std::size_t read = 0;
    for (const char* lot : {"development.tsv", "cases_a.tsv", "posts_a.tsv"}) {
      std::ifstream in(std::string("tests/policy/data/") + lot);
      for (std::string line; std::getline(in, line); ++read) {
        const std::string text = line.substr(line.find('\t') + 1, line.rfind('\t') - line.find('\t') - 1);
        CAPTURE(text);
        CHECK(fired(judged(stage, facts, text)) ==
              fires(the_pack().internals(), *plan, facts, text, china_day(*parse_instant("2026-01-15"))));
      }
    }
    CHECK(read > 1'500);
  }
}

TEST_CASE("every rule fires in one of its tests and stays silent in another") {
  const rule_test_report report = run_rule_tests(the_pack());
  CHECK(report.run > 2u * the_pack().rule_count());
  for (const auto& f : report.failures) {
    CAPTURE(f.file);
    CAPTURE(f.line);
    FAIL_CHECK(f.message.en);
  }
  CHECK(report.never_fired == std::vector<std::string>{});
  CHECK(report.never_silent == std::vector<std::string>{});
}

TEST_CASE("every rule says in both languages what is wrong, and rests on law that is in force unless a later rule took its place") {
  const std::vector<std::string> replaced{"ad-uncertified", "ad-uncertified-beyond-eight-items"};
  for (std::uint16_t i = 0; i < the_pack().rule_count(); ++i) {
    const rule_info& rule = the_pack().rule(i);
    CAPTURE(rule.id);
    const bool gone = std::find(replaced.begin(), replaced.end(), rule.id) != replaced.end();
    CHECK((rule.basis_on(china_day(*parse_instant("2026-01-15"))) != nullptr) != gone);
    CHECK_FALSE(rule.reason.zh.empty());
    CHECK_FALSE(rule.reason.en.empty());
    CHECK_FALSE(rule.title.zh.empty());
  }
}

TEST_CASE("one ad under four states of the law") {
  const std::string_view ad = "明星同款，永不反弹";
  const slots f = of_an_ad();
  // Before the measures of 2007 nothing here forbids it.
  CHECK(judged(content::stage::ad, f, ad, "2006-12-31").verdict == verdict::approve);
  // From 2007 on no promise of effect and no patients as proof; endorsers are named by the law of 2015 alone.
  const judgement under_the_measures = judged(content::stage::ad, f, ad, "2010-06-01");
  CHECK(under_the_measures.verdict == verdict::reject);
  CHECK(fired(under_the_measures, "txt-efficacy"));
  CHECK_FALSE(fired(under_the_measures, "txt-absolutes"));
  // The law of 2015, before the guide of November 2021.
  const judgement under_the_law = judged(content::stage::ad, f, ad, "2021-11-01");
  CHECK(fired(under_the_law, "txt-endorsement"));
  const rule_info* unlicensed = the_pack().find_rule("txt-unlicensed-goods");
  REQUIRE(unlicensed != nullptr);
  const auto guide_on = [&](std::string_view day) {
    for (const provision& p : unlicensed->basis) {
      if (p.statute == "医疗美容广告执法指南" && p.in_force(china_day(*parse_instant(day)))) return true;
    }
    return false;
  };
  CHECK_FALSE(guide_on("2021-11-01"));
  CHECK(guide_on("2021-11-02"));
  // Since 2025-08-13 a sober table of item and price is no advertising; before, an unreviewed ad for an item was one.
  const slots uncertified = of_an_ad(content::ad_certificate::none);
  const std::string_view table = "光子嫩肤 单次 980元 门诊时间 9:00-18:00";
  CHECK(fired(judged(content::stage::ad, uncertified, table, "2025-05-08"), "ad-uncertified"));
  CHECK(fired(judged(content::stage::ad, uncertified, table, "2025-08-12"), "ad-uncertified-beyond-eight-items"));
  CHECK(judged(content::stage::ad, uncertified, table, "2025-08-13").verdict == verdict::approve);
  CHECK(fired(judged(content::stage::ad, uncertified, "光子嫩肤，永不反弹，单次 980元", "2025-08-13"), "ad-uncertified-no-table"));
}

TEST_CASE("no rule fires before its basis was in force") {
  const std::string_view ad =
      "全国第一，永不反弹，无痛，成功率99%，远超同行，明星同款，协会推荐，术前术后，肉毒，校花，0元购，"
      "最终解释权归本院，加微信领，刷好评，水货，上门打针，逆龄，药妆面膜，独家专利，院长亲诊";
  for (const std::string_view day : {"1990-01-01", "2000-01-01", "2006-12-31", "2012-01-01", "2016-01-01", "2020-01-01", "2024-01-01"}) {
    const judgement j = judged(content::stage::ad, of_an_ad(), ad, day);
    for (const finding& f : j.findings) {
      CAPTURE(day);
      CAPTURE(the_pack().rule(f.rule).id);
      CHECK(the_pack().rule(f.rule).basis_on(china_day(*parse_instant(day))) != nullptr);
    }
  }
  CHECK(judged(content::stage::ad, of_an_ad(), ad, "1990-01-01").findings.empty());
}

TEST_CASE("an ad in a consumer's voice is an ad: voices protect only where the publisher is unknown") {
  const std::string_view text = "我做完一次就立竿见影，谁懂啊";
  CHECK(judged(content::stage::ad, {}, text).verdict == verdict::approve);
  CHECK(judged(content::stage::ad, of_an_ad(), text).verdict == verdict::reject);
}

TEST_CASE("no review is rejected for its words, and none for being negative") {
  for (const std::string_view text : {"效果很差，永不反弹是骗人的，别去", "加微信退款", "好评返现，我没要", "毁容了，黑店"}) {
    slots f;
    f.set_int(content::slot::author_band, 0);
    f.set_bool(content::slot::institution_named, true);
    f.set_bool(content::slot::verified_order, true);
    f.set_duration(content::slot::order_to_review, std::chrono::hours{72});
    f.set_int(content::slot::stars, 1);
    const judgement j = judged(content::stage::review, f, text);
    CAPTURE(text);
    CHECK((j.verdict == verdict::approve || j.verdict == verdict::label));
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::policy
