// SPDX-License-Identifier: Apache-2.0
#include "actors/quality/workflow.hpp"
#include "tests/actors/content_form.hpp"

namespace zhili::content::tests {

namespace {

wire::inspect visit(std::uint32_t number, std::uint16_t per_mille = 0) {
  return wire::inspect(to_wire(clinic), number, per_mille, 0);
}
wire::inspect_one visit_of(const content_stage& s, std::uint32_t number, subject_id what = diary()) {
  return wire::inspect_one(to_wire(clinic), s.state().contents.find(what), number);
}
/// The third opinion of quality about a decision.
wire::desk_answer third_opinion(const content_stage& s, verdict v, std::uint32_t number) {
  const subject_id task =
      decision::task_id(diary(), purpose::second_look, quality::occasion_of(number, quality::opinion::third));
  return wire::desk_answer(
      to_wire(task), to_wire(diary()), 503, row_of(s).detail, v,
      static_cast<std::uint8_t>(purpose::second_look), 1000);
}

struct ads_stage : content_stage {
  ads_stage() : content_stage(clinic, by_words) { when(message(status_of(clinic, standing::admitted, 1))); }
};

}  // namespace

TEST_SUITE("actors/content") {
  TEST_CASE("a visit judges again the live ads that another pack or status has judged") {
    ads_stage s;
    content_form fashion = fair_ad();
    fashion.text = "网红同款套餐";
    s.when(published(fair_ad(), ad("plain"))).then(verdict::approve);
    s.when(published(fashion, ad("fashion"))).then(verdict::approve);
    content_form boast = fair_ad();
    boast.text = "顶级医生坐诊";
    s.when(published(boast, ad("boast"))).then(verdict::demote);
    s.when(message(visit(1))).then_nothing();

    s.use_pack(strict);
    s.when(message(visit(2)));
    s.then_events(some<wire::decided>{}, some<wire::decided>{}, some<msg::looked_again>{});
    CHECK(row_of(s, ad("plain")).verdict == verdict::approve);
    CHECK(row_of(s, ad("fashion")).verdict == verdict::reject);
    CHECK(row_of(s, ad("boast")).verdict == verdict::approve);
    CHECK(s.decision().cause() == cause::inspection);
    CHECK(s.sent<impose>().size() == 1);
    CHECK(s.sent<lift>().size() == 1);
    const auto pack = static_cast<std::uint32_t>(s.decision().pack());
    s.when(message(visit(3))).then_nothing();

    s.when(message(status_of(clinic, standing::admitted, 2)));
    s.when(message(visit(4)));
    s.then_events(
        msg::looked_again(2, pack, 2),
        msg::looked_again(0, pack, 2));
    s.when(message(visit(5))).then_nothing();
  }

  TEST_CASE("a visit leaves the ads of an offline institution alone, so that its return gives them back") {
    ads_stage s;
    s.when(published(fair_ad(), ad()));
    s.when(message(status_of(clinic, standing::suspended, 2)));
    s.when(message(visit(1, 1000))).then_nothing();
    s.when(message(status_of(clinic, standing::admitted, 3)));
    s.when(message(visit(2)));
    CHECK(shown(s, ad()));
    CHECK(row_of(s, ad()).decisions == 1);
  }

  TEST_CASE("a visit asks how a drawn sample of pages looks now") {
    ads_stage s;
    for (int n = 0; n < 400; ++n) s.when(published(fair_ad(), ad("ad " + std::to_string(n))));
    s.when(published(fair_ad(), ad("withdrawn")));
    s.when(taken_back(ad("withdrawn")));
    s.when(message(visit(1, 0)));
    CHECK(s.effects().empty());
    s.when(message(visit(1, 100)));
    const std::size_t drawn = s.effects().size();
    CHECK(drawn > 20);
    CHECK(drawn < 70);
    const asked_effect first = s.effects()[0];
    CHECK(first.type == shared_type<wire::page_requested>());
    CHECK(first.account == clinic);
    CHECK(first.as<wire::page_requested>().ref() == 77);
    CHECK(first.as<wire::page_requested>().visit() == 1);
    s.when(message(visit(1, 100)));
    CHECK(s.effects()[0].effect == first.effect);
    s.when(message(visit(2, 1000)));
    CHECK(s.effects().size() == 400);
    CHECK(s.effects()[0].effect != first.effect);
  }

  TEST_CASE("a changed page is judged by what it says now, and a person looks") {
    struct row {
      const char* text;
      verdict now;
    };
    for (const row& r :
         {row{"夏季活动，到店咨询。", verdict::escalate}, row{"神奇的效果", verdict::escalate},
          row{"保证有效", verdict::reject}}) {
      ads_stage s;
      s.when(published(fair_ad(), ad()));
      s.when(page_seen(r.text, ad())).then(r.now);
      s.then_events(some<msg::page_noted>{}, some<wire::decided>{});
      CHECK(s.gates() == gates_found{gate::page_changed});
      CHECK(s.decision().cause() == cause::inspection);
      CHECK(s.decision().before() == verdict::approve);
      CHECK(s.decision().ref() == shown_handle);
      CHECK(s.state().waiting() == 0);
      CHECK(!shown(s, ad()));
      CHECK(s.sent<open_task>().size() == (r.now == verdict::escalate ? 1 : 0));
      if (r.now != verdict::escalate) continue;
      CHECK(s.sent<open_task>()[0]->ref() == shown_handle);
      s.when(message(answer(s, verdict::approve, ad())));
      CHECK(shown(s, ad()));
      CHECK(s.sent<lift>().empty());
      s.when(page_seen(r.text, ad())).then_nothing();
    }
  }

  TEST_CASE("an unchanged or vanished page decides nothing") {
    ads_stage s;
    s.when(page_seen("欢迎来电", ad())).then(refusal::unknown_subject);
    s.when(published(fair_ad(), ad()));
    s.when(page_seen(fair_ad().text, ad())).then(verdict::approve).then_nothing();
    s.when(page_seen("", ad())).then(verdict::approve).then_nothing();
    s.when(taken_back(ad()));
    s.when(page_seen("保证有效", ad())).then_nothing();
  }

  TEST_CASE("refuses a page whose text is not at hand") {
    ads_stage s;
    s.when(published(fair_ad(), ad()));
    const auto page = [&](const wire::hash256* hash, std::uint32_t bytes) {
      return submission(
                 build<msg::page_seen>([&](auto& b) { return msg::Createpage_seen(b, 77, 1, hash, bytes); }))
          .about(ad());
    };
    const wire::hash256 hash = hash_of("没有存过的文本");
    s.when(page(nullptr, 9)).then(refusal::malformed, 3);
    s.when(page(&hash, 21)).then(refusal::malformed, 3);
    s.when(page(&hash, limits::text_bytes_max + 1)).then(refusal::too_large, 4);
  }

  TEST_CASE("a user's content that is drawn is read by a person") {
    content_stage s{author, by_words};
    s.when(message(visit_of(s, 1))).then(refusal::unknown_subject);
    s.when(published({.institution = clinic}));
    s.when(message(visit_of(s, 1)));
    s.then_events(msg::reading_asked(0, 1));
    REQUIRE(s.sent<open_task>().size() == 1);
    const auto task = s.sent<open_task>()[0];
    CHECK(s.sent()[0].account == decision::queue_account("inspection"));
    CHECK(task->purpose() == purpose::inspection);
    CHECK(from_wire(task->owner()) == author);
    // It stays shown meanwhile.
    CHECK(shown(s));
    s.when(message(answer(s, verdict::approve, diary(), purpose::inspection))).then_nothing();
    s.when(message(answer(s, verdict::reject, diary(), purpose::inspection)));
    CHECK(s.decision().verdict() == verdict::reject);
    CHECK(s.decision().cause() == cause::inspection);
    CHECK(s.decision().decided_by() == 501);
    CHECK(!shown(s));
    s.when(message(visit_of(s, 2))).then_nothing();
  }

  TEST_CASE("a drawn content is first judged by the pack of today") {
    content_stage s{author, by_words};
    s.when(published({.institution = clinic, .text = "网红同款"}, diary("fashion"))).then(verdict::approve);
    s.when(published({.institution = clinic, .text = "顶级医生"}, diary("boast"))).then(verdict::demote);
    s.use_pack(strict);
    s.when(message(visit_of(s, 1, diary("fashion"))));
    CHECK(s.decision().verdict() == verdict::reject);
    CHECK(s.sent<open_task>().empty());
    s.when(message(visit_of(s, 1, diary("boast"))));
    CHECK(s.decision().verdict() == verdict::approve);
    CHECK(s.sent<open_task>().size() == 1);
    s.when(message(visit_of(s, 2, diary("boast"))));
    s.then_events(some<msg::reading_asked>{});
  }

  TEST_CASE("a pack does not overrule a person") {
    content_stage s{author, by_words};
    s.when(published({.institution = clinic, .text = "内部渠道，网红同款"})).then(wire::status::waiting);
    s.when(message(answer(s, verdict::approve)));
    s.use_pack(strict);
    s.when(message(visit_of(s, 1)));
    s.then_events(some<msg::looked_again>{}, some<msg::reading_asked>{});
    CHECK(row_of(s).verdict == verdict::approve);
    CHECK(s.sent<open_task>().size() == 1);
  }

  TEST_CASE("an answer about a text that has changed since is stale") {
    content_stage s{author, by_words};
    s.when(published({.institution = clinic}));
    s.when(message(visit_of(s, 1)));
    s.when(published({.institution = clinic, .text = "恢复得不错"})).then(verdict::approve);
    s.when(message(answer(s, verdict::reject, diary(), purpose::inspection, 1))).then_nothing();
    s.when(message(third_opinion(s, verdict::reject, 1))).then_nothing();
    // Another decision on the same text does not make an answer stale.
    s.when(message(band(1)));
    CHECK(row_of(s).decisions == 3);
    s.when(message(answer(s, verdict::reject, diary(), purpose::inspection, 2)));
    CHECK(s.decision().verdict() == verdict::reject);
  }

  TEST_CASE("a question to the desk is settled by its own answer, not by that to an earlier one") {
    content_stage s{author, by_words};
    s.when(published({.institution = clinic, .text = "内部渠道拿药"})).then(wire::status::waiting);
    s.when(message(answer(s, verdict::approve)));
    s.when(page_seen("内部渠道，网红同款", diary()));
    const std::uint32_t now = row_of(s).decisions;
    REQUIRE(row_of(s).verdict == verdict::escalate);
    s.when(message(answer(s, verdict::approve, diary(), purpose::submission, 1))).then_nothing();
    s.when(message(answer(s, verdict::approve, diary(), purpose::submission, now - 1))).then_nothing();
    s.when(message(answer(s, verdict::reject, diary(), purpose::submission, now)));
    CHECK(s.decision().verdict() == verdict::reject);
  }

  TEST_CASE("quality's opinion corrects a decision, once") {
    content_stage s{author, by_words};
    s.when(published({}));
    s.when(message(third_opinion(s, verdict::approve, 1))).then_nothing();
    s.when(message(third_opinion(s, verdict::label, 1)));
    CHECK(s.decision().verdict() == verdict::label);
    CHECK(s.decision().cause() == cause::quality);
    CHECK(s.sent<impose>().size() == 1);
    // What lies at the desk is decided there.
    s.when(published({.text = "内部渠道拿药"})).then(wire::status::waiting);
    s.when(message(third_opinion(s, verdict::reject, 3))).then_nothing();
    // Appeals are takedown's, re-audits onboarding's; a person says one of five things.
    s.when(message(answer(s, verdict::reject, diary(), purpose::appeal))).then_nothing();
    s.when(message(answer(s, verdict::reject, diary(), purpose::re_audit))).then_nothing();
    s.when(message(answer(s, verdict::escalate))).then(refusal::out_of_range);
    s.when(message(answer(s, verdict::none))).then(refusal::out_of_range);
    CHECK(s.state().waiting() == 1);
  }

  TEST_CASE("a reversal restores exactly what was") {
    content_stage s{author, by_words};
    s.when(published({.institution = clinic}, diary()));
    const publication before = row_of(s);
    const auto same_but_for_the_story = [&](publication now) {
      now.decisions = before.decisions;
      now.on_text = before.on_text;
      now.set(flag_by_person, false);
      now.set(flag_mention_changed, before.has(flag_mention_changed));
      partition::hasher a, b;
      a.value(before);
      b.value(now);
      return a.digest() == b.digest();
    };
    for (const verdict sanction : {verdict::label, verdict::demote, verdict::reject}) {
      const std::uint32_t number = row_of(s).decisions;
      s.when(message(third_opinion(s, sanction, number)));
      CHECK(row_of(s).verdict == sanction);
      CHECK(!same_but_for_the_story(row_of(s)));
      s.when(message(upheld(s)));
      CHECK(s.decision().verdict() == verdict::approve);
      CHECK(s.decision().cause() == cause::appeal);
      CHECK(s.decision().before() == sanction);
      CHECK(s.sent<wire::risk::charge>()[0]->reversed() == 1);
      CHECK(same_but_for_the_story(row_of(s)));
      CHECK(shown(s));
      s.when(message(upheld(s))).then_nothing();
    }
  }

  TEST_CASE("a reversal of a decision that is no longer in force changes nothing") {
    content_stage s{author, by_words};
    s.when(message(wire::reversal(to_wire(diary()), 502, 0, 1))).then(refusal::unknown_subject);
    s.when(published({.text = "顶级医生"})).then(verdict::demote);
    const wire::reversal late = upheld(s);
    s.when(published({.text = "保证有效"})).then(verdict::reject);
    s.when(message(late)).then_nothing();
    // The end of a term frees too, and leaves the program free to judge again.
    s.when(message(upheld(s, diary(), 0)));
    CHECK(row_of(s).verdict == verdict::approve);
    CHECK(!row_of(s).has(flag_by_person));
  }
}

}  // namespace zhili::content::tests
