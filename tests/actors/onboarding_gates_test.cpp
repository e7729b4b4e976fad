// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/actors/papers.hpp"

namespace zhili {
namespace {

using namespace testkit;
using wire::gate;
using wire::standing;
using form = wire::onboarding::number_form;
using registry_entry = partition::registry::entry;

using onboarding_stage = stage<onboarding::workflow>;

std::string wrong_check_digit(std::string number, std::size_t at) {
  number[at] = number[at] == '0' ? '1' : '0';
  return number;
}

}  // namespace

TEST_SUITE("actors/onboarding/gates") {
  TEST_CASE("admits an institution whose papers agree and are in force") {
    onboarding_stage s{clinic};
    s.when(licence_form{s.now()}.shown()).then(verdict::approve);
    CHECK(s.gates().empty());
    const auto& i = s.state().institutions[0];
    CHECK(i.standing == standing::admitted);
    CHECK(i.in_force.level_max == 1);
    CHECK(i.valid_to == (s.now() + days{365}).ms);
    CHECK(s.decision().ref() == 7);
    CHECK(s.decision().number() == 1);
    CHECK(s.decision().before() == verdict::none);
    CHECK(s.decision().cause() == wire::cause::submission);
    CHECK(s.sent<wire::takedown::impose>().empty());
  }

  TEST_CASE("names every gate that papers fail at") {
    const std::string good_uscc = credentials::make_uscc(1234, 330106);
    const std::string good_number = credentials::make_licence(1234, 330106, credentials::category::aesthetic_clinic);
    const struct {
      std::string_view what;
      std::function<void(licence_form&)> spoil;
      std::vector<gate> gates;
      verdict v;
    } cases[] = {
        {"a code of 17 characters", [&](auto& f) { f.uscc = good_uscc.substr(0, 17); }, {gate::uscc_malformed}, verdict::reject},
        {"a code with a letter that is not used", [&](auto& f) { f.uscc[10] = 'I'; }, {gate::uscc_malformed}, verdict::reject},
        {"a slip in the code", [&](auto& f) { f.uscc = wrong_check_digit(good_uscc, 17); }, {gate::uscc_check_digit}, verdict::reject},
        {"a licence number cut short", [&](auto& f) { f.number = good_number.substr(0, 20); }, {gate::licence_malformed}, verdict::reject},
        {"a slip in the licence's own code", [&](auto& f) { f.number = wrong_check_digit(good_number, 8); }, {gate::licence_check_digit}, verdict::reject},
        {"a category that the table lacks", [&](auto& f) { f.number.replace(17, 4, "Z999"); }, {gate::licence_category_unknown}, verdict::escalate},
        {"a licence of another company",
         [&](auto& f) { f.number = credentials::make_licence(99, 330106, credentials::category::aesthetic_clinic); },
         {gate::licence_not_the_holder},
         verdict::reject},
        {"a licence that begins tomorrow", [](auto& f) { f.from = f.from + days{366}; }, {gate::licence_not_yet_valid}, verdict::reject},
        {"a licence that ended a moment ago", [](auto& f) { f.to = f.to - days{365}; }, {gate::licence_expired}, verdict::reject},
        {"two faults at once",
         [&](auto& f) { f.uscc = wrong_check_digit(good_uscc, 17), f.to = f.to - days{400}, f.from = f.from - days{100}; },
         {gate::uscc_check_digit, gate::licence_expired},
         verdict::reject},
    };
    for (const auto& c : cases) {
      CAPTURE(c.what);
      onboarding_stage s{clinic};
      licence_form f{s.now()};
      c.spoil(f);
      s.when(f.shown());
      if (c.v == verdict::escalate) {
        s.then(wire::status::waiting);
      } else {
        s.then(c.v);
      }
      CHECK(s.gates() == c.gates);
      CHECK(s.decision().verdict() == c.v);
      CHECK(s.state().institutions[0].standing == (c.v == verdict::reject ? standing::applied : standing::checking));
      CHECK(s.state().institutions[0].valid_to == 0);
      CHECK(s.sent<wire::takedown::impose>().size() == (c.v == verdict::reject ? 1 : 0));
      CHECK(s.sent<wire::desk::open_task>().size() == (c.v == verdict::escalate ? 1 : 0));
    }
  }

  TEST_CASE("a provisional number names no holder and agrees with all") {
    onboarding_stage s{clinic};
    licence_form f{s.now()};
    f.number = "PDY00000133010690D2162";
    s.when(f.shown()).then(verdict::approve);
  }

  TEST_CASE("holds the licence against the registry: revoked is rejected, missing goes to a person") {
    const std::string number = credentials::make_licence(1234, 330106, credentials::category::aesthetic_clinic);
    SUBCASE("listed") {
      onboarding_stage s{clinic};
      s.use_registry({{number, registry_entry::listed}});
      s.when(licence_form{s.now()}.shown()).then(verdict::approve);
      CHECK(s.decision().registry() == 1);
    }
    SUBCASE("revoked") {
      onboarding_stage s{clinic};
      s.use_registry({{number, registry_entry::revoked}});
      s.when(licence_form{s.now()}.shown()).then(verdict::reject);
      CHECK(s.gates() == std::vector{gate::registry_revoked});
    }
    SUBCASE("missing is never rejected or suspended for that alone") {
      onboarding_stage s{clinic};
      s.use_registry({});
      s.when(licence_form{s.now()}.shown()).then(wire::status::waiting);
      CHECK(s.gates() == std::vector{gate::registry_not_listed});
      CHECK(s.sent<wire::takedown::impose>().empty());
      const auto tasks = s.sent<wire::desk::open_task>();
      REQUIRE(tasks.size() == 1);
      s.when(answer(*tasks[0], verdict::approve)).then(verdict::approve);
      s.use_registry({});
      CHECK_FALSE(s.decided_anything());
      s.when(message(wire::inspect(to_wire(clinic), 1, 0, 0)));
      CHECK_FALSE(s.decided_anything());
      CHECK(s.state().institutions[0].standing == standing::admitted);
    }
    SUBCASE("missing and bad besides is rejected for what is bad") {
      onboarding_stage s{clinic};
      s.use_registry({});
      licence_form f{s.now()};
      f.uscc = wrong_check_digit(f.uscc, 17);
      s.when(f.shown()).then(verdict::reject);
      CHECK(s.gates() == std::vector{gate::uscc_check_digit, gate::registry_not_listed});
    }
    SUBCASE("no snapshot is loaded") {
      onboarding_stage s{clinic};
      s.when(licence_form{s.now()}.shown()).then(verdict::approve);
      CHECK(s.decision().registry() == 0);
    }
  }

  TEST_CASE("refuses what is no application, naming the field") {
    const auto refused = [](const std::function<void(licence_form&)>& spoil, wire::refusal why, std::uint16_t field) {
      onboarding_stage s{clinic};
      licence_form f{s.now()};
      spoil(f);
      s.when(f.shown()).then(why, field);
      CHECK(s.state().subjects() == 0);
    };
    refused([](auto& f) { f.uscc.clear(); }, wire::refusal::malformed, 2);
    refused([](auto& f) { f.uscc.resize(65, '9'); }, wire::refusal::malformed, 2);
    refused([](auto& f) { f.number.clear(); }, wire::refusal::malformed, 3);
    refused([](auto& f) { f.to = f.from; }, wire::refusal::out_of_range, 5);
    refused([](auto& f) { f.hospital_grade = 4; }, wire::refusal::out_of_range, 7);

    onboarding_stage s{clinic};
    s.when(licence_form{s.now()}.shown().about(doctor)).then(wire::refusal::wrong_account);
    onboarding_stage p{doctor};
    p.when(licence_form{p.now()}.shown()).then(wire::refusal::wrong_account);
    p.when(registration_form{p.now()}.shown().about(clinic)).then(wire::refusal::wrong_account);
  }

  TEST_CASE("admits a practitioner whose registration is in force, and names every gate") {
    const struct {
      std::string_view what;
      std::function<void(registration_form&)> spoil;
      std::vector<gate> gates;
      verdict v;
    } cases[] = {
        {"good", [](auto&) {}, {}, verdict::approve},
        {"the register has not been asked", [](auto& f) { f.in_register = 0; }, {}, verdict::approve},
        {"a number that no check passes and nobody knows",
         [](auto& f) { f.practice = form::bad_check, f.in_register = 0; },
         {gate::certificate_malformed},
         verdict::reject},
        {"a number that no check passes but the register knows: a person looks",
         [](auto& f) { f.qualification = form::bad_layout; },
         {gate::certificate_malformed},
         verdict::escalate},
        {"unknown to the register", [](auto& f) { f.in_register = 2; }, {gate::practitioner_not_registered}, verdict::reject},
        {"lapsed", [](auto& f) { f.to = f.to - days{365}; }, {gate::registration_expired}, verdict::reject},
        {"not begun", [](auto& f) { f.from = f.from + days{366}; }, {gate::licence_not_yet_valid}, verdict::reject},
    };
    for (const auto& c : cases) {
      CAPTURE(c.what);
      onboarding_stage s{doctor};
      registration_form f{s.now()};
      c.spoil(f);
      s.when(f.shown());
      CHECK(s.gates() == c.gates);
      CHECK(s.decision().verdict() == c.v);
      CHECK(s.decision().kind() == subject_kind::practitioner);
    }
  }

  TEST_CASE("refuses what is no registration, naming the field") {
    const auto refused = [](const std::function<void(registration_form&)>& spoil, wire::refusal why, std::uint16_t field) {
      onboarding_stage s{doctor};
      registration_form f{s.now()};
      spoil(f);
      s.when(f.shown()).then(why, field);
    };
    refused([](auto& f) { f.to = f.from; }, wire::refusal::out_of_range, 6);
    refused([](auto& f) { f.in_register = 3; }, wire::refusal::out_of_range, 9);
    onboarding_stage s{doctor};
    s.when(submission(build<wire::onboarding::submit_practitioner>([](auto& b) {
       return wire::onboarding::Createsubmit_practitioner(b, 1);
     }))).then(wire::refusal::malformed, 4);
  }
}

}  // namespace zhili
