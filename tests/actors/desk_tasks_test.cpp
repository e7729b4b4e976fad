// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "actors/desk/workflow.hpp"
#include "tests/actors/papers.hpp"

namespace zhili {
namespace {

using namespace testkit;
using namespace std::chrono_literals;
namespace msg = wire::desk;
using desk::mode;

const account_id queue = decision::queue_account("onboarding");
constexpr std::uint64_t ann = 501, bob = 502, cleo = 503;

subject_id task_named(int n) { return subject(subject_kind::task, "task-" + std::to_string(n)); }

input<msg::open_task> opens(int n, std::uint8_t priority = 1, duration due = 24h, std::uint64_t not_by = 0,
                            std::uint64_t nor_by = 0) {
  const instant at = stage_options{}.begin + due;
  return message(msg::open_task(to_wire(task_named(n)), to_wire(clinic), to_wire(clinic), 7, at.ms, not_by, nor_by, 3,
                                subject_kind::institution, workflow_numbers::onboarding, msg::purpose::submission, priority));
}

input<msg::claim> claims(int n, std::uint64_t reviewer) {
  return submission(build<msg::claim>([&](auto& b) {
    const wire::id task = to_wire(task_named(n));
    return msg::Createclaim(b, &task, reviewer);
  }));
}

input<msg::decide_task> decides(int n, std::uint64_t reviewer, verdict v = verdict::approve, std::uint16_t reason = 1000) {
  return submission(build<msg::decide_task>([&](auto& b) {
    const wire::id task = to_wire(task_named(n));
    return msg::Createdecide_task(b, &task, reviewer, v, reason);
  }));
}

struct desk_stage : stage<desk::workflow> {
  desk_stage() : stage(queue) {}
  const desk::task& task(std::uint32_t row = 0) const { return state().tasks()[row]; }
  std::vector<int> order() const {
    std::vector<int> rows;
    for (const auto& place : state().order()) rows.push_back(static_cast<int>(place.row));
    return rows;
  }
};

}  // namespace

TEST_SUITE("actors/desk/tasks") {
  TEST_CASE("tasks are taken urgent first, then by due time, then by age") {
    desk_stage s;
    s.when(opens(0, 1, 24h));
    s.when(opens(1, 3, 48h));
    s.when(opens(2, 1, 12h));
    s.when(opens(3, 2, 1h));
    s.when(opens(4, 1, 24h));
    s.when(opens(5, 0, 1h));
    CHECK(s.order() == std::vector{1, 3, 2, 0, 4, 5});
    s.when(claims(3, ann));
    CHECK(s.order() == std::vector{1, 2, 0, 4, 5});
    s.advance(31min);
    CHECK(s.order() == std::vector{1, 3, 2, 0, 4, 5});
    s.when(decides(1, ann));
    CHECK(s.order() == std::vector{3, 2, 0, 4, 5});
  }

  TEST_CASE("the same question asked twice is one task; a priority beyond urgent is urgent") {
    desk_stage s;
    s.when(opens(0, 9));
    s.when(opens(0, 1)).then_nothing();
    CHECK(s.state().tasks().size() == 1);
    CHECK(s.task().priority == 3);
  }

  TEST_CASE("a claim holds a task against others for its lease, and no longer") {
    desk_stage s;
    s.when(opens(0));
    s.when(claims(0, ann)).then(wire::status::decided);
    CHECK(s.task().reviewer == ann);
    CHECK(s.task().until == (s.now() + 30min).ms);
    s.when(claims(0, bob)).then(wire::refusal::already_taken, 1);
    s.when(decides(0, bob)).then(wire::refusal::already_taken, 1);
    s.advance(30min - 1ms);
    CHECK(s.task().mode == mode::claimed);
    s.advance(1ms);
    CHECK(s.task().mode == mode::open);
    CHECK(s.task().reviewer == 0);
    s.when(claims(0, bob)).then(wire::status::decided);
  }

  TEST_CASE("who claims again has the lease anew, and the old timer does not end it") {
    desk_stage s;
    s.when(opens(0));
    s.when(claims(0, ann));
    s.advance(20min);
    s.when(claims(0, ann)).then(wire::status::decided);
    s.advance(20min);
    CHECK(s.task().mode == mode::claimed);
    s.advance(10min);
    CHECK(s.task().mode == mode::open);
  }

  TEST_CASE("the lease is the pack's") {
    desk_stage s;
    s.when(opens(0));
    s.use_pack("tests/actors/desk_pack");
    s.when(claims(0, ann));
    CHECK(s.task().until == (s.now() + 5min).ms);
  }

  TEST_CASE("a decision closes the task and goes back to who asked, with reviewer and reason") {
    desk_stage s;
    s.when(opens(0));
    s.when(claims(0, ann));
    s.when(decides(0, ann, verdict::reject, 1234)).then(verdict::reject);
    const auto answers = s.sent<wire::desk_answer>();
    REQUIRE(answers.size() == 1);
    CHECK(s.sent()[0].to.workflow == workflow_numbers::onboarding);
    CHECK(s.sent()[0].account == clinic);
    CHECK(from_wire(answers[0]->task()) == task_named(0));
    CHECK(from_wire(answers[0]->subject()) == clinic);
    CHECK(answers[0]->reviewer() == ann);
    CHECK(answers[0]->row() == 3);
    CHECK(answers[0]->verdict() == verdict::reject);
    CHECK(answers[0]->reason() == 1234);
    s.when(decides(0, ann)).then(wire::refusal::not_in_this_state, 1);
    s.when(claims(0, bob)).then(wire::refusal::not_in_this_state, 1);
    s.advance(1h);
    CHECK(s.task().mode == mode::closed);
    CHECK(s.order().empty());
  }

  TEST_CASE("an answered question makes room for the next; who answered it, when and how stays") {
    desk_stage s;
    s.when(opens(0, 1, 24h));
    s.when(opens(1, 2, 12h));
    s.when(decides(0, ann, verdict::reject, 1234));
    const std::int64_t closed_at = s.now().ms;
    const std::uint32_t place = s.task(0).place;
    s.when(opens(2, 3, 6h, bob));
    CHECK(s.task(2).place == place);
    CHECK(s.task(1).place != place);
    CHECK(s.state().asked(s.task(2)).not_by == bob);
    CHECK(s.state().asked(s.task(1)).due == (stage_options{}.begin + 12h).ms);
    CHECK(s.task(0).reviewer == ann);
    CHECK(s.task(0).until == closed_at);
    CHECK(s.task(0).verdict == verdict::reject);
    CHECK(s.task(0).reason == 1234);
    CHECK(s.state().queue_of(s.task(0)) == queue);
    s.when(decides(0, bob)).then(wire::refusal::not_in_this_state, 1);
    s.when(opens(0, 1, 24h)).then_nothing();
  }

  TEST_CASE("a task that nobody holds may be decided at once") {
    desk_stage s;
    s.when(opens(0));
    s.when(decides(0, bob)).then(verdict::approve);
  }

  TEST_CASE("who decided before may neither claim nor decide") {
    desk_stage s;
    s.when(opens(0, 1, 24h, ann, bob));
    for (const std::uint64_t barred : {ann, bob}) {
      s.when(claims(0, barred)).then(wire::refusal::not_yours, 1);
      s.when(decides(0, barred)).then(wire::refusal::not_yours, 1);
    }
    s.when(decides(0, cleo)).then(verdict::approve);
  }

  TEST_CASE("a task that is withdrawn is answered by nobody") {
    desk_stage s;
    s.when(opens(0));
    s.when(claims(0, ann));
    s.when(message(msg::withdraw_task(to_wire(task_named(0)))));
    CHECK(s.task().mode == mode::closed);
    CHECK(s.sent<wire::desk_answer>().empty());
    s.when(message(msg::withdraw_task(to_wire(task_named(0))))).then_nothing();
    s.when(message(msg::withdraw_task(to_wire(task_named(9))))).then_nothing();
    s.when(decides(0, ann)).then(wire::refusal::not_in_this_state, 1);
    s.advance(1h);
    CHECK(s.order().empty());
  }

  TEST_CASE("refuses what is no claim and no decision, naming the field") {
    desk_stage s;
    s.when(opens(0));
    s.when(claims(0, 0)).then(wire::refusal::out_of_range, 2);
    s.when(claims(7, ann)).then(wire::refusal::unknown_subject, 1);
    s.when(decides(7, ann)).then(wire::refusal::unknown_subject, 1);
    s.when(decides(0, 0)).then(wire::refusal::out_of_range, 2);
    for (const verdict v : {verdict::none, verdict::escalate, static_cast<verdict>(77)}) {
      s.when(decides(0, ann, v)).then(wire::refusal::out_of_range, 3);
    }
    s.when(submission(build<msg::claim>([](auto& b) { return msg::Createclaim(b, nullptr, ann); })))
        .then(wire::refusal::malformed, 1);
    s.when(submission(build<msg::decide_task>([](auto& b) { return msg::Createdecide_task(b, nullptr, ann); })))
        .then(wire::refusal::malformed, 1);
    CHECK(s.live().books()[static_cast<std::size_t>(subject_kind::task)].refused == 9);
    CHECK(s.task().mode == mode::open);
  }

  TEST_CASE("each decision that a person may make is taken") {
    for (const verdict v : {verdict::approve, verdict::label, verdict::demote, verdict::reject, verdict::suspend}) {
      desk_stage s;
      s.when(opens(0));
      s.when(decides(0, ann, v)).then(v);
    }
  }

  TEST_CASE("a restored desk hands tasks out in the same order") {
    desk_stage s;
    for (int n = 0; n < 20; ++n) s.when(opens(n, static_cast<std::uint8_t>(n % 4), std::chrono::hours{n * 7 % 5}));
    for (int n = 0; n < 20; n += 3) s.when(claims(n, ann));
    s.when(decides(4, bob));
    const auto again = s.restored();
    const auto& restored = *static_cast<const desk::state*>(again->state().state());
    CHECK(restored.order() == s.state().order());
  }
}

}  // namespace zhili
