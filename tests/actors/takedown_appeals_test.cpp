// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "actors/desk/workflow.hpp"
#include "actors/onboarding/workflow.hpp"
#include "tests/actors/sanctions.hpp"

namespace zhili {
namespace {

using namespace testkit;
using namespace std::chrono_literals;
using takedown::measure_state;

constexpr std::uint64_t ann = 501, bob = 502, cleo = 503;

struct appeal_stage : sanction_stage {
  appeal_stage(verdict v = verdict::reject, std::uint64_t decided_by = ann) {
    when(impose(v, 1, decided_by));
    when(acknowledge(1));
  }
  wire::desk::open_task file() {
    when(appeal()).then(wire::status::waiting);
    const auto tasks = sent<wire::desk::open_task>();
    REQUIRE(tasks.size() == 1);
    return *tasks[0];
  }
  partition::account_books books() const {
    return const_cast<appeal_stage*>(this)->live().books()[static_cast<std::size_t>(subject_kind::appeal)];
  }
};

}  // namespace

TEST_SUITE("actors/takedown/appeals") {
  TEST_CASE("an appeal goes to the desk, barred for who decided before") {
    appeal_stage s;
    const auto task = s.file();
    CHECK(task.purpose() == wire::desk::purpose::appeal);
    CHECK(task.not_by() == ann);
    CHECK(task.priority() == 2);
    CHECK(from_wire(task.owner()) == clinic);
    CHECK(s.sent()[0].account == decision::queue_account("appeal"));
    CHECK(s.books() == partition::account_books{1, 0, 1, 0});
  }

  TEST_CASE("a suspension is appealed against in haste") {
    appeal_stage s{verdict::suspend};
    CHECK(s.file().priority() == 3);
  }

  TEST_CASE("upheld, the sanction is lifted and the workflow that decided takes it back in full") {
    appeal_stage s;
    const auto task = s.file();
    s.when(answer(task, verdict::approve, bob)).then(verdict::approve);
    CHECK(s.decision().kind() == subject_kind::appeal);
    CHECK(s.decision().decided_by() == bob);
    CHECK(s.decision().settles() == 1);
    CHECK(s.decision().before() == verdict::reject);
    CHECK(s.books() == partition::account_books{1, 1, 0, 0});
    CHECK(s.measure().state == measure_state::lifting);
    const auto told = s.sent<wire::reversal>();
    REQUIRE(told.size() == 1);
    CHECK(from_wire(told[0]->subject()) == listing);
    CHECK(told[0]->by() == bob);
    CHECK(told[0]->row() == 3);
    CHECK(told[0]->number() == 1);
    s.when(acknowledge(2));
    CHECK(s.measure().state == measure_state::lifted);
    s.when(appeal()).then(wire::refusal::not_in_this_state, 1);
  }

  TEST_CASE("not upheld, the sanction stays; the second appeal is barred for both who decided, and is the last") {
    appeal_stage s;
    s.when(answer(s.file(), verdict::reject, bob)).then(verdict::reject);
    CHECK(s.measure().state == measure_state::in_force);
    CHECK(s.sent<wire::reversal>().empty());
    const auto second = s.file();
    CHECK(second.not_by() == ann);
    CHECK(second.nor_by() == bob);
    s.when(answer(second, verdict::reject, cleo));
    s.when(appeal()).then(wire::refusal::appeal_closed, 1);
    CHECK(s.books() == partition::account_books{3, 2, 0, 1});
  }

  TEST_CASE("against a new decision there are new appeals") {
    appeal_stage s;
    for (int n = 0; n < 2; ++n) s.when(answer(s.file(), verdict::reject, bob));
    s.when(appeal()).then(wire::refusal::appeal_closed, 1);
    s.when(impose(verdict::reject, 2, cleo));
    CHECK(s.file().not_by() == cleo);
  }

  TEST_CASE("an appeal whose sanction has gone or changed meanwhile is answered and moves nothing") {
    appeal_stage s;
    const auto task = s.file();
    SUBCASE("lifted by who imposed it") { s.when(message(msg::lift(to_wire(listing), 3, 2))); }
    SUBCASE("replaced by a newer decision") { s.when(impose(verdict::suspend, 2, cleo)); }
    const auto state = s.measure().state;
    s.when(answer(task, verdict::approve, bob)).then(verdict::approve);
    CHECK(s.sent<wire::reversal>().empty());
    CHECK(s.effects().empty());
    CHECK(s.measure().state == state);
    CHECK(s.books() == partition::account_books{1, 1, 0, 0});
  }

  TEST_CASE("an answer is taken once") {
    appeal_stage s;
    const auto task = s.file();
    s.when(answer(task, verdict::reject, bob));
    s.when(answer(task, verdict::approve, cleo)).then_nothing();
    CHECK(s.measure().state == measure_state::in_force);
  }

  TEST_CASE("refuses what is no appeal, naming the field") {
    appeal_stage s;
    s.when(appeal(4)).then(wire::refusal::out_of_range, 2);
    s.when(appeal(1, clinic)).then(wire::refusal::unknown_subject, 1);
    s.when(submission(build<msg::file_appeal>([](auto& b) { return msg::Createfile_appeal(b); })))
        .then(wire::refusal::malformed, 1);
    account_id other;
    for (int i = 0; !other || shard_of(other) != shard_of(clinic); ++i) other = subject(subject_kind::user, std::to_string(i));
    s.when(appeal().to(other)).then(wire::refusal::not_yours, 1);
    s.file();
    s.when(appeal()).then(wire::refusal::not_in_this_state, 1);
    CHECK(s.books() == partition::account_books{6, 0, 1, 5});
  }

  TEST_CASE("answers about strangers are refused") {
    appeal_stage s;
    s.when(answer(clinic, wire::desk::purpose::appeal, 1, verdict::approve)).then(wire::refusal::unknown_subject);
  }

  // The whole way: three workflows, whose messages are carried by hand.
  TEST_CASE("who rejected cannot hear the appeal, who hears it can let it in, and all is as it would have been") {
    stage<onboarding::workflow> papers{clinic};
    stage<takedown::workflow> sanctions{clinic};
    stage<desk::workflow> people{decision::queue_account("onboarding")};
    stage<desk::workflow> appeals{decision::queue_account("appeal")};

    licence_form f{papers.now()};
    f.number.replace(17, 4, "Z999");
    papers.when(f.shown()).then(wire::status::waiting);
    const auto question = papers.sent<wire::desk::open_task>()[0];
    people.when(message(*question));
    const auto decide = [&](const wire::id& task, std::uint64_t reviewer, verdict v) {
      return submission(build<wire::desk::decide_task>(
          [&](auto& b) { return wire::desk::Createdecide_task(b, &task, reviewer, v, 1000); }));
    };
    people.when(decide(question->task(), ann, verdict::reject)).then(verdict::reject);
    papers.when(message(*people.sent<wire::desk_answer>()[0])).then(verdict::reject);
    sanctions.when(message(papers.sent<msg::impose>()[0]));

    sanctions.when(appeal(1, clinic)).then(wire::status::waiting);
    const auto hearing = sanctions.sent<wire::desk::open_task>()[0];
    appeals.when(message(*hearing));
    appeals.when(decide(hearing->task(), ann, verdict::approve)).then(wire::refusal::not_yours, 1);
    appeals.when(decide(hearing->task(), bob, verdict::approve)).then(verdict::approve);
    sanctions.when(message(*appeals.sent<wire::desk_answer>()[0])).then(verdict::approve);
    papers.when(message(*sanctions.sent<wire::reversal>()[0])).then(verdict::approve);

    const auto& i = papers.state().institutions[0];
    CHECK(i.standing == wire::standing::admitted);
    CHECK(i.valid_to == f.to.ms);
    const auto lift = papers.sent<msg::lift>();
    REQUIRE(lift.size() == 1);
    sanctions.when(message(*lift[0])).then_nothing();
    CHECK(sanctions.state().measures[0].state == measure_state::lifting);
  }
}

}  // namespace zhili
