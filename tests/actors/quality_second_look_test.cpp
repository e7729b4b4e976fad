// SPDX-License-Identifier: Apache-2.0
#include "actors/decision/follow_up.hpp"
#include "actors/desk/workflow.hpp"
#include "actors/onboarding/workflow.hpp"
#include "actors/quality/workflow.hpp"
#include "tests/testkit/given.hpp"

namespace zhili::quality {
namespace {

using namespace testkit;
using wire::desk::purpose;
namespace numbers = workflow_numbers;

const account_id author = subject(subject_kind::user, "author");
const subject_id diary = subject(subject_kind::diary, "d1");
constexpr std::uint64_t first_reviewer = 11, second_reviewer = 12, third_reviewer = 13;

msg::sampled drawn(verdict v, std::uint32_t number = 1, std::uint64_t by = first_reviewer, subject_id what = diary) {
  return msg::sampled(to_wire(what), 77, by, 42, number, what.kind(), v, numbers::content, 0, 0);
}

wire::desk_answer answer(const wire::desk::open_task& task, std::uint64_t reviewer, verdict v) {
  return wire::desk_answer(
      task.task(), task.subject(), reviewer, task.row(), v, static_cast<std::uint8_t>(task.purpose()), 1003);
}

using quality_stage = stage<workflow>;

wire::desk::open_task asked(const quality_stage& s) {
  REQUIRE(s.sent<wire::desk::open_task>().size() == 1);
  return *s.sent<wire::desk::open_task>()[0];
}

}  // namespace

TEST_SUITE("actors/quality") {
  TEST_CASE("a drawn decision is looked at again, blind, by somebody else") {
    quality_stage s{author};
    s.when(message(drawn(verdict::reject))).then_events(some<msg::look_opened>{});
    const auto task = asked(s);
    CHECK(s.sent()[0].account == decision::queue_account("quality"));
    CHECK(task.purpose() == purpose::second_look);
    CHECK(task.not_by() == first_reviewer);
    CHECK(task.ref() == 77);
    CHECK(task.workflow() == numbers::quality);
    CHECK(from_wire(task.owner()) == author);
    CHECK(from_wire(task.subject()) == diary);
    SUBCASE("the task is the same whatever was decided") {
      quality_stage other{author};
      other.when(message(drawn(verdict::approve)));
      const auto task2 = asked(other);
      CHECK(std::memcmp(&task, &task2, sizeof task) == 0);
    }
    SUBCASE("drawn twice is asked once") { s.when(message(drawn(verdict::reject))).then_nothing(); }
    SUBCASE("the next decision on the subject is another matter") {
      s.when(message(drawn(verdict::reject, 2)));
      CHECK(from_wire(asked(s).task()) != from_wire(task.task()));
      CHECK(s.state().looks.size() == 2);
    }
  }

  TEST_CASE("the same verdict is agreement and ends it") {
    quality_stage s{author};
    s.when(message(drawn(verdict::reject)));
    const auto task = asked(s);
    s.when(message(answer(task, second_reviewer, verdict::reject)))
        .then_events(msg::agreed(
            second_reviewer, 0, subject_kind::diary, numbers::content, verdict::reject, verdict::reject));
    CHECK(s.sent().empty());
    CHECK(s.state().looks[0].mode == mode::agreed);
    SUBCASE("an answer that comes twice is not counted twice") {
      s.when(message(answer(task, second_reviewer, verdict::approve))).then_nothing();
      CHECK(s.state().agreement.at(0).sides().total() == 1);
    }
  }

  TEST_CASE("another verdict is asked a third time, and the third opinion wins") {
    quality_stage s{author};
    s.when(message(drawn(verdict::reject)));
    const auto second = asked(s);
    s.when(message(answer(second, second_reviewer, verdict::approve))).then_events(some<msg::disagreed>{});
    const auto third = asked(s);
    CHECK(third.not_by() == first_reviewer);
    CHECK(third.nor_by() == second_reviewer);
    CHECK(from_wire(third.task()) != from_wire(second.task()));

    SUBCASE("for the decision: it stands and nobody is told") {
      s.when(message(answer(third, third_reviewer, verdict::reject)));
      CHECK(s.sent().empty());
      CHECK(s.state().looks[0].mode == mode::upheld);
      CHECK(s.state().agreement.at(0).upheld == 1);
    }
    SUBCASE("against it: the workflow decides anew") {
      const verdict v = verdict::label;
      s.when(message(answer(third, third_reviewer, v)));
      REQUIRE(s.sent<wire::desk_answer>().size() == 1);
      const auto anew = s.sent<wire::desk_answer>()[0];
      CHECK(s.sent()[0].to.workflow == numbers::content);
      CHECK(s.sent()[0].account == author);
      CHECK(s.sent()[0].stream == stream_kind::inside_account);
      CHECK(from_wire(anew->subject()) == diary);
      CHECK(anew->row() == 42);
      CHECK(anew->reviewer() == third_reviewer);
      CHECK(anew->verdict() == v);
      CHECK(anew->reason() == 1003);
      CHECK(anew->purpose() == static_cast<std::uint8_t>(purpose::second_look));
      CHECK(s.state().looks[0].mode == mode::overturned);
      CHECK(s.state().agreement.at(0).overturned == 1);
      s.when(message(answer(third, third_reviewer, v))).then_nothing();
    }
    SUBCASE("the second answer cannot come in its place") {
      s.when(message(answer(second, third_reviewer, verdict::label))).then_nothing();
    }
    // The third opinion settles; it is no second look.
    CHECK(s.state().agreement.at(0).sides().total() == 1);
  }

  TEST_CASE("counts agreement by workflow, kind and verdict") {
    quality_stage s{author};
    const struct {
      subject_kind kind;
      verdict first, second;
    } looks[] = {{subject_kind::diary, verdict::reject, verdict::reject},
                 {subject_kind::diary, verdict::label, verdict::reject},
                 {subject_kind::diary, verdict::approve, verdict::approve},
                 {subject_kind::diary, verdict::approve, verdict::demote},
                 {subject_kind::diary, verdict::reject, verdict::approve},
                 {subject_kind::review, verdict::approve, verdict::approve}};
    int n = 0;
    for (const auto& l : looks) {
      s.when(message(drawn(l.first, 1, 0, subject(l.kind, std::to_string(++n)))));
      s.when(message(answer(asked(s), second_reviewer, l.second)));
    }
    REQUIRE(s.state().agreement.size() == 2);
    const opinions& diaries = s.state().agreement[0];
    const two_by_two t = diaries.sides();
    CHECK(t.both_adverse == 2);
    CHECK(t.first_adverse == 1);
    CHECK(t.second_adverse == 1);
    CHECK(t.neither == 1);
    CHECK(diaries.count[static_cast<std::size_t>(verdict::label)][static_cast<std::size_t>(verdict::reject)] == 1);
    CHECK(agreement_per_mille(t) == 600);
    CHECK(s.state().agreement[1].sides().neither == 1);
  }

  TEST_CASE("refuses what is no opinion, and answers to what it never asked") {
    quality_stage s{author};
    s.when(message(drawn(verdict::escalate))).then(wire::refusal::out_of_range);
    s.when(message(drawn(verdict::reject)));
    const auto task = asked(s);
    s.when(message(answer(task, second_reviewer, verdict::none))).then(wire::refusal::out_of_range);
    s.when(message(wire::desk_answer(task.task(), task.subject(), 9, 5, verdict::reject, 2, 0)))
        .then(wire::refusal::unknown_subject);
    s.when(message(wire::desk_answer(to_wire(diary), task.subject(), 9, 0, verdict::approve, 2, 0))).then_nothing();
    CHECK(s.state().looks[0].mode == mode::second);
  }

  TEST_CASE("asks a real desk, which keeps the first reviewer away") {
    quality_stage s{author};
    s.when(message(drawn(verdict::reject)));
    const auto task = asked(s);
    stage<desk::workflow> desk{decision::queue_account("quality")};
    desk.when(message(task));
    const auto decide_by = [&](std::uint64_t reviewer) {
      const wire::id id = task.task();
      desk.when(submission(build<wire::desk::decide_task>(
          [&](auto& b) { return wire::desk::Createdecide_task(b, &id, reviewer, verdict::reject, 1003); })));
    };
    decide_by(first_reviewer);
    desk.then(wire::refusal::not_yours);
    decide_by(second_reviewer);
    REQUIRE(desk.sent<wire::desk_answer>().size() == 1);
    CHECK(desk.sent()[0].to.workflow == numbers::quality);
    s.when(message(*desk.sent<wire::desk_answer>()[0])).then_events(some<msg::agreed>{});
  }

  TEST_CASE("what is drawn follows from subject and decision alone, and the rest costs quality nothing") {
    // Of 2,000 institutions with papers that fail, all rejected at once, 20 in a thousand are drawn.
    const account_id home = subject(subject_kind::institution, "i0");
    stage<onboarding::workflow> s{home, {.pack = "tests/actors/quality_pack"}};
    std::size_t expected = 0, got = 0;
    for (int n = 0, decided = 0; decided < 2000; ++n) {
      const account_id clinic = subject(subject_kind::institution, "i" + std::to_string(n));
      if (shard_of(clinic) != shard_of(home)) continue;
      ++decided;
      s.when(submission(build<wire::onboarding::submit_institution>([&](auto& b) {
               const auto uscc = b.CreateString("91330200MA2AAAAAAA");
               const auto licence = b.CreateString("0");
               return wire::onboarding::Createsubmit_institution(b, 1, uscc, licence, 1, 2);
             })).to(clinic).about(clinic))
          .then(verdict::reject);
      const std::uint64_t word[2] = {clinic.lo, 1};
      const bool should = xxh3_64(std::as_bytes(std::span{word})) % 1000 < 20;
      const bool did = !s.sent<msg::sampled>().empty();
      REQUIRE(did == should);
      expected += should;
      got += did;
    }
    CHECK(got == expected);
    CHECK(got > 20);
    CHECK(got < 65);
  }
}

}  // namespace zhili::quality
