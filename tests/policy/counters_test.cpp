// SPDX-License-Identifier: Apache-2.0
#include "policy/counters.hpp"

#include <doctest/doctest.h>

#include <set>

#include "policy/fields.hpp"
#include "policy/fields/content.hpp"
#include "policy/fields/product.hpp"
#include "policy/rule_tests.hpp"
#include "tests/policy/pack_on_disk.hpp"

namespace zhili::policy {
namespace {

namespace content = fields::content;
namespace product = fields::product;

constexpr instant summer{1'626'537'600'000};  // 2021-07-18 in China
constexpr std::uint32_t hour_ms = 3'600'000;

tick adds(std::int64_t value, std::uint32_t bucket, std::uint64_t key = 1) {
  return {7, key, value, bucket, hour_ms, false};
}
tick meets(std::int64_t value, std::uint32_t bucket) { return {8, 1, value, bucket, hour_ms, true}; }

std::string counter_text(std::string_view name, std::string_view body) {
  return "- name: " + std::string(name) + "\n  title: {zh: 数, en: number}\n" + std::string(body);
}
std::string ad_rule(std::string_view when) {
  return rule_text("often", "  match: {stage: ad}\n  when: " + std::string(when) + "\n  then: {verdict: escalate}\n");
}

/// A pack that counts, and a book that is kept for it.
struct trial {
  pack_on_disk disk;
  std::shared_ptr<const pack> loaded;
  scratch memory;
  judgement out;
  counter_book book;

  trial(std::string_view counters, std::string_view rules, std::string_view lexicon = {}) {
    disk.write("counters/a.yaml", counters).write("rules/a.yaml", rules);
    if (!lexicon.empty()) disk.write("lexicons/a.txt", lexicon);
    auto result = disk.load();
    INFO(disk.errors());
    REQUIRE(result);
    loaded = *result;
  }

  verdict submit(
      std::string_view text, instant at, std::uint16_t stage = content::stage::ad, const slots& facts = {},
      std::uint64_t account = 5, std::uint64_t subject = 50) {
    loaded->judge(stage, facts, text, at, account, memory, out, {&book, account, subject, true});
    for (const tick& t : out.counted) book.add(t);
    return out.verdict;
  }
};

instant later(std::int64_t minutes) { return {summer.ms + minutes * 60'000}; }

}  // namespace

TEST_SUITE("policy/counters") {
  TEST_CASE("a window reaches back sixty buckets, the one at hand included") {
    counter_book book;
    book.add(adds(1, 100));
    book.add(adds(2, 130));
    CHECK(book.past(adds(0, 130)) == 3);
    CHECK(book.past(adds(0, 159)) == 3);
    CHECK(book.past(adds(0, 160)) == 2);
    CHECK(book.past(adds(0, 190)) == 0);
    CHECK(book.with(adds(5, 159)) == 8);
    CHECK(book.past(adds(0, 159, 2)) == 0);
  }

  TEST_CASE("what comes late counts where it belongs, and sees nothing that came after it") {
    counter_book book;
    book.add(adds(1, 130));
    book.add(adds(1, 110));
    CHECK(book.past(adds(0, 120)) == 1);
    CHECK(book.past(adds(0, 130)) == 2);
  }

  TEST_CASE("a value met twice is one, and lives on from its last time") {
    counter_book book;
    book.add(meets(10, 100));
    book.add(meets(11, 100));
    book.add(meets(10, 130));
    CHECK(book.past(meets(0, 130)) == 2);
    CHECK(book.past(meets(0, 165)) == 1);
    CHECK(book.with(meets(10, 165)) == 1);
    CHECK(book.with(meets(12, 165)) == 2);
  }

  TEST_CASE("different values are counted to a thousand, and the book of one key stays that small") {
    counter_book book;
    for (std::int64_t v = 0; v < 3000; ++v) book.add(meets(v, 100));
    CHECK(book.past(meets(0, 100)) == distinct_max);
    CHECK(book.with(meets(-1, 100)) == distinct_max);
    CHECK(book.memory_bytes() < 64 * distinct_max);
  }

  TEST_CASE("a sum that would overflow stays at the end of the range") {
    counter_book book;
    book.add(adds(INT64_MAX, 100));
    CHECK(book.with(adds(1, 101)) == INT64_MAX);
    book.add(adds(1, 100));
    CHECK(book.past(adds(0, 100)) == INT64_MAX);
  }

  TEST_CASE("accounts that come no more are forgotten") {
    counter_book book;
    // Keys are hashes.
    const auto key_of = [](std::uint64_t n) { return n * 0x9e3779b97f4a7c15; };
    for (std::uint64_t n = 0; n < 1000; ++n) book.add(adds(1, 100, key_of(n)));
    const std::size_t full = book.memory_bytes();
    for (std::uint64_t n = 0; n < 5'000; ++n) book.add(adds(1, 1000, key_of(n % 50)));
    CHECK(book.memory_bytes() < full / 2);
  }

  TEST_CASE("an account's third ad within the hour goes to a person, another account's does not") {
    trial t(
        counter_text("ads_an_hour", "  match: {stage: ad}\n  what: count\n  window: 1h\n"), ad_rule("ads_an_hour > 2"));
    CHECK(t.submit("", later(0)) == verdict::approve);
    CHECK(t.submit("", later(10)) == verdict::approve);
    CHECK(t.submit("", later(20), content::stage::ad, {}, 6) == verdict::approve);
    CHECK(t.submit("", later(20)) == verdict::escalate);
    CHECK(t.submit("", later(20), content::stage::post) == verdict::approve);
    CHECK(t.out.counted.empty());
    CHECK(t.submit("", later(75)) == verdict::approve);
  }

  TEST_CASE("counts what fulfils the condition alone, by words and facts") {
    trial t(
        counter_text(
            "shouting", "  match: {stage: [diary, post]}\n  what: count\n  window: 24h\n  when: hits(loud) > 0\n"),
        rule_text("loud", "  match: {stage: diary}\n  when: shouting >= 2\n  then: {verdict: label, label: {zh: 标, en: l}}\n"),
        "category: loud\nzh: 响\nen: loud\n\n抢购\n");
    CHECK(t.submit("今天换药", later(0), content::stage::post) == verdict::approve);
    CHECK(t.out.counted.empty());
    // No rule is judged at a post, and it is counted all the same.
    CHECK(t.submit("快来抢购", later(1), content::stage::post) == verdict::approve);
    CHECK(t.out.counted.size() == 1);
    CHECK(t.submit("今天换药", later(2), content::stage::diary) == verdict::approve);
    CHECK(t.submit("抢购了", later(3), content::stage::diary) == verdict::label);
  }

  TEST_CASE("adds up amounts, which rules compare with amounts") {
    trial t(
        counter_text("priced", "  match: {stage: listing}\n  what: sum\n  of: price\n  window: 24h\n"),
        rule_text("sum", "  match: {stage: listing}\n  when: priced >= 100元\n  then: {verdict: escalate}\n"));
    slots f;
    f.set_money(product::slot::price, fen{4'000});
    CHECK(t.submit("", later(0), product::stage::listing, f) == verdict::approve);
    CHECK(t.submit("", later(1), product::stage::listing, f) == verdict::approve);
    // Without a price there is nothing to add.
    CHECK(t.submit("", later(1), product::stage::listing) == verdict::approve);
    CHECK(t.out.counted.empty());
    CHECK(t.submit("", later(2), product::stage::listing, f) == verdict::escalate);
  }

  TEST_CASE("tells texts apart as lexicons see them") {
    trial t(
        counter_text("texts", "  match: {stage: ad}\n  what: distinct\n  of: normalised(text)\n  window: 24h\n"),
        ad_rule("texts >= 3"));
    CHECK(t.submit("第一条", later(0)) == verdict::approve);
    CHECK(t.submit("第 一 条", later(1)) == verdict::approve);
    CHECK(t.submit("第二条", later(2)) == verdict::approve);
    CHECK(t.submit("第三条", later(3)) == verdict::escalate);
  }

  TEST_CASE("counts by subject where it is asked to") {
    trial t(
        counter_text("changes", "  match: {stage: ad}\n  what: count\n  by: subject\n  window: 24h\n"),
        ad_rule("changes > 1"));
    CHECK(t.submit("", later(0)) == verdict::approve);
    CHECK(t.submit("", later(1), content::stage::ad, {}, 5, 51) == verdict::approve);
    CHECK(t.submit("", later(2)) == verdict::escalate);
  }

  TEST_CASE("a later look at what was counted sees the count and adds nothing") {
    trial t(
        counter_text("ads_an_hour", "  match: {stage: ad}\n  what: count\n  window: 1h\n"), ad_rule("ads_an_hour > 1"));
    t.submit("", later(0));
    t.loaded->judge(content::stage::ad, slots{}, "", later(1), 5, t.memory, t.out, {&t.book, 5, 50, false});
    CHECK(t.out.verdict == verdict::approve);
    CHECK(t.out.counted.empty());
    t.submit("", later(2));
    t.loaded->judge(content::stage::ad, slots{}, "", later(3), 5, t.memory, t.out, {&t.book, 5, 50, false});
    CHECK(t.out.verdict == verdict::escalate);
    // What a test or a person says it holds stays.
    slots f;
    for (const workflow_info& w : t.loaded->workflows()) {
      for (const field_info& each : w.fields) {
        if (each.name == "ads_an_hour") f.set_int(each.slot, 0);
      }
    }
    t.loaded->judge(content::stage::ad, f, "", later(3), 5, t.memory, t.out, {&t.book, 5, 50, false});
    CHECK(t.out.verdict == verdict::approve);
  }

  TEST_CASE("packs that say the same share a count; another condition begins anew") {
    const auto id_of = [](std::string_view counter) {
      trial t(counter_text("n", counter), ad_rule("n > 9"));
      slots facts;
      facts.set_bool(content::slot::institution_named, false);
      t.submit("", summer, content::stage::ad, facts);
      REQUIRE(t.out.counted.size() == 1);
      return t.out.counted[0].counter;
    };
    const std::set<std::uint64_t> ids{
        id_of("  match: {stage: ad}\n  what: count\n  window: 1h\n"),
        id_of("  match: {stage: ad}\n  what: count\n  window: 60m\n"),
        id_of("  match: {stage: ad}\n  what: count\n  window: 2h\n"),
        id_of("  match: {stage: ad}\n  what: count\n  window: 1h\n  by: subject\n"),
        id_of("  match: {stage: ad}\n  what: count\n  window: 1h\n  when: '!institution_named'\n"
              "  unit: 条\n")};
    CHECK(ids.size() == 4);
  }

  TEST_CASE("tests of rules name counters as they name facts") {
    trial t(
        counter_text("ads_an_hour", "  match: {stage: ad}\n  what: count\n  window: 1h\n"),
        ad_rule("ads_an_hour > 20") +
            "  tests:\n    - {name: many, facts: {ads_an_hour: 21}, expect: fires}\n"
            "    - {name: few, facts: {ads_an_hour: 20}, expect: silent}\n");
    CHECK(run_rule_tests(*t.loaded).run == 2);
    CHECK(run_rule_tests(*t.loaded).failures.empty());
  }

  TEST_CASE("says what is wrong with a counter, where it stands") {
    const auto errors = [](std::string_view counters, std::string_view when = "!institution_named") {
      pack_on_disk disk;
      disk.write("counters/a.yaml", counters).write("rules/a.yaml", ad_rule("'" + std::string(when) + "'"));
      return disk.errors();
    };
    const auto found = [&](std::string_view body, std::string_view message) {
      const std::string text = errors(counter_text("n", body));
      INFO(text);
      return text.find(message) != std::string::npos;
    };
    CHECK(errors(counter_text("n", "  match: {stage: ad}\n  what: count\n  window: 1h\n")).empty());
    CHECK(found("  match: {stage: ad}\n  what: counts\n  window: 1h\n", "4:9: "));
    CHECK(found("  match: {stage: ad}\n  what: count\n  window: 30s\n", "a window is at least 1m and at most 366d"));
    CHECK(found("  match: {stage: ad}\n  what: count\n  of: text\n  window: 1h\n", "5:7: 'of' belongs to sum and distinct"));
    CHECK(found("  match: {stage: ad}\n  what: sum\n  window: 1h\n", "'of'"));
    CHECK(found("  match: {stage: ad}\n  what: sum\n  of: text\n  window: 1h\n", "a sum adds up whole numbers or amounts"));
    CHECK(found("  match: {stage: ad}\n  what: distinct\n  of: prices(text)\n  window: 1h\n", "is one value"));
    CHECK(found("  match: {stage: ad}\n  what: count\n  when: author_band\n  window: 1h\n", "true or false"));
    CHECK(found("  match: {stage: ad}\n  what: count\n  when: prize > 1\n  window: 1h\n", "5:9: "));
    CHECK(found("  match: {stage: [ad, listing]}\n  what: count\n  window: 1h\n", "make a counter for each"));
    CHECK(found("  match: {stage: user}\n  what: count\n  window: 1h\n", "takes no submissions"));
    CHECK(errors(counter_text("placement", "  match: {stage: ad}\n  what: count\n  window: 1h\n"))
              .find("1:9: 'placement' is a fact of 'content' already") != std::string::npos);
    CHECK(errors(counter_text("Mine", "  match: {stage: ad}\n  what: count\n  window: 1h\n")).find("lower-case") !=
          std::string::npos);
    std::string many;
    for (std::size_t i = 0; i <= counters_max; ++i)
      many += counter_text("n" + std::to_string(i), "  match: {stage: ad}\n  what: count\n  window: 1h\n");
    CHECK(errors(many).find("more than 16 counters") != std::string::npos);
    // Another workflow's counter is no fact here.
    CHECK(errors(counter_text("n", "  match: {stage: listing}\n  what: count\n  window: 1h\n"), "n > 1").find("'n'") !=
          std::string::npos);
  }

  TEST_CASE("a count of negative reviews alone is no ground to remove one (电子商务法 39)") {
    pack_on_disk disk;
    disk.write("counters/a.yaml",
               counter_text("bad_reviews", "  match: {stage: review}\n  what: count\n  when: stars <= 2\n  window: 7d\n"))
        .write("rules/a.yaml", rule_text("r", "  match: {stage: review}\n  when: bad_reviews >= 1\n  then: {verdict: demote}\n"));
    CHECK(disk.errors().find("电子商务法") != std::string::npos);
  }
}

}  // namespace zhili::policy
