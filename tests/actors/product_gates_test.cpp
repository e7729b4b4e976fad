// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials/catalogue.hpp"
#include "actors/credentials/make.hpp"
#include "tests/actors/product_form.hpp"

namespace zhili::product::tests {
namespace {

using credentials::product_origin;
using wire::standing;

std::uint16_t item(std::string_view zh) {
  return credentials::find_by_name(zh)->number;
}

const std::string filler = credentials::make_device_number(3, product_origin::domestic, 2021, 13, 123);
const std::string toxin = credentials::make_drug_number('S', 2012, 37);

constexpr auto dentistry = static_cast<std::uint32_t>(department::aesthetic_dentistry);
constexpr auto skin = static_cast<std::uint32_t>(department::aesthetic_dermatology);

}  // namespace

TEST_SUITE("actors/product") {
  TEST_CASE("approves a listing with everything in order") {
    product_stage s{clinic};
    admit(s);
    introduce(s);
    s.when(listed({.practitioner = doctor})).then(verdict::approve);
    CHECK(s.gates().empty());
    CHECK(s.decision().kind() == subject_kind::product);
    CHECK(s.decision().ref() == 77);
    REQUIRE(s.decision_event().facts()->size() == 2);
    CHECK(s.decision_event().facts()->Get(0)->fact() == shared_type<wire::institution_status>());
    CHECK(s.decision_event().facts()->Get(1)->version() == 1);
    CHECK(s.sent().empty());
  }

  TEST_CASE("holds a listing against what the institution may do") {
    struct row {
      const char* what;
      licence_form licence;
      listing_form form;
      gates_found gates;
      verdict v;
    };
    const row table[] = {
        {"admitted", {}, {}, {}, verdict::approve},
        {"still checked",
         {.standing = standing::checking},
         {},
         {gate::institution_not_admitted},
         verdict::reject},
        {"suspended",
         {.standing = standing::suspended},
         {},
         {gate::institution_not_admitted},
         verdict::reject},
        {"no such item", {}, {.item = 9999}, {gate::item_not_in_catalogue}, verdict::reject},
        {"no item at all", {}, {.item = 0}, {gate::item_not_in_catalogue}, verdict::reject},
        {"a consultation about nothing", {}, {.item = 0, .consultation = true}, {}, verdict::approve},
        {"breasts at a clinic",
         {},
         {.item = item("隆乳术"), .number = filler},
         {gate::item_above_level},
         verdict::reject},
        {"a consultation about breasts at a clinic",
         {},
         {.item = item("隆乳术"), .number = filler, .consultation = true},
         {gate::item_above_level},
         verdict::reject},
        {"breasts at an outpatient department with anaesthesia",
         {.level_max = 2},
         {.item = item("隆乳术"), .number = filler},
         {},
         verdict::approve},
        {"jaws at a hospital of level 3",
         {.level_max = 3},
         {.item = item("下颌角肥大矫正术")},
         {gate::item_above_level},
         verdict::reject},
        {"surgery at a dentist's",
         {.departments = dentistry},
         {},
         {gate::department_not_licensed},
         verdict::reject},
        {"plastic surgery will do",
         {.departments = static_cast<std::uint32_t>(department::plastic_surgery)},
         {},
         {},
         verdict::approve},
        {"teeth are not graded",
         {.level_max = 0, .departments = dentistry},
         {.item = item("洁治术")},
         {},
         verdict::approve},
        {"lasers at a surgeon's",
         {},
         {.item = item("激光脱毛")},
         {gate::department_not_licensed},
         verdict::reject},
        {"everything wrong at once",
         {.standing = standing::closed, .departments = skin},
         {.item = item("隆乳术")},
         {gate::institution_not_admitted, gate::department_not_licensed, gate::item_above_level,
          gate::approval_number_malformed},
         verdict::reject},
    };
    for (const row& r : table) {
      CAPTURE(r.what);
      product_stage s{clinic};
      admit(s, r.licence);
      s.when(listed(r.form)).then(r.v);
      CHECK(s.gates() == r.gates);
      CHECK(s.sent<wire::takedown::impose>().size() == (r.v == verdict::reject ? 1 : 0));
    }
  }

  TEST_CASE("an institution that onboarding never spoke of is not admitted") {
    product_stage s{clinic};
    s.when(listed({})).then(verdict::reject);
    CHECK(s.gates() == gates_found{gate::institution_not_admitted});
    CHECK(s.decision_event().facts() == nullptr);
  }

  TEST_CASE("holds a listing against what the practitioner may do") {
    struct row {
      const char* what;
      certificate_form certificate;
      gates_found gates;
      verdict v;
    };
    const account_id elsewhere = subject(subject_kind::institution, "elsewhere");
    const row table[] = {
        {"admitted", {}, {}, verdict::approve},
        {"not decided yet",
         {.standing = standing::checking},
         {gate::practitioner_not_admitted},
         verdict::reject},
        {"suspended", {.standing = standing::suspended}, {gate::practitioner_not_admitted}, verdict::reject},
        {"a dentist for the eyes",
         {.scopes = static_cast<std::uint32_t>(scope::dentistry)},
         {gate::practitioner_out_of_scope},
         verdict::reject},
        {"two scopes, one of them right",
         {.scopes =
              static_cast<std::uint32_t>(scope::dentistry) | static_cast<std::uint32_t>(scope::surgery)},
         {},
         verdict::approve},
        {"registered elsewhere",
         {.registered_at = elsewhere},
         {gate::registration_elsewhere},
         verdict::escalate},
        {"elsewhere and out of scope",
         {.registered_at = elsewhere, .scopes = 0},
         {gate::practitioner_out_of_scope, gate::registration_elsewhere},
         verdict::reject},
        // Onboarding says so within a minute of that day; until then the day itself counts.
        {"registration over", {.valid_to = instant{0}}, {gate::practitioner_not_admitted}, verdict::reject},
    };
    for (const row& r : table) {
      CAPTURE(r.what);
      product_stage s{clinic};
      admit(s);
      introduce(s, r.certificate);
      s.when(listed({.practitioner = doctor}));
      s.then(r.v == verdict::escalate ? wire::status::waiting : wire::status::decided);
      CHECK(s.decision().verdict() == r.v);
      CHECK(s.gates() == r.gates);
      CHECK(s.sent<wire::desk::open_task>().size() == (r.v == verdict::escalate ? 1 : 0));
    }
  }

  TEST_CASE("holds a listing against the approval number of what it uses") {
    struct row {
      const char* item;
      std::string number;
      gates_found gates;
    };
    const gates_found fine, malformed{gate::approval_number_malformed},
        wrong{gate::approval_number_wrong_kind};
    const row table[] = {
        {"填充物注射", filler, fine},
        {"填充物注射", "", malformed},
        {"填充物注射", "国械注准2021313012", malformed},
        {"填充物注射", "随便写的", malformed},
        // Fillers are class 3: a province's number is false.
        {"填充物注射", credentials::make_device_number(2, product_origin::domestic, 2021, 9, 345, 31), wrong},
        {"填充物注射", "沪械注准20213130123", wrong},
        {"填充物注射", toxin, wrong},
        {"填充物注射", "国妆特字G20210001", wrong},
        {"填充物注射", "国械注准２０２１３１３０１２３", fine},
        {"A型肉毒毒素美容注射", toxin, fine},
        {"A型肉毒毒素美容注射", filler, wrong},
        {"A型肉毒毒素美容注射", "国药准字S2021700", malformed},
        // The year of the event: 2021.
        {"A型肉毒毒素美容注射", "国药准字H20990001", malformed},
        {"A型肉毒毒素美容注射", "国药准字H20220001", malformed},
        // Own cartilage serves as well as an implant; but a number that is given must fit.
        {"隆鼻术", "", fine},
        {"隆鼻术", filler, fine},
        {"隆鼻术", toxin, wrong},
        {"重睑成形术", "随便写的", fine},
    };
    for (const row& r : table) {
      CAPTURE(r.item);
      CAPTURE(r.number);
      product_stage s{clinic};
      admit(s);
      s.when(listed({.item = item(r.item), .number = r.number}))
          .then(r.gates.empty() ? verdict::approve : verdict::reject);
      CHECK(s.gates() == r.gates);
    }
  }

  TEST_CASE("a class of device is enough until the day on which the law asks for a higher one") {
    const std::string class2 = credentials::make_device_number(2, product_origin::foreign, 2018, 9, 1);
    const auto judged_on = [&](instant day) {
      product_stage s{clinic, {.begin = day}};
      admit(s, {.departments = skin});
      s.when(listed({.item = item("射频治疗"), .number = class2}));
      return s.outcome().verdict;
    };
    // 2024-04-01
    CHECK(judged_on(start_of_china_day(19'813)) == verdict::approve);
    CHECK(judged_on(start_of_china_day(19'814)) == verdict::reject);
  }

  TEST_CASE("the weightiest of gates and pack is the verdict") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    introduce(s, {.registered_at = neighbour()});
    int n = 0;
    const auto verdict_of = [&](const char* text, account_id who) {
      s.when(
          listed({.practitioner = who, .text = text}, subject(subject_kind::product, std::to_string(++n))));
      return s.decision().verdict();
    };
    CHECK(verdict_of("网红同款", {}) == verdict::label);
    CHECK(verdict_of("神秘项目", {}) == verdict::escalate);
    CHECK(verdict_of("保证有效", {}) == verdict::reject);
    CHECK(verdict_of("网红同款", doctor) == verdict::escalate);
    CHECK(verdict_of("保证有效", doctor) == verdict::reject);
    CHECK(s.decision().points() == 5);
  }
}

}  // namespace zhili::product::tests
