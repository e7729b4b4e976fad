// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials/catalogue.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "actors/credentials/licence.hpp"
#include "protocols/schema/onboarding_generated.h"
#include "protocols/types/hash.hpp"

using namespace zhili;
using namespace zhili::credentials;
using wire::onboarding::department;
using wire::onboarding::scope;

namespace {

const item& named(std::string_view zh, specialty subject) {
  const auto* v = find_by_name(zh, subject);
  REQUIRE_MESSAGE(v != nullptr, std::string(zh));
  return *v;
}

instant day(std::string_view text) { return parse_instant(text).value(); }

}  // namespace

TEST_SUITE("actors/credentials/catalogue") {
  TEST_CASE("holds 126 items, numbered by row without gaps") {
    REQUIRE(all().size() == 126);
    std::map<std::pair<specialty, int>, int> counts;
    std::set<std::pair<specialty, std::string_view>> names;
    for (std::size_t i = 0; i < all().size(); ++i) {
      const auto& v = all()[i];
      CHECK(v.number == i + 1);
      CHECK(find(v.number) == &v);
      CHECK(find_by_name(v.zh, v.subject) == &v);
      CHECK(v.reference_price_fen >= 10'000);
      CHECK(v.reference_price_fen % 100 == 0);
      CHECK_FALSE((v.number_required && v.needs == product_need::none));
      ++counts[{v.subject, v.level}];
      names.insert({v.subject, v.zh});
    }
    CHECK(names.size() == 126);
    const std::map<std::pair<specialty, int>, int> expected{
        {{specialty::surgery, 1}, 37},   {{specialty::surgery, 2}, 17},     {{specialty::surgery, 3}, 4},
        {{specialty::surgery, 4}, 5},    {{specialty::dentistry, 0}, 18},   {{specialty::dermatology, 0}, 31},
        {{specialty::tcm, 0}, 14},
    };
    CHECK(counts == expected);
    CHECK(find(0) == nullptr);
    CHECK(find(127) == nullptr);
    CHECK(find(65535) == nullptr);
  }

  TEST_CASE("never gives a number to another item") {
    // Numbers stand on disk: rows may be appended, and this digest of the first 126 stays.
    std::string first126;
    for (const auto& v : all().first(126)) {
      first126 += std::to_string(v.number);
      first126 += name_zh(v.subject);
      first126 += v.zh;
    }
    CHECK(hex(xxh3_128(as_bytes_view(first126))) == "2ab7880f4c3c11eeeb3abbe6bde4442e");
  }

  TEST_CASE("finds items by name, the lower number where two subjects share one") {
    CHECK(find_by_name("重睑成形术")->number == 5);
    CHECK(find_by_name("没有这个项目") == nullptr);
    const auto* both = find_by_name("毛发移植术");
    REQUIRE(both != nullptr);
    CHECK(both->subject == specialty::surgery);
    CHECK(named("毛发移植术", specialty::dermatology).number > both->number);
    CHECK(find_by_name("重睑成形术", specialty::tcm) == nullptr);
  }

  TEST_CASE("keeps breast implants from clinics and from outpatient departments without anaesthesia") {
    const auto& implant = named("隆乳术", specialty::surgery);
    const auto surgery = static_cast<std::uint32_t>(department::aesthetic_surgery);
    const auto narcosis = surgery | static_cast<std::uint32_t>(department::anaesthesia);
    CHECK(implant.level == 2);
    CHECK(implant.level > surgery_level_max(category::aesthetic_clinic, 0, narcosis));
    CHECK(implant.level > surgery_level_max(category::aesthetic_outpatient, 0, surgery));
    CHECK(implant.level <= surgery_level_max(category::aesthetic_outpatient, 0, narcosis));
  }

  TEST_CASE("grades liposuction by volume") {
    CHECK(named("脂肪抽吸术(吸脂量<1000ml)", specialty::surgery).level == 1);
    CHECK(named("脂肪抽吸术(1000ml≤吸脂量<2000ml)", specialty::surgery).level == 2);
    CHECK(named("脂肪抽吸术(2000ml≤吸脂量<5000ml)", specialty::surgery).level == 3);
  }

  TEST_CASE("asks injected drugs and implants for their approval") {
    struct row {
      const char* zh;
      specialty subject;
      product_need needs;
      bool required;
    };
    const row rows[] = {
        {"A型肉毒毒素美容注射", specialty::surgery, product_need::drug, true},
        {"肉毒毒素注射", specialty::dermatology, product_need::drug, true},
        {"填充物注射", specialty::surgery, product_need::device_class3, true},
        {"皮肤填充注射(胶原、透明质酸)", specialty::dermatology, product_need::device_class3, true},
        {"埋线", specialty::tcm, product_need::device_class3, true},
        {"隆乳术", specialty::surgery, product_need::device_class3, true},
        {"隆鼻术", specialty::surgery, product_need::device_class3, false},
        {"自体脂肪注射移植术", specialty::surgery, product_need::none, false},
        {"激光脱毛", specialty::dermatology, product_need::device, false},
        {"重睑成形术", specialty::surgery, product_need::none, false},
    };
    for (const auto& r : rows) {
      CAPTURE(r.zh);
      const auto& v = named(r.zh, r.subject);
      CHECK(v.needs == r.needs);
      CHECK(v.number_required == r.required);
      CHECK(need_at(v, day("2021-07-18")) == r.needs);
    }
  }

  TEST_CASE("asks class 3 of radiofrequency from 1 April 2024 in China, not before") {
    const auto& v = named("射频治疗", specialty::dermatology);
    const auto provincial = read_approval("沪械注准20202090345", 2024);
    const auto eve = day("2024-04-01") - duration{1};
    CHECK(need_at(v, eve) == product_need::device);
    CHECK(fits(need_at(v, eve), provincial) == approval_fit::fits);
    CHECK(need_at(v, day("2024-04-01")) == product_need::device_class3);
    CHECK(fits(need_at(v, day("2024-04-01")), provincial) == approval_fit::wrong_class);
  }

  TEST_CASE("tells which department and which scope a subject takes") {
    const auto bit = [](auto v) { return static_cast<std::uint32_t>(v); };
    const auto surgical = bit(department::aesthetic_surgery) | bit(department::plastic_surgery);
    CHECK(departments_for(specialty::surgery) == surgical);
    CHECK(departments_for(specialty::dentistry) == bit(department::aesthetic_dentistry));
    CHECK(departments_for(specialty::dermatology) == bit(department::aesthetic_dermatology));
    CHECK(departments_for(specialty::tcm) == bit(department::aesthetic_tcm));
    CHECK(scopes_for(specialty::surgery) == bit(scope::surgery));
    CHECK(scopes_for(specialty::dentistry) == bit(scope::dentistry));
    CHECK(scopes_for(specialty::dermatology) == bit(scope::dermatology));
    CHECK(scopes_for(specialty::tcm) == bit(scope::tcm));
    CHECK(name_zh(specialty::tcm) == "美容中医科");
  }
}
