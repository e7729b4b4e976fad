// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials/catalogue.hpp"
#include "actors/credentials/make.hpp"
#include "tests/actors/product_form.hpp"

namespace zhili::product::tests {
namespace {

using wire::standing;

const subject_id nose = subject(subject_kind::product, "nose");
const subject_id unnamed = subject(subject_kind::product, "names nobody");
const account_id elsewhere = subject(subject_kind::institution, "elsewhere");
const std::string implant =
    credentials::make_device_number(3, credentials::product_origin::domestic, 2021, 13, 9);

std::uint16_t item(std::string_view zh) {
  return credentials::find_by_name(zh)->number;
}

}  // namespace

TEST_SUITE("actors/product") {
  TEST_CASE("a lapsed registration takes down the listings that name the practitioner, and no other") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    introduce(s);
    s.when(listed({.practitioner = doctor}));
    s.when(listed({.practitioner = doctor, .text = "保证有效"}, nose)).then(verdict::reject);
    s.when(listed({}, unnamed));
    s.when(message(credentials_of({.version = 2, .standing = standing::suspended})));
    CHECK(row_of(s).verdict == verdict::reject);
    CHECK(row_of(s).has(flag_by_practitioner));
    CHECK(row_of(s, unnamed).decisions == 1);
    CHECK(row_of(s, nose).decisions == 1);
    // The listing of `introduce` and this one.
    CHECK(s.events<wire::decided>().size() == 2);
    CHECK(s.sent<wire::takedown::impose>().size() == 2);
    CHECK(s.decision().cause() == wire::cause::fact);
    CHECK(s.decision().before() == verdict::approve);

    SUBCASE("a renewal brings back what fell for that alone") {
      s.when(message(credentials_of({.version = 3})));
      CHECK(row_of(s).verdict == verdict::approve);
      CHECK(row_of(s, nose).verdict == verdict::reject);
      CHECK(s.sent<wire::takedown::lift>().size() == 2);
    }
    SUBCASE("but not what has another fault by now") {
      s.when(listed({.practitioner = doctor, .text = "保证有效"})).then(verdict::reject);
      s.when(message(credentials_of({.version = 3})));
      CHECK(row_of(s).verdict == verdict::reject);
      CHECK(s.events<msg::listing_checked>().size() == 1);
    }
    SUBCASE("nor what a person rejected") {
      s.when(message(credentials_of({.version = 3})));
      s.when(message(answer(s, verdict::reject, eyelids, wire::desk::purpose::second_look)));
      s.when(message(credentials_of({.version = 4, .standing = standing::suspended})));
      s.when(message(credentials_of({.version = 5})));
      CHECK(row_of(s).verdict == verdict::reject);
      CHECK(row_of(s).decisions == 4);
    }
    SUBCASE("and older news is no news") {
      s.when(message(credentials_of({.version = 1}))).then_nothing();
    }
  }

  TEST_CASE("a practitioner who moves away raises a doubt, one who comes back ends it") {
    product_stage s{clinic};
    admit(s);
    introduce(s);
    s.when(message(credentials_of({.version = 2, .registered_at = elsewhere})));
    const subject_id what = from_wire(s.decision().subject());
    CHECK(row_of(s, what).mode == mode::at_desk);
    // It stays as it was until a person has looked.
    CHECK(row_of(s, what).live());
    CHECK(s.state().waiting() == 0);
    SUBCASE("by moving back") {
      s.when(message(credentials_of({.version = 3})));
      CHECK(row_of(s, what).mode == mode::judged);
      CHECK(s.sent<wire::desk::withdraw_task>().size() == 1);
    }
    SUBCASE("by a person") {
      s.when(message(answer(s, verdict::approve, what)));
      CHECK(row_of(s, what).live());
      // What a person answered is not asked again for another reason.
      admit(s, {.version = 2});
      s.when(message(wire::inspect(to_wire(clinic), 1, 0, 0)));
      s.then_events(some<msg::listing_checked>{});
    }
  }

  TEST_CASE("what a listing says of itself outlasts a decision") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    introduce(s);
    s.when(taken_back(subject(subject_kind::product, "names the doctor first")));
    s.when(listed({.item = 0, .practitioner = doctor, .minors = true, .consultation = true}));
    s.when(message(credentials_of({.version = 2, .standing = standing::suspended})));
    CHECK(row_of(s).verdict == verdict::reject);
    s.when(message(credentials_of({.version = 3})));
    CHECK(row_of(s).verdict == verdict::approve);
    CHECK(
        rules_found(s) ==
        std::vector<std::string>{"f-admitted", "f-approval-none", "f-consultation", "f-minors"});
  }

  TEST_CASE("nothing is approved unread: where the text is lost a person must look") {
    product_stage s{clinic};
    s.given(
        msg::listing_recorded(
            to_wire(eyelids), to_wire(clinic), to_wire(doctor), hash_of("never kept"), 77, 1, 0, 100, 0, 5, 0,
            0, 0, 1, 0, 0),
        msg::fact_requested(to_wire(doctor), 0, 0));
    admit(s);
    s.when(message(credentials_of({})));
    CHECK(row_of(s).mode == mode::at_desk);
    CHECK(s.gates() == gates_found{gate::none});
  }

  TEST_CASE("an institution that goes offline keeps its listings, and what was loses nothing by it") {
    product_stage s{clinic};
    admit(s);
    introduce(s);
    s.when(listed({.practitioner = doctor})).then(verdict::approve);
    admit(s, {.version = 2, .standing = standing::suspended});
    s.then_events(some<wire::institution_status>{});
    SUBCASE("not even by news of the practitioner") {
      s.when(message(credentials_of({.version = 2})));
      CHECK(!s.decided_anything());
    }
    SUBCASE("but what is listed meanwhile is rejected, and approved when it is back") {
      s.when(listed({}, unnamed)).then(verdict::reject);
      admit(s, {.version = 3, .standing = standing::checking});
      s.then_events(some<wire::institution_status>{});
      admit(s, {.version = 4});
      CHECK(s.events<wire::decided>().size() == 1);
      CHECK(row_of(s, unnamed).verdict == verdict::approve);
    }
    CHECK(row_of(s).live());
    CHECK(row_of(s).decisions == 1);
  }

  TEST_CASE("a lower level takes down what it no longer allows") {
    product_stage s{clinic, {.pack = pack}};
    admit(s, {.level_max = 2});
    s.when(listed({.item = item("隆乳术"), .number = implant})).then(verdict::approve);
    s.when(listed({}, nose)).then(verdict::approve);
    s.when(listed({.item = item("隆乳术"), .number = implant, .text = "神秘项目"}, unnamed))
        .then(wire::status::waiting);
    admit(s, {.version = 2, .level_max = 1});
    CHECK(s.events<wire::decided>().size() == 2);
    CHECK(row_of(s).verdict == verdict::reject);
    CHECK(s.gates() == gates_found{gate::item_above_level});
    CHECK(row_of(s, nose).live());
    // What lay at the desk need not be asked any more.
    CHECK(row_of(s, unnamed).verdict == verdict::reject);
    CHECK(s.sent<wire::desk::withdraw_task>().size() == 1);
    CHECK(s.state().waiting() == 0);
    SUBCASE("and the level coming back brings it back") {
      admit(s, {.version = 3, .level_max = 2});
      CHECK(row_of(s).verdict == verdict::approve);
      CHECK(row_of(s, unnamed).mode == mode::at_desk);
    }
    SUBCASE("an older status is not taken") {
      s.when(message(status_of({.version = 1, .level_max = 2}))).then_nothing();
    }
  }

  TEST_CASE("a subject struck from the licence takes down its listings") {
    product_stage s{clinic};
    constexpr auto both = static_cast<std::uint32_t>(department::aesthetic_surgery) |
                          static_cast<std::uint32_t>(department::aesthetic_dentistry);
    admit(s, {.departments = both});
    s.when(listed({}));
    s.when(listed({.item = item("洁治术")}, nose)).then(verdict::approve);
    admit(s, {.version = 2});
    CHECK(row_of(s).live());
    CHECK(row_of(s, nose).verdict == verdict::reject);
    CHECK(s.gates() == gates_found{gate::department_not_licensed});
  }

  TEST_CASE("a listing that names another practitioner no longer depends on the first") {
    product_stage s{clinic};
    const account_id second = subject(subject_kind::practitioner, "second");
    admit(s);
    introduce(s);
    s.when(listed({.practitioner = doctor}));
    s.when(listed({.practitioner = doctor}, nose));
    s.when(listed({.practitioner = doctor}, unnamed));
    s.when(listed({.practitioner = second}, nose)).then(wire::status::waiting);
    s.when(message(credentials_of({.practitioner = second})));
    s.when(message(credentials_of({.version = 2, .standing = standing::suspended})));
    CHECK(row_of(s).verdict == verdict::reject);
    CHECK(row_of(s, unnamed).verdict == verdict::reject);
    CHECK(row_of(s, nose).live());
    s.when(message(credentials_of({.version = 2, .standing = standing::suspended, .practitioner = second})));
    CHECK(row_of(s, nose).verdict == verdict::reject);
  }
}

}  // namespace zhili::product::tests
