// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/product_form.hpp"

namespace zhili::product::tests {
namespace {

const subject_id nose = subject(subject_kind::product, "nose");
const subject_id theirs = subject(subject_kind::product, "theirs");

}  // namespace

TEST_SUITE("actors/product") {
  TEST_CASE("a listing that names an unknown practitioner waits while onboarding is asked") {
    product_stage s{clinic};
    admit(s);
    s.when(listed({.practitioner = doctor})).then(wire::status::waiting);
    s.then_events(
        some<msg::listing_recorded>{[](auto& e) { return e.waits() == 1; }},
        msg::fact_requested(to_wire(doctor), 0, 0));
    CHECK(row_of(s).mode == mode::waiting_facts);
    REQUIRE(s.sent().size() == 1);
    CHECK(s.sent()[0].to.workflow == workflow_numbers::onboarding);
    CHECK(s.sent()[0].account == doctor);
    const auto asked = s.sent<wire::watch_practitioner>();
    REQUIRE(asked.size() == 1);
    CHECK(from_wire(asked[0]->practitioner()) == doctor);
    CHECK(from_wire(asked[0]->watcher()) == clinic);
    CHECK(s.live().next_timer() == s.now() + hours{6});

    SUBCASE("only once in a partition") {
      admit(s, {.institution = neighbour()});
      s.when(listed({.practitioner = doctor}, nose)).then(wire::status::waiting);
      CHECK(s.sent().empty());
      s.when(listed({.practitioner = doctor}, theirs).to(neighbour())).then(wire::status::waiting);
      CHECK(s.sent().empty());
      CHECK(s.state().waiting() == 3);
    }
    SUBCASE("and a change of it waits as well") {
      s.when(listed({.practitioner = doctor, .price_fen = 500'000})).then(wire::status::waiting);
      CHECK(s.state().waiting() == 2);
      s.when(message(credentials_of({})));
      CHECK(s.decision().settles() == 2);
      CHECK(s.state().waiting() == 0);
      CHECK(row_of(s).price_fen == 500'000);
    }
    SUBCASE("and a change that names nobody settles both") {
      s.when(listed({})).then(verdict::approve);
      CHECK(s.decision().settles() == 1);
      s.when(message(credentials_of({}))).then_events(some<wire::practitioner_credentials>{});
    }
  }

  TEST_CASE("the answer judges every listing of the partition that waits for it") {
    product_stage s{clinic};
    admit(s);
    admit(s, {.institution = neighbour()});
    s.when(listed({.practitioner = doctor}));
    s.when(listed({.item = 69, .practitioner = doctor}, nose));
    s.when(listed({.practitioner = doctor}, theirs).to(neighbour()));
    s.advance(hours{1});
    s.when(message(credentials_of({})));
    CHECK(s.events<wire::decided>().size() == 3);
    CHECK(s.state().waiting() == 1);
    CHECK(row_of(s).verdict == verdict::approve);
    CHECK(row_of(s, nose).verdict == verdict::reject);
    // Registered at the first clinic: the second must show a filing for several places.
    CHECK(row_of(s, theirs).mode == mode::at_desk);
    CHECK(s.decision().cause() == wire::cause::fact);

    SUBCASE("and each institution speaks for its own") {
      for (const sent_message& m : s.sent()) {
        if (product_stage::is<wire::takedown::impose>(m)) CHECK(m.account == clinic);
        if (product_stage::is<wire::desk::open_task>(m)) {
          CHECK(from_wire(view_body<wire::desk::open_task>(m.body).owner()) == neighbour());
        }
      }
      CHECK(s.sent<wire::takedown::impose>().size() == 1);
      CHECK(s.sent<wire::desk::open_task>().size() == 1);
    }
    SUBCASE("and the timer then finds nothing to do") {
      s.advance(hours{6});
      CHECK(s.events<msg::request_expired>().empty());
      CHECK(!s.decided_anything());
    }
    SUBCASE("and the next listing that names the practitioner is judged at once") {
      s.when(listed({.practitioner = doctor}, subject(subject_kind::product, "next"))).then(verdict::approve);
    }
    SUBCASE("and the same answer again changes nothing") {
      s.when(message(credentials_of({}))).then_nothing();
    }
  }

  TEST_CASE("a practitioner who never applied has shown no certificate") {
    product_stage s{clinic};
    admit(s);
    s.when(listed({.practitioner = doctor}));
    s.when(message(credentials_of(
        {.version = 0, .standing = wire::standing::unknown, .registered_at = {}, .scopes = 0})));
    CHECK(s.decision().verdict() == verdict::reject);
    CHECK(s.gates() == gates_found{gate::practitioner_not_admitted});
    s.when(listed({.practitioner = doctor})).then(verdict::reject).then_nothing();

    SUBCASE("once admitted, what was rejected for that alone is approved") {
      s.when(message(credentials_of({.version = 1})));
      CHECK(s.decision().verdict() == verdict::approve);
      CHECK(s.decision().before() == verdict::reject);
      CHECK(s.sent<wire::takedown::lift>().size() == 1);
    }
  }

  TEST_CASE("nothing is approved by silence: after six hours a person decides") {
    product_stage s{clinic};
    admit(s);
    s.when(listed({.practitioner = doctor}));
    s.when(listed({.item = 9999, .practitioner = doctor}, nose));
    s.advance(hours{6} - minutes{1});
    CHECK(!s.decided_anything());
    s.advance(minutes{1});
    CHECK(s.events<wire::decided>().size() == 2);
    CHECK(row_of(s).mode == mode::at_desk);
    CHECK(s.decision().cause() == wire::cause::timer);
    CHECK(s.sent<wire::desk::open_task>().size() == 1);
    // What is wrong anyway needs nobody.
    CHECK(row_of(s, nose).verdict == verdict::reject);
    CHECK(s.state().waiting() == 1);

    SUBCASE("who may approve") {
      s.when(message(answer(s, verdict::approve)));
      CHECK(row_of(s).verdict == verdict::approve);
      CHECK(s.decision().settles() == 1);
      CHECK(s.gates().empty());
    }
    SUBCASE("unless the answer comes after all, which spares them the task") {
      s.when(message(credentials_of({})));
      CHECK(row_of(s).verdict == verdict::approve);
      CHECK(row_of(s).mode == mode::judged);
      REQUIRE(s.sent<wire::desk::withdraw_task>().size() == 1);
      CHECK(
          from_wire(s.sent<wire::desk::withdraw_task>()[0]->task()) ==
          decision::task_id(eyelids, wire::desk::purpose::submission, 1));
      CHECK(row_of(s, nose).verdict == verdict::reject);
    }
    SUBCASE("and the next listing asks once more") {
      s.when(listed({.practitioner = doctor}, theirs)).then(wire::status::waiting);
      CHECK(s.sent<wire::watch_practitioner>().size() == 1);
    }
  }

  TEST_CASE("what waits for another institution's question is judged as its own, by the law of that day") {
    const auto verdict_at = [](account_id who) {
      product_stage s{who, {.pack = pack}};
      admit(s, {.institution = who});
      s.when(listed({.text = "试行项目"}));
      return s.outcome().verdict;
    };
    // The rule is on trial with every other institution.
    int n = 0;
    while (verdict_at(neighbour(n)) == verdict_at(clinic)) ++n;
    const account_id other = neighbour(n);
    product_stage s{clinic, {.pack = pack}};
    admit(s, {.institution = other});
    s.when(listed({.practitioner = doctor}, nose));
    s.when(listed({.practitioner = doctor, .text = "试行项目"}, theirs).to(other));
    s.when(message(credentials_of({.registered_at = other})).claimed_at(s.now() - hours{3}));
    CHECK(row_of(s, theirs).verdict == verdict_at(other));
    CHECK(s.decision().event_time() == s.now().ms);
  }

  TEST_CASE("an institution that went offline meanwhile is not admitted when the answer comes") {
    product_stage s{clinic};
    admit(s);
    s.when(listed({.practitioner = doctor}));
    admit(s, {.version = 2, .standing = wire::standing::suspended});
    CHECK(!s.decided_anything());
    s.when(message(credentials_of({})));
    CHECK(s.gates() == gates_found{gate::institution_not_admitted});
    CHECK(row_of(s).verdict == verdict::reject);
  }

  TEST_CASE("takes no credentials that nothing here depends on") {
    product_stage s{clinic};
    s.when(message(credentials_of({}))).then_nothing();
  }

  TEST_CASE("refuses the 256th submission of one listing that waits") {
    product_stage s{clinic};
    admit(s);
    for (int n = 1; n <= 255; ++n) s.when(listed({.practitioner = doctor, .price_fen = n}));
    s.when(listed({.practitioner = doctor, .price_fen = 300})).then(refusal::not_in_this_state);
    s.when(message(credentials_of({})));
    CHECK(s.decision().settles() == 255);
  }
}

}  // namespace zhili::product::tests
