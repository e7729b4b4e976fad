// SPDX-License-Identifier: Apache-2.0
#include "actors/content/judge.hpp"
#include "tests/actors/content_form.hpp"

namespace zhili::content::tests {

namespace {

using strings = std::vector<std::string>;
using wire::signal::seen;

subject_id numbered(int n) {
  return review_of("review " + std::to_string(n));
}
std::uint32_t hour_now(const content_stage& s) {
  return hour_of(s.now());
}

msg::hour_tally tally(
    std::uint32_t hour, std::uint32_t count, shard_no shard, account_id institution = clinic) {
  return msg::hour_tally(to_wire(institution), hour, count, shard, 0, 0, 0);
}
msg::burst_found burst_in(
    std::uint32_t from, std::uint32_t to, std::uint32_t count, account_id institution = clinic) {
  return msg::burst_found(to_wire(institution), from, to, count, 0);
}
msg::text_shared shared_by(
    const content_stage& s, std::uint32_t authors, std::string_view text, subject_id what = review_of()) {
  const auto pack = shelf{}.load(by_words.pack);
  policy::scratch memory;
  return msg::text_shared(
      to_wire(fingerprint_of(text, *pack, memory)), to_wire(what), s.state().contents.find(what), authors);
}

const std::string copied = "服务特别好，环境干净，强烈推荐给大家。";

}  // namespace

TEST_SUITE("actors/content") {
  TEST_CASE("demotes a review without a verified order or within the hour") {
    struct row {
      const char* what;
      std::optional<minutes> after_order;
      strings rules;
    };
    const row table[] = {
        {"no order", {}, {"t-no-order"}},
        {"at once", minutes{0}, {"t-too-soon"}},
        {"59 minutes", minutes{59}, {"t-too-soon"}},
        {"one hour", minutes{60}, {}},
        {"two days", minutes{48 * 60}, {}},
    };
    for (const row& r : table) {
      CAPTURE(r.what);
      content_stage s{author, by_words};
      content_form f = fair_review(s);
      f.order_at = r.after_order ? (s.now() - *r.after_order).ms : 0;
      s.when(published(f, review_of())).then(r.rules.empty() ? verdict::approve : verdict::demote);
      CHECK(rules_found(s) == r.rules);
    }
  }

  TEST_CASE("frees a review when its order is verified after all") {
    content_stage s{author, by_words};
    content_form f = fair_review(s);
    const std::int64_t order = f.order_at;
    f.order_at = 0;
    s.when(published(f, review_of())).then(verdict::demote);
    f.order_at = order;
    s.when(published(f, review_of())).then(verdict::approve);
    CHECK(s.sent<lift>().size() == 1);
  }

  // 电子商务法 art. 39
  TEST_CASE("no review fares worse for being negative") {
    for (const std::string text : {"", "效果很差，医生态度也不好，后悔来这里。"}) {
      for (std::uint8_t stars = 0; stars <= 5; ++stars) {
        content_stage s{author, by_words};
        content_form f = fair_review(s, text);
        f.stars = stars;
        s.when(published(f, review_of())).then(verdict::approve);
        CHECK(s.decision_event().findings() == nullptr);
      }
    }
  }

  TEST_CASE("every removal of a review rests on a finding") {
    content_stage s{author, by_words};
    s.when(published(fair_review(s, "保证有效"), review_of())).then(verdict::reject);
    CHECK(rules_found(s) == strings{"t-promise"});
    s.when(published(fair_review(s, "内部渠道拿药"), review_of())).then(wire::status::waiting);
    s.when(message(answer(s, verdict::reject, review_of())));
    REQUIRE(s.decision_event().findings()->size() == 1);
    CHECK(s.decision_event().findings()->Get(0)->source() == wire::finding_source::person);
    CHECK(s.decision_event().findings()->Get(0)->code() == 1000);
  }

  // The test pack: four reviews in six hours.
  TEST_CASE("sends the fingerprint of a review to its signal account") {
    content_stage s{author, by_words};
    s.when(published(fair_review(s, copied), review_of()));
    REQUIRE(s.sent<seen>().size() == 1);
    const account_id key = s.sent()[0].account;
    CHECK(key.kind() == subject_kind::signal);
    CHECK(from_wire(s.sent<seen>()[0]->author()) == author);
    CHECK(from_wire(s.sent<seen>()[0]->subject()) == review_of());
    struct row {
      const char* what;
      std::string text;
      bool sent;
      bool same;
    };
    const row table[] = {
        {"full-width and traditional", "服務特別好，環境乾淨，強烈推薦給大家。", true, true},
        {"another text", "服务特别好，环境干净，强烈推荐给朋友。", true, false},
        {"fourteen characters", "一二三四五六七八九十一二三四", false, false},
        {"fifteen characters", "一二三四五六七八九十一二三四五", true, false},
        {"stars alone", "", false, false},
    };
    int n = 0;
    for (const row& r : table) {
      CAPTURE(r.what);
      s.when(published(fair_review(s, r.text), numbered(++n)));
      REQUIRE(s.sent<seen>().size() == (r.sent ? 1 : 0));
      if (r.sent) CHECK((s.sent()[0].account == key) == r.same);
    }
    s.when(published({.text = copied}, diary()));
    CHECK(s.sent<seen>().empty());
  }

  TEST_CASE("judges a review again when others have sent its text") {
    content_stage s{author, by_words};
    s.when(published(fair_review(s, copied), review_of()));
    s.when(message(shared_by(s, 2, copied)));
    s.then_events(some<msg::signs_noted>{});
    CHECK(signs_of(s).shared_authors == 2);
    s.when(message(shared_by(s, 3, copied)));
    CHECK(s.decision().verdict() == verdict::demote);
    CHECK(s.decision().cause() == cause::signal);
    CHECK(rules_found(s) == strings{"t-shared"});
    s.when(message(shared_by(s, 3, copied))).then_nothing();
    s.when(message(shared_by(s, 2, copied))).then_nothing();
    // Another of the four signs on top.
    s.when(message(burst_in(hour_now(s), hour_now(s), 4)).to(clinic));
    CHECK(s.decision().verdict() == verdict::reject);
    CHECK(rules_found(s) == strings{"t-burst", "t-shared", "t-two-signs"});
    CHECK(s.decision().before() == verdict::demote);
  }

  TEST_CASE("does not hold a text against a review that says something else by now") {
    content_stage s{author, by_words};
    s.when(published(fair_review(s, copied), review_of()));
    s.when(message(shared_by(s, 3, copied)));
    s.when(published(fair_review(s), review_of())).then(verdict::approve);
    CHECK(signs_of(s).shared_authors == 0);
    s.when(message(shared_by(s, 4, copied))).then_nothing();
    s.when(message(shared_by(s, 4, copied, numbered(9)))).then(refusal::unknown_subject);
    s.when(published({.text = copied}, diary()));
    s.when(message(shared_by(s, 4, copied, diary()))).then_nothing();
  }

  TEST_CASE("a sign that comes late does not overrule a person: a person is asked") {
    content_stage s{author, by_words};
    content_form f = fair_review(s, copied);
    f.order_at = 0;
    s.when(published(f, review_of())).then(verdict::demote);
    s.when(message(upheld(s, review_of())));
    CHECK(row_of(s, review_of()).verdict == verdict::approve);
    s.when(message(shared_by(s, 3, copied)));
    CHECK(!s.decided_anything());
    REQUIRE(s.sent<open_task>().size() == 1);
    CHECK(s.sent<open_task>()[0]->purpose() == purpose::inspection);
    CHECK(s.sent()[0].account == decision::queue_account("inspection"));
    s.when(message(answer(s, verdict::reject, review_of(), purpose::inspection)));
    CHECK(s.decision().verdict() == verdict::reject);
    CHECK(s.decision().cause() == cause::inspection);
  }

  TEST_CASE("a sign is kept while a person reads, and decides nothing") {
    content_stage s{author, by_words};
    s.when(published(fair_review(s, "内部渠道拿药，比正规便宜很多，推荐给大家"), review_of()))
        .then(wire::status::waiting);
    s.when(message(burst_in(hour_now(s), hour_now(s), 4)).to(clinic));
    s.then_events(some<msg::signs_noted>{});
    CHECK(signs_of(s).burst == 4);
    s.when(message(answer(s, verdict::approve, review_of())));
    CHECK(row_of(s, review_of()).verdict == verdict::approve);
  }

  TEST_CASE("nobody can submit what partitions say to each other") {
    content_stage s{clinic, by_words};
    s.when(submission(flat<msg::hour_tally>{tally(hour_now(s), 100, 1)})).then(refusal::unknown_type);
    s.when(submission(flat<msg::burst_found>{burst_in(1, 2, 3)})).then(refusal::unknown_type);
    s.when(submission(flat<msg::text_shared>{shared_by(s, 3, copied)})).then(refusal::unknown_type);
    s.when(submission(flat<msg::tally_due>{msg::tally_due(1, 0)})).then(refusal::unknown_type);
    s.when(message(tally(hour_now(s), 100, 1, other_clinic))).then(refusal::out_of_range);
    s.when(message(tally(hour_now(s), 100, 64))).then(refusal::out_of_range);
  }
}

}  // namespace zhili::content::tests
