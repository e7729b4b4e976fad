// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/content_form.hpp"

namespace zhili::content::tests {

namespace {

msg::recognised_part part(std::uint32_t begin, std::uint32_t length, std::uint8_t confidence = 90) {
  return {begin, length, msg::recognition::picture, confidence, 0};
}

}  // namespace

TEST_SUITE("actors/content") {
  TEST_CASE("approves an ordinary diary and tells nobody") {
    content_stage s{author, by_words};
    s.when(published({})).then(verdict::approve);
    s.then_events(some<msg::content_recorded>{}, some<wire::decided>{});
    CHECK(s.decision().kind() == subject_kind::diary);
    CHECK(s.decision().ref() == 77);
    CHECK(s.decision().number() == 1);
    CHECK(s.decision().cause() == cause::submission);
    CHECK(s.sent().empty());
    CHECK(s.effects().empty());
    CHECK(s.live().next_timer() == never);
    CHECK(shown(s));
  }

  TEST_CASE("refuses what cannot be, and names the field") {
    struct row {
      const char* what;
      content_form form;
      subject_id about = diary();
      account_id account = author;
      refusal why;
      std::uint16_t field;
    };
    const subject_id post = subject(subject_kind::post, "post");
    content_stage s{author, by_words};
    const std::int64_t now = s.now().ms;
    const std::string long_text(limits::text_bytes_max + 1, 'a');
    const row table[] = {
        {"not a content", {.kind = subject_kind::product}, diary(), author, refusal::out_of_range, 2},
        {"another kind than its id", {.kind = subject_kind::post}, diary(), author, refusal::out_of_range, 2},
        {"a diary of an institution", {}, diary(), clinic, refusal::wrong_account, 0},
        {"a post of a queue", {}, post, subject(subject_kind::queue, "q"), refusal::wrong_account, 0},
        {"an ad of a user", {}, ad(), author, refusal::wrong_account, 0},
        {"names a user as institution", {.institution = author}, diary(), author, refusal::out_of_range, 3},
        {"a diary without words", {.text = ""}, diary(), author, refusal::out_of_range, 5},
        {"too long", {.text = long_text}, diary(), author, refusal::too_large, 5},
        {"an order before time began", {.order_at = -1}, review_of(), author, refusal::out_of_range, 6},
        {"an order after the review", {.order_at = now + 1}, review_of(), author, refusal::out_of_range, 6},
        {"six stars", {.stars = 6}, review_of(), author, refusal::out_of_range, 7},
        {"an endless certificate",
         {.certificate = std::string(129, '1')},
         ad(),
         clinic,
         refusal::too_large,
         8},
        {"a recognised part of nothing", {.recognised = {part(0, 0)}}, diary(), author, refusal::out_of_range, 12},
        {"a part beyond the text", {.recognised = {part(50, 9)}}, diary(), author, refusal::out_of_range, 12},
        {"a part that ends beyond any number", {.recognised = {part(3, 0xffffffff)}}, diary(), author, refusal::out_of_range, 12},
        {"parts that overlap", {.recognised = {part(0, 6), part(3, 6)}}, diary(), author, refusal::out_of_range, 12},
        {"surer than sure", {.recognised = {part(0, 6, 101)}}, diary(), author, refusal::out_of_range, 12},
        {"more parts than anybody reads",
         {.recognised = std::vector<msg::recognised_part>(65, part(0, 1))},
         diary(),
         author,
         refusal::too_large,
         12},
    };
    for (const row& r : table) {
      CAPTURE(r.what);
      s.when(published(r.form, r.about).to(r.account)).then(r.why, r.field);
    }
    CHECK(s.state().contents.size() == 0);
  }

  TEST_CASE("what was recognised in a picture is judged as far as it was read surely, and again after a change") {
    content_stage s{author, by_words};
    const auto with = [](std::vector<msg::recognised_part> parts) { return published({.recognised = std::move(parts)}); };
    s.when(with({part(0, 6, 95), part(6, 6, 90)})).then(verdict::approve);
    s.when(with({part(0, 6, 95), part(6, 6, 90)})).then_nothing();
    // The part that was read worst counts.
    s.when(with({part(0, 6, 95), part(6, 6, 40)})).then(verdict::label);
    CHECK(s.state().recognised_parts.at(0).confidence == 40);
    s.when(with({})).then(verdict::approve);
    CHECK(s.state().recognised_parts.empty());
  }

  TEST_CASE("refuses a text that is not at hand or not as long as it says") {
    content_stage s{author, by_words};
    s.when(submission(paper({}, diary())).about(diary())).then(refusal::malformed, 4);
    s.when(submission(paper({}, diary())).about(diary()).text("另一段")).then(refusal::malformed, 4);
  }

  TEST_CASE("finds the text in the content store where it does not come along") {
    content_stage s{author, by_words};
    s.when(published({.text = "保证有效"}, diary("first"))).then(verdict::reject);
    s.when(submission(paper({.text = "保证有效"}, diary())).about(diary())).then(verdict::reject);
  }

  TEST_CASE("does with a text what the pack says") {
    struct row {
      const char* text;
      verdict v;
      bool shown;
      std::size_t orders;
      std::size_t tasks;
    };
    const row table[] = {
        {"面诊很耐心", verdict::approve, true, 0, 0},
        {"神奇的效果", verdict::label, true, 1, 0},
        {"顶级医生", verdict::demote, true, 1, 0},
        {"保证有效，神奇", verdict::reject, false, 1, 0},
    };
    for (const subject_kind kind : {subject_kind::diary, subject_kind::post}) {
      for (const row& r : table) {
        CAPTURE(r.text);
        content_stage s{author, by_words};
        const subject_id what = subject(kind, "one");
        s.when(published({.text = r.text}, what)).then(r.v);
        CHECK(s.sent<impose>().size() == r.orders);
        CHECK(s.sent<wire::risk::charge>().size() == r.orders);
        CHECK(shown(s, what) == r.shown);
        CHECK(s.decision().kind() == kind);
      }
    }
  }

  TEST_CASE("lets a person decide what the pack does not") {
    struct row {
      verdict said;
      verdict in_force;
      bool shown;
    };
    const row table[] = {
        {verdict::approve, verdict::approve, true},
        {verdict::label, verdict::label, true},
        {verdict::reject, verdict::reject, false},
        {verdict::suspend, verdict::reject, false}};
    for (const row& r : table) {
      content_stage s{author, by_words};
      s.when(published({.text = "内部渠道拿药"})).then(wire::status::waiting);
      CHECK(!shown(s));
      REQUIRE(s.sent<open_task>().size() == 1);
      CHECK(s.sent()[0].account == decision::queue_account("content"));
      s.when(message(answer(s, r.said)));
      CHECK(s.decision().verdict() == r.in_force);
      CHECK(s.decision().cause() == cause::desk);
      CHECK(s.decision().decided_by() == 501);
      CHECK(s.decision().settles() == 1);
      CHECK(s.sent<wire::desk::withdraw_task>().empty());
      CHECK(shown(s) == r.shown);
      s.when(message(answer(s, verdict::approve, diary(), purpose::submission, 1))).then_nothing();
    }
  }

  TEST_CASE("answers a repeat from the row") {
    content_stage s{author, by_words};
    s.when(published({.text = "神奇的效果"})).then(verdict::label);
    s.advance(hours{3});
    s.when(published({.text = "神奇的效果"})).then(verdict::label).then_nothing();
    s.when(published({.ref = 78, .text = "神奇的效果"})).then(verdict::label).then_nothing();
    CHECK(s.state().contents.size() == 1);

    const content_form r = fair_review(s);
    s.when(published(r, review_of())).then(verdict::approve);
    s.advance(hours{1});
    s.when(published(r, review_of())).then(verdict::approve).then_nothing();
  }

  TEST_CASE("judges an edit anew") {
    content_stage s{author, by_words};
    s.when(published({})).then(verdict::approve);
    s.when(published({.text = "保证有效"})).then(verdict::reject);
    CHECK(s.decision().before() == verdict::approve);
    CHECK(s.decision().number() == 2);
    CHECK(s.sent<impose>().size() == 1);
    s.when(published({.text = "恢复得不错"})).then(verdict::approve);
    CHECK(s.decision().before() == verdict::reject);
    REQUIRE(s.sent<lift>().size() == 1);
    CHECK(s.sent<impose>().empty());
  }

  TEST_CASE("an edit settles what waited for the desk and takes the task back") {
    content_stage s{author, by_words};
    s.when(published({.text = "内部渠道一"})).then(wire::status::waiting);
    s.when(published({.text = "内部渠道二"})).then(wire::status::waiting);
    REQUIRE(s.sent<wire::desk::withdraw_task>().size() == 1);
    CHECK(
        from_wire(s.sent<wire::desk::withdraw_task>()[0]->task()) ==
        decision::task_id(diary(), purpose::submission, 1));
    CHECK(s.state().waiting() == 2);
    // The first task was read all the same: the answer is about a text that is gone.
    s.when(message(answer(s, verdict::approve, diary(), purpose::submission, 1))).then_nothing();
    s.when(published({.text = "恢复得不错"})).then(verdict::approve);
    CHECK(s.decision().settles() == 2);
    CHECK(s.sent<wire::desk::withdraw_task>().size() == 1);
    CHECK(s.state().waiting() == 0);
    // Nothing lies at the desk any more.
    s.when(published({})).then(verdict::approve);
    CHECK(s.sent().empty());
  }

  TEST_CASE("lifts a sanction when a person approves the text that was corrected") {
    content_stage s{author, by_words};
    s.when(published({.text = "保证有效"})).then(verdict::reject);
    s.when(published({.text = "内部渠道拿药"})).then(wire::status::waiting);
    CHECK(s.sent<lift>().empty());
    s.when(message(answer(s, verdict::approve)));
    CHECK(s.decision().before() == verdict::reject);
    CHECK(s.sent<lift>().size() == 1);
  }

  TEST_CASE("lifts a sanction when the program approves a text while an earlier one waits") {
    content_stage s{author, by_words};
    s.when(published({.text = "保证有效"})).then(verdict::reject);
    s.when(published({.text = "内部渠道拿药"})).then(wire::status::waiting);
    s.when(published({})).then(verdict::approve);
    CHECK(s.decision().before() == verdict::reject);
    CHECK(s.sent<lift>().size() == 1);
  }

  TEST_CASE("refuses to change what belongs to somebody else") {
    const account_id neighbour = user_in(shard_of(author));
    content_stage s{author, by_words};
    s.when(published({}));
    s.when(published({.text = "恢复得不错"}).to(neighbour)).then(refusal::not_yours);
    s.when(taken_back().to(neighbour)).then(refusal::not_yours);
    s.when(page_seen("恢复得不错", diary()).to(neighbour)).then(refusal::not_yours);
  }

  TEST_CASE("takes a content away when its author does") {
    content_stage s{author, by_words};
    s.when(taken_back()).then(refusal::unknown_subject);
    s.when(published({}));
    s.when(taken_back()).then(wire::status::decided);
    CHECK(!shown(s));
    s.when(taken_back()).then(wire::status::decided).then_nothing();
    // It may come back, and is judged as if it were new.
    s.when(published({})).then(verdict::approve);
    CHECK(s.decision().number() == 2);
    CHECK(shown(s));
  }

  TEST_CASE("what waits when it is withdrawn is settled without a verdict, and the desk is told") {
    content_stage s{author, by_words};
    s.when(published({.institution = clinic}));
    s.when(published({.institution = clinic, .text = "内部渠道拿药"})).then(wire::status::waiting);
    const wire::desk_answer late = answer(s, verdict::reject);
    const wire::desk_answer looked = answer(s, verdict::reject, diary(), purpose::inspection);
    s.when(taken_back());
    CHECK(s.decision().verdict() == verdict::none);
    CHECK(s.decision().before() == verdict::approve);
    CHECK(s.decision().settles() == 1);
    CHECK(s.state().waiting() == 0);
    REQUIRE(s.sent<wire::desk::withdraw_task>().size() == 1);
    CHECK(from_wire(s.sent<wire::desk::withdraw_task>()[0]->task()) == from_wire(late.task()));
    // No sanction, none lifted, nothing charged, and the mention ended when it went to the desk.
    CHECK(s.sent().size() == 1);
    CHECK(!shown(s));
    CHECK(row_of(s).in_force == verdict::approve);
    s.when(message(late)).then_nothing();
    s.when(message(looked)).then_nothing();
    s.when(taken_back()).then_nothing();
    SUBCASE("and may come back as any other") {
      s.when(published({})).then(verdict::approve);
      CHECK(s.sent<wire::desk::withdraw_task>().empty());
      CHECK(shown(s));
    }
    SUBCASE("what is in force stays so") {
      s.when(published({.text = "内部渠道拿药"})).then(wire::status::waiting);
      CHECK(s.decision().before() == verdict::approve);
    }
    CHECK(s.books_balance().empty());
  }
}

}  // namespace zhili::content::tests
