// SPDX-License-Identifier: Apache-2.0
// What follows from a decision, seen through onboarding.
#include <doctest/doctest.h>

#include "protocols/schema/quality_generated.h"
#include "protocols/schema/risk_generated.h"
#include "tests/actors/papers.hpp"

namespace zhili {
namespace {

using namespace testkit;
using namespace std::chrono_literals;

licence_form bad(instant now, duration left = days{365}) {
  licence_form f{now, left};
  f.uscc[17] = f.uscc[17] == '0' ? '1' : '0';
  return f;
}
licence_form doubtful(instant now) {
  licence_form f{now};
  f.number.replace(17, 4, "Z999");
  return f;
}

}  // namespace

TEST_SUITE("actors/decision/follow_up") {
  TEST_CASE("a decision against somebody goes to takedown with its reasons, and to the index") {
    stage<onboarding::workflow> s{clinic};
    s.when(bad(s.now()).shown()).then(verdict::reject);
    const auto imposed = s.sent<wire::takedown::impose>();
    REQUIRE(imposed.size() == 1);
    CHECK(imposed[0]->workflow() == workflow_numbers::onboarding);
    CHECK(from_wire(imposed[0]->head()->subject()) == clinic);
    REQUIRE(imposed[0]->findings() != nullptr);
    CHECK(imposed[0]->findings()->size() == 1);
    const auto charges = s.sent<wire::risk::charge>();
    REQUIRE(charges.size() == 1);
    CHECK(charges[0]->reversed() == 0);
    for (const sent_message& m : s.sent()) CHECK(m.stream == stream_kind::inside_account);
  }

  TEST_CASE("what was against somebody and is not any longer is lifted, and its charge taken back") {
    stage<onboarding::workflow> s{clinic};
    s.when(bad(s.now()).shown());
    s.when(licence_form{s.now()}.shown()).then(verdict::approve);
    REQUIRE(s.sent<wire::takedown::lift>().size() == 1);
    REQUIRE(s.sent<wire::risk::charge>().size() == 1);
    CHECK(s.sent<wire::risk::charge>()[0]->reversed() == 1);
  }

  TEST_CASE("an approval of what nothing was held against is silent") {
    stage<onboarding::workflow> s{clinic};
    s.when(licence_form{s.now()}.shown()).then(verdict::approve);
    CHECK(s.sent<wire::takedown::impose>().empty());
    CHECK(s.sent<wire::takedown::lift>().empty());
    CHECK(s.sent<wire::risk::charge>().empty());
    CHECK(s.sent<wire::desk::open_task>().empty());
  }

  TEST_CASE("a doubt goes to the queue of the workflow, named after subject and occasion, due as the pack says") {
    stage<onboarding::workflow> s{clinic};
    s.when(doubtful(s.now()).shown()).then(wire::status::waiting);
    const auto tasks = s.sent<wire::desk::open_task>();
    REQUIRE(tasks.size() == 1);
    CHECK(s.sent<wire::takedown::impose>().empty());
    CHECK(from_wire(tasks[0]->task()) == decision::task_id(clinic, wire::desk::purpose::submission, 1));
    CHECK(tasks[0]->due() == (s.now() + 24h).ms);
    CHECK(tasks[0]->ref() == 7);
    CHECK(tasks[0]->workflow() == workflow_numbers::onboarding);
    bool found = false;
    for (const sent_message& m : s.sent()) {
      if (!s.is<wire::desk::open_task>(m)) continue;
      found = true;
      CHECK(m.account == decision::queue_account("onboarding"));
      CHECK(m.to.shard == shard_of(decision::queue_account("onboarding")));
      CHECK(m.stream == stream_kind::across_accounts);
    }
    CHECK(found);
  }

  TEST_CASE("due times follow the queue's setting and the task's priority") {
    stage<onboarding::workflow> s{clinic, {.pack = "tests/actors/desk_pack"}};
    s.when(doubtful(s.now()).shown());
    CHECK(s.sent<wire::desk::open_task>()[0]->due() == (s.now() + 12h).ms);
    s.when(licence_form{s.now(), days{1}}.shown()).then(verdict::approve);
    s.advance(days{1});
    REQUIRE(s.sent<wire::desk::open_task>().size() == 1);
    CHECK(s.sent<wire::desk::open_task>()[0]->due() == (s.now() + 4h).ms);
  }

  TEST_CASE("quality is sent what it drew, by hash: the same at every run, about its share, and no doubts") {
    std::size_t drawn = 0, decided = 0;
    for (int n = 0; n < 400; ++n) {
      const account_id a = subject(subject_kind::institution, "q-" + std::to_string(n));
      stage<onboarding::workflow> s{a, {.pack = "tests/actors/sample_pack"}};
      s.when(submission(licence_form{s.now()}.body())).then(verdict::approve);
      ++decided;
      drawn += s.sent<wire::quality::sampled>().size();
      stage<onboarding::workflow> again{a, {.pack = "tests/actors/sample_pack"}};
      again.when(submission(licence_form{again.now()}.body()));
      REQUIRE(again.sent<wire::quality::sampled>().size() == s.sent<wire::quality::sampled>().size());
      s.when(submission(doubtful(s.now()).body()));
      REQUIRE(s.sent<wire::quality::sampled>().empty());
    }
    // 250 per mille of 400, three deviations either way.
    CHECK(drawn > 74);
    CHECK(drawn < 126);
  }

  TEST_CASE("tasks of one subject differ by purpose and occasion, queues by name") {
    using wire::desk::purpose;
    CHECK(decision::task_id(clinic, purpose::submission, 1) != decision::task_id(clinic, purpose::submission, 2));
    CHECK(decision::task_id(clinic, purpose::submission, 1) != decision::task_id(clinic, purpose::appeal, 1));
    CHECK(decision::queue_account("onboarding") != decision::queue_account("appeal"));
    CHECK(decision::queue_account("appeal").kind() == subject_kind::queue);
  }
}

}  // namespace zhili
