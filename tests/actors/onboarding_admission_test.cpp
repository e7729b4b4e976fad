// SPDX-License-Identifier: Apache-2.0
// The life of an admission: repeats, waiting, lapse, renewal, audit, appeal.
#include <doctest/doctest.h>

#include "tests/actors/papers.hpp"

namespace zhili {
namespace {

using namespace testkit;
using namespace std::chrono_literals;
using wire::gate;
using wire::standing;
using wire::desk::purpose;
using registry_entry = partition::registry::entry;

struct admission_stage : stage<onboarding::workflow> {
  admission_stage() : stage(clinic) {}
  const onboarding::institution& row() const { return state().institutions[0]; }

  /// Admitted until so long from now.
  void admit(duration left = days{30}) { when(licence_form{now(), left}.shown()).then(verdict::approve); }

  std::vector<flat<wire::desk::open_task>> tasks() const { return sent<wire::desk::open_task>(); }
  wire::institution_status published() const {
    const auto facts = sent<wire::institution_status>();
    REQUIRE_FALSE(facts.empty());
    return *facts.back();
  }
};

licence_form unknown_category(licence_form f) {
  f.number.replace(17, 4, "Z999");
  return f;
}
licence_form other_company(licence_form f) {
  f.number = credentials::make_licence(99, 330106, credentials::category::aesthetic_hospital);
  return f;
}

input<wire::reversal> reversal_of(std::uint32_t number) { return message(wire::reversal(to_wire(clinic), 77, 0, number)); }
input<wire::inspect> visit(std::uint32_t number) { return message(wire::inspect(to_wire(clinic), number, 0, 0)); }
/// What the register's page says of the licence of that number.
input<wire::onboarding::licence_seen> looked_up(const std::string& licence, int entry, std::uint32_t number = 1) {
  return submission(build<wire::onboarding::licence_seen>([&](auto& b) {
    const auto text = licence.empty() ? 0 : b.CreateString(licence);
    return wire::onboarding::Createlicence_seen(b, 7, number, text, static_cast<std::uint8_t>(entry));
  }));
}
int as_int(registry_entry e) { return static_cast<int>(e); }
input<wire::index_crossed> index(std::uint8_t band) { return message(wire::index_crossed(500, band, 0, 0)); }

}  // namespace

TEST_SUITE("actors/onboarding/admission") {
  TEST_CASE("the same papers once more are answered from the row and decide nothing") {
    admission_stage s;
    s.admit();
    s.when(licence_form{s.now(), days{30}}.shown()).then(verdict::approve).then_nothing();
    SUBCASE("also where they were rejected") {
      const auto bad = other_company(licence_form{s.now(), days{900}});
      s.when(bad.shown()).then(verdict::reject);
      s.when(bad.shown()).then(verdict::reject).then_nothing();
      CHECK(s.row().rejections == 1);
    }
    SUBCASE("but not once the registry says something else") {
      const licence_form f{s.now(), days{30}};
      s.use_registry({{f.number, registry_entry::listed}});
      s.when(f.shown()).then(verdict::approve);
      CHECK(s.decided_anything());
      s.when(f.shown()).then_nothing();
    }
  }

  TEST_CASE("papers that came before their time are judged again when it has come") {
    admission_stage s;
    licence_form f{s.now(), days{400}};
    f.from = s.now() + days{3};
    s.when(f.shown()).then(verdict::reject);
    s.when(f.shown()).then(verdict::reject).then_nothing();
    s.advance(days{3});
    s.when(f.shown()).then(verdict::approve);
  }

  TEST_CASE("what waits is settled by the desk, however many versions came in") {
    admission_stage s;
    s.when(unknown_category(licence_form{s.now(), days{100}}).shown()).then(wire::status::waiting);
    const auto first = s.tasks();
    REQUIRE(first.size() == 1);
    s.when(unknown_category(licence_form{s.now(), days{200}}).shown()).then(wire::status::waiting);
    const auto second = s.tasks();
    REQUIRE(second.size() == 1);
    CHECK(s.row().waiting == 2);
    CHECK(s.live().books()[1] == partition::account_books{2, 0, 2, 0});

    // The first question is withdrawn; should its answer come all the same, it moves nothing.
    const auto withdrawn = s.sent<wire::desk::withdraw_task>();
    REQUIRE(withdrawn.size() == 1);
    CHECK(from_wire(withdrawn[0]->task()) == from_wire(first[0]->task()));
    s.when(answer(*first[0], verdict::approve)).then_nothing();

    s.when(answer(*second[0], verdict::approve)).then(verdict::approve);
    CHECK(s.decision().settles() == 2);
    CHECK(s.decision().decided_by() == 501);
    CHECK(s.live().books()[1] == partition::account_books{2, 2, 0, 0});
    CHECK(s.row().standing == standing::admitted);
    CHECK(s.row().valid_to == (s.now() + days{200}).ms);
    s.when(answer(*second[0], verdict::reject)).then_nothing();
  }

  TEST_CASE("good papers that come while others wait settle both, and the desk is told") {
    admission_stage s;
    s.when(unknown_category(licence_form{s.now()}).shown()).then(wire::status::waiting);
    s.when(licence_form{s.now()}.shown()).then(verdict::approve);
    CHECK(s.decision().settles() == 1);
    CHECK(s.sent<wire::desk::withdraw_task>().size() == 1);
    CHECK(s.live().books()[1] == partition::account_books{2, 2, 0, 0});
    s.when(answer(clinic, purpose::submission, 1, verdict::reject)).then_nothing();
    CHECK(s.row().standing == standing::admitted);
  }

  TEST_CASE("no more than a hundred versions wait at once") {
    admission_stage s;
    for (int n = 0; n < 100; ++n) {
      s.when(unknown_category(licence_form{s.now(), days{100 + n}}).shown()).then(wire::status::waiting);
    }
    s.when(unknown_category(licence_form{s.now(), days{900}}).shown()).then(wire::refusal::not_in_this_state);
    s.when(answer(clinic, purpose::submission, 100, verdict::approve)).then(verdict::approve);
    CHECK(s.decision().settles() == 100);
  }

  TEST_CASE("on the day the licence ends the institution is suspended, told to all, and audited again") {
    admission_stage s;
    s.admit(days{30});
    s.advance(days{30} - 1ms);
    CHECK(s.row().standing == standing::admitted);
    s.advance(1ms);
    CHECK(s.row().standing == standing::suspended);
    CHECK(s.decision().verdict() == verdict::suspend);
    CHECK(s.decision().cause() == wire::cause::timer);
    CHECK(s.gates() == std::vector{gate::licence_expired});
    CHECK(s.published().standing() == standing::suspended);
    REQUIRE(s.sent<wire::takedown::impose>().size() == 1);
    CHECK(s.sent<wire::takedown::impose>()[0]->head()->verdict() == verdict::suspend);
    REQUIRE(s.tasks().size() == 1);
    CHECK(s.tasks()[0]->purpose() == purpose::re_audit);
    CHECK(s.tasks()[0]->priority() == 2);
    SUBCASE("a person cannot mend it, a renewal does") {
      s.when(answer(*s.tasks()[0], verdict::approve));
      CHECK(s.row().standing == standing::suspended);
      s.when(licence_form{s.now(), days{365}}.shown()).then(verdict::approve);
      CHECK(s.row().standing == standing::admitted);
      CHECK(s.published().standing() == standing::admitted);
      CHECK(s.sent<wire::takedown::lift>().size() == 1);
      CHECK(s.row().holds == 0);
      s.advance(days{365});
      CHECK(s.row().standing == standing::suspended);
    }
    SUBCASE("a renewal that is only labelled restores it too") {
      s.when(unknown_category(licence_form{s.now(), days{365}}).shown()).then(wire::status::waiting);
      s.when(answer(*s.tasks()[0], verdict::label)).then(verdict::label);
      CHECK(s.row().standing == standing::admitted);
    }
  }

  TEST_CASE("a renewal in good time keeps the admission past the old day") {
    admission_stage s;
    s.admit(days{30});
    s.advance(days{20});
    s.when(licence_form{s.now(), days{365}}.shown()).then(verdict::approve);
    s.advance(days{20});
    CHECK_FALSE(s.decided_anything());
    CHECK(s.row().standing == standing::admitted);
    s.advance(days{345});
    CHECK(s.row().standing == standing::suspended);
  }

  TEST_CASE("a renewal that is rejected or still at the desk widens and prolongs nothing") {
    admission_stage s;
    s.admit(days{30});
    const auto level = s.row().in_force.level_max;
    SUBCASE("rejected") { s.when(other_company(licence_form{s.now(), days{900}}).shown()).then(verdict::reject); }
    SUBCASE("at the desk") {
      auto f = unknown_category(licence_form{s.now(), days{900}});
      f.departments = 0x3f;
      s.when(f.shown()).then(wire::status::waiting);
    }
    CHECK(s.row().standing == standing::admitted);
    CHECK(s.published().level_max() == level);
    CHECK(s.published().departments() == 1);
    CHECK(s.published().licence_to() == (s.now() + days{30}).ms);
    s.advance(days{30});
    CHECK(s.row().standing == standing::suspended);
    CHECK(s.gates() == std::vector{gate::licence_expired});
  }

  TEST_CASE("papers that end while they lie at the desk are not let in") {
    admission_stage s;
    s.when(unknown_category(licence_form{s.now(), days{5}}).shown()).then(wire::status::waiting);
    const auto tasks = s.tasks();
    s.advance(days{6});
    s.when(answer(*tasks[0], verdict::approve)).then(verdict::reject);
    CHECK(s.gates() == std::vector{gate::licence_expired});
    CHECK(s.row().standing != standing::admitted);
    CHECK(s.books_balance().empty());
  }

  TEST_CASE("a new snapshot suspends who is revoked in it, and whom it lacks is left alone") {
    admission_stage s;
    s.admit();
    const std::string number = licence_form{s.now()}.number;
    s.use_registry({});
    CHECK_FALSE(s.decided_anything());
    s.use_registry({{number, registry_entry::revoked}});
    CHECK(s.row().standing == standing::suspended);
    CHECK(s.decision().cause() == wire::cause::registry);
    CHECK(s.gates() == std::vector{gate::registry_revoked});
    CHECK(s.tasks().size() == 1);
    s.use_registry({{number, registry_entry::revoked}});
    CHECK_FALSE(s.decided_anything());
    // The same licence does not come back.
    s.when(licence_form{s.now(), days{700}}.shown()).then(verdict::reject);
    CHECK(s.row().standing == standing::suspended);
  }

  TEST_CASE("a high index takes the institution offline at once, and only its audit brings it back") {
    admission_stage s;
    s.admit(days{30});
    s.when(index(1)).then_nothing();
    s.when(index(2));
    CHECK(s.row().standing == standing::suspended);
    CHECK(s.decision().cause() == wire::cause::risk);
    CHECK(s.gates() == std::vector{gate::index_high});
    const auto tasks = s.tasks();
    REQUIRE(tasks.size() == 1);
    CHECK(tasks[0]->purpose() == purpose::re_audit);
    s.when(index(2)).then_nothing();
    SUBCASE("an audit that finds nothing") {
      s.when(answer(*tasks[0], verdict::approve)).then(verdict::approve);
      CHECK(s.row().standing == standing::admitted);
      CHECK(s.decision().before() == verdict::suspend);
      CHECK(s.sent<wire::takedown::lift>().size() == 1);
    }
    SUBCASE("an audit that does not") {
      s.when(answer(*tasks[0], verdict::reject));
      CHECK(s.row().standing == standing::suspended);
    }
    SUBCASE("new papers are no answer to it") {
      s.when(licence_form{s.now(), days{400}}.shown()).then(verdict::approve);
      CHECK(s.row().standing == standing::suspended);
      s.when(answer(*tasks[0], verdict::approve));
      CHECK(s.row().standing == standing::admitted);
      CHECK(s.row().valid_to == (s.now() + days{400}).ms);
    }
    SUBCASE("a licence that ends meanwhile is not forgotten") {
      s.advance(days{31});
      CHECK(s.row().standing == standing::suspended);
      s.when(answer(*tasks[0], verdict::approve));
      CHECK(s.row().standing == standing::suspended);
      s.when(licence_form{s.now(), days{365}}.shown()).then(verdict::approve);
      CHECK(s.row().standing == standing::admitted);
    }
    SUBCASE("a licence that is revoked meanwhile neither") {
      s.use_registry({{licence_form{s.now()}.number, registry_entry::revoked}});
      s.when(answer(*tasks[0], verdict::approve));
      CHECK(s.row().standing == standing::suspended);
    }
  }

  TEST_CASE("a lapsed institution whose index is high needs both a renewal and its audit") {
    admission_stage s;
    s.admit(days{1});
    s.advance(days{1});
    s.when(index(2));
    const auto tasks = s.tasks();
    REQUIRE(tasks.size() == 1);
    s.when(licence_form{s.now(), days{365}}.shown()).then(verdict::approve);
    CHECK(s.row().standing == standing::suspended);
    s.when(answer(*tasks[0], verdict::approve));
    CHECK(s.row().standing == standing::admitted);
  }

  TEST_CASE("an index of somebody who was never let in changes nothing") {
    admission_stage s;
    s.when(index(2)).then_nothing();
    s.when(other_company(licence_form{s.now()}).shown()).then(verdict::reject);
    s.when(index(2)).then_nothing();
  }

  TEST_CASE("inspection finds a licence that is no longer in force") {
    admission_stage s;
    s.admit(days{30});
    s.when(visit(1));
    CHECK_FALSE(s.decided_anything());
    // A timer that is late: time passes without it.
    const instant after = s.now() + days{40};
    partition::command c;
    const wire::inspect visit(to_wire(clinic), 2, 0, 0);
    c.head = wire::command_header(to_wire(clinic), 0, after.ms, {}, {}, 2, 1, 30 << 8, 1, wire::origin::message);
    c.type = shared_type<wire::inspect>();
    c.body = body_of(visit);
    s.live().take(c, after);
    s.commit();
    CHECK(s.decision().cause() == wire::cause::inspection);
    CHECK(s.row().standing == standing::suspended);
  }

  TEST_CASE("a visit has the licence looked up, and what is revoked there is suspended before any snapshot says so") {
    admission_stage s;
    s.admit();
    const std::string number = licence_form{s.now()}.number;
    s.use_registry({{number, registry_entry::listed}});
    s.when(visit(3)).then_events(some<onboarding::msg::licence_asked>{});
    REQUIRE(s.effects().size() == 1);
    const asked_effect asked = s.effects()[0];
    CHECK(asked.account == clinic);
    CHECK(asked.type == shared_type<wire::licence_requested>());
    CHECK(asked.as<wire::licence_requested>().ref() == 7);
    CHECK(asked.as<wire::licence_requested>().visit() == 3);
    s.when(visit(3));
    CHECK(s.effects()[0].effect == asked.effect);
    s.when(visit(4));
    CHECK(s.effects()[0].effect != asked.effect);

    SUBCASE("what is listed, or missing, changes nothing") {
      s.when(looked_up(number, as_int(registry_entry::listed))).then_nothing();
      s.when(looked_up(number, as_int(registry_entry::missing))).then_nothing();
      CHECK(s.row().standing == standing::admitted);
    }
    SUBCASE("nor does what became of another licence") {
      const std::string other = credentials::make_licence(77, 330106, credentials::category::aesthetic_clinic);
      s.when(looked_up(other, as_int(registry_entry::revoked))).then_nothing();
      CHECK(s.row().standing == standing::admitted);
    }
    SUBCASE("what is revoked is suspended, audited, and does not come back by a snapshot that does not know it yet") {
      s.when(looked_up(number, as_int(registry_entry::revoked))).then(verdict::suspend);
      CHECK(s.outcome().kind == subject_kind::none);
      CHECK(s.decision().cause() == wire::cause::inspection);
      CHECK(s.gates() == std::vector{gate::registry_revoked});
      CHECK(s.tasks().size() == 1);
      CHECK(s.row().standing == standing::suspended);
      s.when(looked_up(number, as_int(registry_entry::revoked))).then_nothing();
      s.when(visit(5)).then_nothing();
      s.when(licence_form{s.now(), days{700}}.shown()).then(wire::status::waiting);
      CHECK(s.row().standing == standing::suspended);
      REQUIRE(s.tasks().size() == 1);
      s.when(answer(*s.tasks()[0], verdict::approve)).then(verdict::approve);
      CHECK(s.row().standing == standing::admitted);
    }
    SUBCASE("what says nothing is refused") {
      s.when(looked_up("", 3)).then(wire::refusal::malformed);
      s.when(looked_up(std::string(65, '1'), 3)).then(wire::refusal::malformed);
      s.when(looked_up(number, 0)).then(wire::refusal::out_of_range);
      s.when(looked_up(number, 4)).then(wire::refusal::out_of_range);
      s.when(looked_up(number, 3).to(subject(subject_kind::institution, "stranger"))).then(wire::refusal::wrong_account);
    }
    CHECK(s.books_balance().empty());
  }

  TEST_CASE("an appeal that is upheld gives back exactly what the sanction took") {
    admission_stage s;
    SUBCASE("an application that was rejected is admitted with the papers it showed") {
      const auto f = other_company(licence_form{s.now(), days{200}});
      s.when(f.shown()).then(verdict::reject);
      s.when(reversal_of(1)).then(verdict::approve);
      CHECK(s.row().standing == standing::admitted);
      CHECK(s.row().in_force.level_max == 3);
      CHECK(s.row().valid_to == f.to.ms);
      CHECK(s.decision().cause() == wire::cause::appeal);
      CHECK(s.decision().decided_by() == 77);
      s.advance(days{200});
      CHECK(s.row().standing == standing::suspended);
    }
    SUBCASE("a suspension is taken back, on the papers in force") {
      s.admit(days{30});
      s.when(index(2));
      s.when(reversal_of(2)).then(verdict::approve);
      CHECK(s.row().standing == standing::admitted);
      CHECK(s.row().holds == 0);
      CHECK(s.row().valid_to == (s.now() + days{30}).ms);
      CHECK(s.published().standing() == standing::admitted);
    }
    SUBCASE("but papers of a renewal that was rejected do not come in with it") {
      s.admit(days{30});
      s.when(other_company(licence_form{s.now(), days{900}}).shown()).then(verdict::reject);
      s.when(index(2));
      s.when(reversal_of(3)).then(verdict::approve);
      CHECK(s.row().standing == standing::admitted);
      CHECK(s.row().valid_to == (s.now() + days{30}).ms);
      CHECK(s.row().in_force.level_max == 1);
    }
    SUBCASE("nor those that lie at the desk") {
      s.admit(days{30});
      s.when(index(2));
      s.when(unknown_category(licence_form{s.now(), days{900}}).shown()).then(wire::status::waiting);
      s.when(reversal_of(2)).then(verdict::approve);
      CHECK(s.row().valid_to == (s.now() + days{30}).ms);
      CHECK(s.row().waiting == 1);
      s.when(answer(clinic, purpose::submission, 3, verdict::approve)).then(verdict::approve);
      CHECK(s.row().valid_to == (s.now() + days{900}).ms);
    }
    SUBCASE("a licence that has ended since is not brought back") {
      s.admit(days{1});
      s.advance(days{1});
      s.when(reversal_of(2)).then(verdict::suspend);
      CHECK(s.row().standing == standing::suspended);
      CHECK(s.gates() == std::vector{gate::licence_expired});
      s.when(licence_form{s.now(), days{365}}.shown()).then(verdict::approve);
      CHECK(s.row().standing == standing::admitted);
    }
    SUBCASE("where newer papers wait in the place of those that were rejected, there is nothing to give") {
      s.when(other_company(licence_form{s.now()}).shown()).then(verdict::reject);
      s.when(unknown_category(licence_form{s.now(), days{900}}).shown()).then(wire::status::waiting);
      s.when(reversal_of(1)).then_nothing();
      CHECK(s.row().standing == standing::checking);
    }
  }

  TEST_CASE("a second opinion that the admission was wrong ends it") {
    admission_stage s;
    s.admit();
    // Quality's third question about the first decision.
    constexpr std::uint64_t asked = 1 << 1 | 1;
    s.when(answer(clinic, purpose::second_look, asked, verdict::approve)).then_nothing();
    SUBCASE("unless it has been decided anew since: that opinion is about other papers") {
      s.when(licence_form{s.now(), days{400}}.shown()).then(verdict::approve);
      s.when(answer(clinic, purpose::second_look, asked, verdict::reject)).then_nothing();
      CHECK(s.row().standing == standing::admitted);
      return;
    }
    s.when(answer(clinic, purpose::second_look, asked, verdict::reject)).then(verdict::suspend);
    CHECK(s.decision().cause() == wire::cause::quality);
    CHECK(s.row().standing == standing::suspended);
  }

  TEST_CASE("the audit of one suspension does not end another") {
    admission_stage s;
    s.admit(days{30});
    s.advance(days{31});
    REQUIRE(s.tasks().size() == 1);
    const auto of_the_lapse = s.tasks()[0];
    s.when(licence_form{s.now(), days{365}}.shown()).then(verdict::approve);
    s.when(index(2));
    CHECK(s.row().standing == standing::suspended);
    REQUIRE(s.tasks().size() == 1);
    const auto of_the_index = s.tasks()[0];
    s.when(answer(*of_the_lapse, verdict::approve)).then_nothing();
    CHECK(s.row().standing == standing::suspended);
    // New papers in the meantime do not make it another suspension.
    s.when(licence_form{s.now(), days{700}}.shown()).then(verdict::approve);
    s.when(answer(*of_the_index, verdict::approve)).then(verdict::approve);
    CHECK(s.row().standing == standing::admitted);
  }

  TEST_CASE("answers and reversals for strangers are refused, and late ones move nothing") {
    admission_stage s;
    const account_id stranger = subject(subject_kind::institution, "stranger");
    s.when(answer(stranger, purpose::submission, 1, verdict::approve)).then(wire::refusal::unknown_subject);
    s.when(message(wire::reversal(to_wire(stranger), 1, 0, 1))).then(wire::refusal::unknown_subject);
    s.when(message(wire::inspect(to_wire(clinic), 1, 0, 0))).then_nothing();
    s.admit();
    s.when(answer(clinic, purpose::submission, 1, verdict::reject)).then_nothing();
    s.when(answer(clinic, purpose::re_audit, 1, verdict::approve)).then_nothing();
  }

  TEST_CASE("a renewal is marked as such for the pack, with the rejections before it") {
    stage<onboarding::workflow> s{clinic, {.pack = "packs/baseline-2021"}};
    for (int n = 0; n < 5; ++n) s.when(other_company(licence_form{s.now(), days{100 + n}}).shown()).then(verdict::reject);
    // Rule onb-many-rejections: the sixth goes to a person.
    s.when(licence_form{s.now(), days{300}}.shown()).then(wire::status::waiting);
    CHECK(s.state().institutions[0].rejections == 5);
  }
}

}  // namespace zhili
