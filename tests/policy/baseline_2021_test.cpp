// SPDX-License-Identifier: Apache-2.0
// The frozen pack of summer 2021, as a policy team would look at it.
#include <doctest/doctest.h>

#include "policy/fields/content.hpp"
#include "policy/fields/onboarding.hpp"
#include "policy/fields/product.hpp"
#include "policy/pack.hpp"
#include "policy/rule_tests.hpp"

namespace zhili::policy {
namespace {

TEST_SUITE_BEGIN("packs/baseline-2021");

namespace onboarding = fields::onboarding;
namespace content = fields::content;
namespace product = fields::product;

const instant summer = *parse_instant("2021-07-18T09:30:00");

const pack& baseline() {
  static const auto loaded = pack::load("packs/baseline-2021");
  INFO((loaded ? std::string() : loaded.error().detail));
  REQUIRE(loaded);
  return **loaded;
}

judgement judged(std::uint16_t stage, const slots& facts, std::string_view text = {}, instant at = summer) {
  scratch memory;
  judgement out;
  baseline().judge(stage, facts, text, at, 1, memory, out);
  return out;
}

bool fired(const judgement& j, std::string_view id) {
  for (const finding& f : j.findings) {
    if (baseline().rule(f.rule).id == id) return true;
  }
  return false;
}

TEST_CASE("every rule fires in one of its tests and stays silent in another") {
  const rule_test_report report = run_rule_tests(baseline());
  CHECK(report.run > 2u * baseline().rule_count());
  for (const auto& f : report.failures) {
    CAPTURE(f.file);
    CAPTURE(f.line);
    FAIL_CHECK(f.message.en);
  }
  CHECK(report.never_fired == std::vector<std::string>{});
  CHECK(report.never_silent == std::vector<std::string>{});
}

TEST_CASE("holds no law that came after the summer of 2021") {
  const std::int32_t last_day = china_day(*parse_instant("2021-08-31"));
  for (std::uint16_t i = 0; i < baseline().rule_count(); ++i) {
    const rule_info& rule = baseline().rule(i);
    CAPTURE(rule.id);
    CHECK(rule.basis_on(last_day) != nullptr);
    for (const provision& b : rule.basis) CHECK(b.valid_from <= last_day);
    CHECK_FALSE(rule.reason.zh.empty());
    CHECK_FALSE(rule.title.en.empty());
  }
}

TEST_CASE("one ad under two states of the law") {
  slots f;
  f.set_bool(content::slot::institution_named, false);
  f.set_enum(content::slot::ad_certificate, content::ad_certificate::good);
  f.set_bool(content::slot::minors_audience, false);
  const std::string_view ad = "院长推荐，女明星都在做";
  CHECK(fired(judged(content::stage::ad, f, ad), "txt-endorsement"));
  CHECK(judged(content::stage::ad, f, ad, *parse_instant("2015-08-31T23:59:59")).verdict == verdict::approve);
  CHECK(judged(content::stage::ad, f, ad, *parse_instant("2015-09-01")).verdict == verdict::reject);
  // The measures of 2007 forbid a promise of effect long before the law of 2015 does.
  CHECK(fired(judged(content::stage::ad, f, "永不反弹", *parse_instant("2010-01-01")), "txt-efficacy"));
}

TEST_CASE("an institution that the registry lacks goes to a person and is neither rejected nor suspended") {
  slots f;
  f.set_bool(onboarding::slot::uscc_valid, true);
  f.set_bool(onboarding::slot::licence_layout_valid, true);
  f.set_bool(onboarding::slot::numbers_agree, true);
  f.set_int(onboarding::slot::licence_days_left, 300);
  f.set_bool(onboarding::slot::renewal, false);
  f.set_int(onboarding::slot::earlier_rejections, 0);
  f.set_enum(onboarding::slot::registry, onboarding::registry::missing);
  const judgement j = judged(onboarding::stage::institution, f);
  CHECK(j.verdict == verdict::escalate);
  CHECK(j.queue_priority == 2);
  f.set_enum(onboarding::slot::registry, onboarding::registry::listed);
  CHECK(judged(onboarding::stage::institution, f).verdict == verdict::approve);
  f.set_enum(onboarding::slot::registry, onboarding::registry::unknown);
  CHECK(judged(onboarding::stage::institution, f).verdict == verdict::approve);
}

TEST_CASE("no words and no stars touch a genuine review, however bad it is") {
  // 电子商务法 39
  const std::string_view texts[] = {
      "垃圾机构，千万别去",   "效果很差，还留了疤，退款也不给", "前台让我加微信转账，太不正规了",
      "被种草来的，后悔死了", "最差的一次经历，医生全程敷衍",   "说好一次见效，结果毫无变化"};
  for (const std::string_view text : texts) {
    for (std::int64_t stars = 1; stars <= 5; ++stars) {
      slots f;
      f.set_int(content::slot::author_band, 0);
      f.set_bool(content::slot::institution_named, true);
      f.set_bool(content::slot::verified_order, true);
      f.set_duration(content::slot::order_to_review, std::chrono::hours{72});
      f.set_int(content::slot::stars, stars);
      CAPTURE(text);
      CHECK(judged(content::stage::review, f, text).verdict == verdict::approve);
    }
  }
}

TEST_CASE("a sober listing passes and a bait price does not") {
  slots f;
  f.set_bool(product::slot::in_catalogue, true);
  f.set_int(product::slot::level, 1);
  f.set_int(product::slot::level_max, 2);
  f.set_bool(product::slot::department_licensed, true);
  f.set_enum(product::slot::practitioner_admitted, product::practitioner_admitted::yes);
  f.set_bool(product::slot::scope_matches, true);
  f.set_bool(product::slot::needs_approval, false);
  f.set_enum(product::slot::approval, product::approval::none);
  f.set_bool(product::slot::consultation, false);
  f.set_money(product::slot::price, fen{380'000});
  f.set_int(product::slot::price_percent, 76);
  f.set_int(product::slot::institution_band, 0);
  f.set_bool(product::slot::minors_audience, false);
  const std::string_view text =
      "重睑成形术，含术前检查、麻醉与三次复诊；任何手术都存在一定的风险，效果因人而异。";
  CHECK(judged(product::stage::listing, f, text).verdict == verdict::approve);
  CHECK(judged(product::stage::listing, f, text).errors == 0);
  f.set_money(product::slot::price, fen{100});
  CHECK(fired(judged(product::stage::listing, f, text), "lst-bait-price"));
}

TEST_CASE("each lexicon has its terms, and each is counted by a rule") {
  for (const lexicon_category& c : baseline().categories()) {
    CAPTURE(c.name);
    CHECK(c.terms.size() >= 20);
    CHECK_FALSE(c.title.zh.empty());
    slots f;
    bool touched = false;
    for (const std::uint16_t stage :
         {content::stage::ad, content::stage::diary, content::stage::post, content::stage::review,
          product::stage::listing}) {
      for (const finding& finding : judged(stage, f, c.terms.back()).findings) touched |= finding.length != 0;
    }
    CHECK(touched);
  }
}

TEST_CASE("harmless advice and the eight items that an ad may hold pass") {
  // 医疗广告管理办法 6; education that shares the words of the trade.
  const std::string_view texts[] = {
      "医疗机构第一名称、地址、所有制形式、医疗机构类别、诊疗科目、床位数、接诊时间、联系电话",
      "手术效果因个人体质和手术技术而异",
      "术后应严格遵循医嘱进行护理",
      "需选择正规医疗机构降低风险",
      "应咨询专业医生，了解个人是否适合",
      "瘢痕体质者可能遗留痕迹",
      "多数在1-3个月内恢复"};
  for (const std::string_view text : texts) {
    CAPTURE(text);
    CHECK_FALSE(judged(content::stage::ad, slots{}, text).has_finding_enforced());
    CHECK_FALSE(judged(product::stage::listing, slots{}, text).has_finding_enforced());
    CHECK_FALSE(judged(content::stage::diary, slots{}, text).has_finding_enforced());
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::policy
