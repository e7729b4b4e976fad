// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/actors/papers.hpp"

namespace zhili {
namespace {

using namespace testkit;
using wire::standing;

const account_id second = subject(subject_kind::institution, "second");

input<wire::watch_practitioner> watch(account_id watcher) {
  return message(wire::watch_practitioner(to_wire(doctor), to_wire(watcher)));
}

/// To whom, and what standing they were told.
std::vector<std::pair<account_id, standing>> told(const stage<onboarding::workflow>& s) {
  std::vector<std::pair<account_id, standing>> list;
  for (const sent_message& m : s.sent()) {
    if (!stage<onboarding::workflow>::is<wire::practitioner_credentials>(m) || m.account == doctor) continue;
    list.emplace_back(m.account, view_body<wire::practitioner_credentials>(m.body).standing());
  }
  return list;
}

}  // namespace

TEST_SUITE("actors/onboarding/watchers") {
  TEST_CASE("who watches a practitioner is told at once and at every change") {
    stage<onboarding::workflow> s{doctor};
    s.when(registration_form{s.now(), days{10}}.shown()).then(verdict::approve);
    s.when(watch(clinic));
    CHECK(told(s) == std::vector{std::pair{clinic, standing::admitted}});
    s.when(watch(second));
    CHECK(told(s) == std::vector{std::pair{second, standing::admitted}});
    s.advance(days{10});
    CHECK(told(s) == std::vector{std::pair{clinic, standing::suspended}, std::pair{second, standing::suspended}});
  }

  TEST_CASE("watching twice is watching once") {
    stage<onboarding::workflow> s{doctor};
    s.when(watch(clinic));
    s.when(watch(clinic));
    CHECK(told(s).size() == 1);
    s.when(registration_form{s.now()}.shown());
    CHECK(told(s).size() == 1);
  }

  TEST_CASE("a practitioner may be watched before applying; who never applied is unknown") {
    stage<onboarding::workflow> s{doctor};
    s.when(watch(clinic));
    CHECK(told(s) == std::vector{std::pair{clinic, standing::unknown}});
    CHECK(s.state().shown_registrations.empty());
    s.when(registration_form{s.now()}.shown()).then(verdict::approve);
    CHECK(told(s) == std::vector{std::pair{clinic, standing::admitted}});
    CHECK(s.decision().number() == 1);
  }

  TEST_CASE("what is told are the papers in force, with a version that rises") {
    stage<onboarding::workflow> s{doctor};
    s.when(watch(clinic));
    registration_form f{s.now()};
    f.scopes = 5;
    s.when(f.shown()).then(verdict::approve);
    const auto first = s.sent<wire::practitioner_credentials>();
    REQUIRE_FALSE(first.empty());
    CHECK(first.back()->scopes() == 5);
    CHECK(from_wire(first.back()->registered_at()) == clinic);
    f.scopes = 15;
    f.in_register = 2;
    s.when(f.shown()).then(verdict::reject);
    const auto after = s.sent<wire::practitioner_credentials>();
    CHECK(after.back()->scopes() == 5);
    CHECK(after.back()->version() > first.back()->version());
  }
}

}  // namespace zhili
