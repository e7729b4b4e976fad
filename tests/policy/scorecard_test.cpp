// SPDX-License-Identifier: Apache-2.0
#include "policy/scorecard.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "policy/explain.hpp"
#include "policy/fields/content.hpp"
#include "policy/rule_tests.hpp"
#include "policy/score_reasons.hpp"
#include "policy/text/normaliser.hpp"
#include "tests/policy/pack_on_disk.hpp"

namespace zhili::policy {
namespace {

constexpr std::string_view head = "name: lure\nzh: 引诱\nen: lure\nbias: -50\n\n";

scorecard card_of(std::string_view terms) {
  diagnostics found;
  auto card = scorecard::read(std::string(head) + std::string(terms), "card.txt", found);
  REQUIRE(card);
  REQUIRE(found.empty());
  return std::move(*card);
}

std::int64_t score_of(const scorecard& card, std::string_view text) {
  text_reading read;
  read.begin(*normaliser::with(techniques::all()), text);
  score_sheet sheet;
  sheet.begin(std::span(&card, 1), read);
  return sheet.score(0);
}

explained_score explained(const scorecard& card, std::string_view text) {
  text_reading read;
  read.begin(*normaliser::with(techniques::all()), text);
  return explain_score(card, read, text);
}

/// "+120 免费 3", the last being its place in bytes; with what the text has where that is something else.
std::vector<std::string> terms_of(const scorecard& card, std::string_view text) {
  std::vector<std::string> out;
  for (const scored_term& t : explained(card, text).terms) {
    out.push_back(fmt::format("{:+} {} {}", t.weight, t.term, t.begin));
    if (t.written != t.term) out.back() += " " + t.written;
  }
  return out;
}

std::string wrong_in(std::string_view text) {
  diagnostics found;
  scorecard::read(text, "card.txt", found);
  return found.empty() ? std::string() : found.text().en;
}

}  // namespace

TEST_SUITE("policy/scorecard") {
  TEST_CASE("a score is the bias and the weight of each term that is there, once") {
    const scorecard card = card_of("免费\t120\n费\t7\n医生说\t-80\n");
    CHECK(card.terms() == 3);
    CHECK(score_of(card, "今天天气好") == -50);
    CHECK(score_of(card, "") == -50);
    CHECK(score_of(card, "免费") == 77);
    CHECK(score_of(card, "免费免费再免费") == 77);
    CHECK(score_of(card, "医生说免费") == -3);
  }

  TEST_CASE("a number of any length is one figure, and disguises are seen through") {
    const scorecard card = card_of("0元\t30\n");
    CHECK(score_of(card, "只要1980元") == -20);
    CHECK(score_of(card, "只要9元") == -20);
    CHECK(score_of(card, "只要９９ 元") == -20);
    CHECK(score_of(card, "只要元") == -50);
  }

  TEST_CASE("a long text has the score of its worst sentences, however much lawful stands around them") {
    const scorecard card = card_of("免费\t120\n提醒\t-90\n");
    const std::string lawful = "医生提醒大家术后要注意休息按时复查。";
    CHECK(score_of(card, lawful) == -140);
    CHECK(score_of(card, lawful + lawful + "今天来院免费做一次，名额只有三十个。" + lawful) == 70);
    CHECK(score_of(card, "提醒。免费") == -20);
    // Sixty characters without an end are one span.
    std::string endless = "提醒";
    for (int n = 0; n < 58; ++n) endless += "好";
    CHECK(score_of(card, endless + "免费") == 70);
  }

  TEST_CASE("thousands of terms are each found again") {
    std::string terms;
    for (int n = 0; n < 5'000; ++n) {
      char one[8] = {};
      const int c = 0x4e00 + n;
      one[0] = static_cast<char>(0xe0 | c >> 12);
      one[1] = static_cast<char>(0x80 | (c >> 6 & 0x3f));
      one[2] = static_cast<char>(0x80 | (c & 0x3f));
      terms += std::string(one) + "\t" + std::to_string(n % 7) + "\n";
    }
    const scorecard card = card_of(terms);
    CHECK(card.terms() == 5'000);
    normalised_text normal;
    std::vector<std::uint32_t> room;
    for (int n = 0; n < 5'000; ++n) {
      const auto character = static_cast<std::uint32_t>(0x4e00 + n);
      CHECK(card.score(std::span(&character, 1), room) == -50 + n % 7);
    }
  }

  TEST_CASE("the terms that hold a word are found, with their weights") {
    using terms = std::vector<std::pair<std::string, std::int32_t>>;
    const scorecard card = card_of("免费\t120\n费\t7\n医生说\t-80\n");
    CHECK(card.terms_with("费") == terms{{"免费", 120}, {"费", 7}});
    CHECK(card.terms_with("医生说") == terms{{"医生说", -80}});
    CHECK(card.terms_with("").size() == 3);
    CHECK(card.terms_with("天").empty());
  }

  TEST_CASE("an explained score names its terms, the heaviest first, with their places in the text as given") {
    using lines = std::vector<std::string>;
    const scorecard card = card_of("免费\t120\n费\t7\n医生说\t-180\n0元\t30\n十分\t9\n");
    CHECK(terms_of(card, "医生说再免费，免费") == lines{"-180 医生说 0", "+120 免费 12", "+7 费 15"});
    CHECK(terms_of(card, "").empty());
    CHECK(terms_of(card, "今天").empty());
    // Figures of any length are one, and what was written otherwise is shown as it was.
    CHECK(terms_of(card, "只要1980元") == lines{"+30 0元 6 1980元"});
    CHECK(terms_of(card, "只要９９ 元免-费") == lines{"+120 免费 16 免-费", "+30 0元 6 ９９ 元", "+7 费 20"});
    CHECK(terms_of(card, "10分好，免费") == lines{"+120 免费 11", "+9 十分 0 10分", "+7 费 14"});
    CHECK(terms_of(card_of("要0\t3\n十\t2\n"), "要1980，10分好") == lines{"+3 要0 0 要1980", "+2 十 10 10"});
  }

  TEST_CASE("an explained score is of the highest span, and its terms and the bias make it") {
    const scorecard card = card_of("免费\t120\n提醒\t-90\n名额\t15\n");
    const std::string lawful = "医生提醒大家术后要注意休息按时复查。";
    const std::string lure = "今天来院免费做一次，名额只有三十个。";
    const std::string text = lawful + lawful + lure + lawful;
    const explained_score why = explained(card, text);
    CHECK(why.score == score_of(card, text));
    CHECK(text.substr(why.begin, why.length) == lure);
    std::int64_t sum = why.bias;
    for (const scored_term& t : why.terms) sum += t.weight;
    CHECK(sum == why.score);
    CHECK(terms_of(card, text) == std::vector<std::string>{"+120 免费 " + std::to_string(text.find("免费")),
                                                           "+15 名额 " + std::to_string(text.find("名额"))});
    for (const char* other : {"", "提醒。免费", "今天天气好"}) CHECK(explained(card, other).score == score_of(card, other));
  }

  TEST_CASE("an explanation has the scores of cards that rules ask, and says which parts compare them") {
    pack_on_disk disk;
    disk.write("scorecards/lure.txt", std::string(head) + "免费\t120\n")
        .write("scorecards/idle.txt", "name: idle\nzh: 闲\nen: idle\nbias: 0\n\n")
        .write("rules/a.yaml",
               rule_text("lure", "  match: {stage: ad}\n  let: {tempts: 60 <= score(lure)}\n  when: tempts\n  then: {verdict: "
                                 "escalate}\n"));
    const auto loaded = disk.load();
    INFO(disk.errors());
    REQUIRE(loaded);
    const explanation why = explain(**loaded, fields::content::stage::ad, {}, "免费", instant{1'626'537'600'000}, 1);
    REQUIRE(why.scores.size() == 1);
    CHECK(why.scores[0].card == "lure");
    CHECK(why.scores[0].score == 70);
    REQUIRE(why.rules.size() == 1);
    std::vector<std::string> thresholds;
    for (const explained_part& part : why.rules[0].parts) {
      if (part.threshold_of == "lure") thresholds.push_back(part.source + " " + part.value.en);
    }
    CHECK(thresholds == std::vector<std::string>{"60 <= score(lure) true"});
  }

  TEST_CASE("says what is wrong with a card, where it stands") {
    CHECK(wrong_in(std::string(head) + "免费\t1\n").empty());
    CHECK(wrong_in("name: lure\nbias: 1\n\n").find("card.txt:1:1: the scorecard's head lacks") == 0);
    CHECK(wrong_in("name: Lure\n\n").find("card.txt:1:1: a scorecard begins with") == 0);
    CHECK(wrong_in("name: lure\nbias: much\n\n").find("card.txt:2:1:") == 0);
    CHECK(wrong_in(std::string(head) + "免费 1\n").find("card.txt:6:1: each line is a term of 1 to 3 characters") == 0);
    CHECK(wrong_in(std::string(head) + "免费体验\t1\n").find("card.txt:6:1:") == 0);
    CHECK(wrong_in(std::string(head) + "好\t1\n坏\t99999\n").find("card.txt:7:1:") == 0);
    CHECK(wrong_in(std::string(head) + "\xff\t1\n").find("card.txt:6:1:") == 0);
  }

  TEST_CASE("rules ask score(card), and so do their tests") {
    pack_on_disk disk;
    disk.write("scorecards/lure.txt", std::string(head) + "免费\t120\n")
        .write("rules/a.yaml",
               rule_text("lure", "  match: {stage: ad}\n  when: score(lure) > 0\n  then: {verdict: label, label: {zh: 标, en: l}}\n"
                                 "  tests:\n    - {name: yes, text: 免费体验, expect: fires}\n"
                                 "    - {name: no, text: 门诊时间, expect: silent}\n"));
    const auto loaded = disk.load();
    INFO(disk.errors());
    REQUIRE(loaded);
    CHECK(run_rule_tests(**loaded).failures.empty());
    scratch memory;
    judgement out;
    const auto verdict_of = [&](std::string_view text) {
      (*loaded)->judge(fields::content::stage::ad, {}, text, instant{1'626'537'600'000}, 1, memory, out);
      return out.verdict;
    };
    CHECK(verdict_of("免费") == verdict::label);
    CHECK(verdict_of("") == verdict::approve);
    CHECK(verdict_of("免费") == verdict::label);
    CHECK(verdict_of("门诊") == verdict::approve);
  }

  TEST_CASE("a card that is not there, twice there, or asked without a text is refused") {
    const auto errors = [](std::string_view when, std::string_view stage = "ad") {
      pack_on_disk disk;
      disk.write("scorecards/lure.txt", head)
          .write("rules/a.yaml", rule_text("r", "  match: {stage: " + std::string(stage) + "}\n  when: " + std::string(when) +
                                                    "\n  then: {verdict: escalate}\n"));
      return disk.errors();
    };
    CHECK(errors("score(lure) > 0").empty());
    CHECK(errors("score(lura) > 0").find("no scorecard 'lura'; did you mean 'lure'?") != std::string::npos);
    CHECK(errors("score(lure) > 0", "onboarding.institution").find("score() needs a text") != std::string::npos);
    CHECK(errors("score(lure)").find("true or false") != std::string::npos);
    pack_on_disk twice;
    twice.write("scorecards/a.txt", head).write("scorecards/b.txt", head).write("rules/a.yaml", rule_text("r", "  match: {stage: ad}\n  when: score(lure) > 0\n  then: {verdict: escalate}\n"));
    CHECK(twice.errors().find("another scorecard is called 'lure' already") != std::string::npos);
  }
}

}  // namespace zhili::policy
