// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials/licence.hpp"

#include <string>

#include <doctest/doctest.h>

#include "actors/credentials/make.hpp"
#include "protocols/schema/onboarding_generated.h"

using namespace zhili::credentials;
using zhili::wire::onboarding::department;

namespace {

constexpr std::uint32_t bits() { return 0; }
template <class... More>
constexpr std::uint32_t bits(department first, More... more) {
  return static_cast<std::uint32_t>(first) | bits(more...);
}

}  // namespace

TEST_SUITE("actors/credentials/licence") {
  TEST_CASE("takes a good number apart") {
    struct row {
      const char* text;
      const char* organisation;
      std::uint32_t region;
      category kind;
      int management;
      bool provisional;
    };
    const row rows[] = {
        {"MA1TTTT1531010490D1542", "MA1TTTT15", 310104, category::aesthetic_outpatient, 2, false},
        {"MA00TETT511010590A5292", "MA00TETT5", 110105, category::aesthetic_hospital, 2, false},
        {"MA9TTTT2844010690D2162", "MA9TTTT28", 440106, category::aesthetic_clinic, 2, false},
        {"PDY00000151010490A1001", "PDY000001", 510104, category::general_hospital, 1, true},
        {"MA3TTTT3537020290A5282", "MA3TTTT35", 370202, category::plastic_surgery_hospital, 2, false},
        {"MA1TTTT1531010490D1549", "MA1TTTT15", 310104, category::aesthetic_outpatient, 9, false},
    };
    for (const auto& r : rows) {
      CAPTURE(r.text);
      const auto v = read_licence(r.text);
      CHECK(v);
      CHECK(v.position == 0);
      CHECK(v.organisation == r.organisation);
      CHECK(v.region == r.region);
      CHECK(v.economic_type == 90);
      CHECK(v.kind == r.kind);
      CHECK(v.management_class == r.management);
      CHECK(v.provisional == r.provisional);
    }
  }

  TEST_CASE("says what is wrong with a number and where") {
    using enum licence_verdict;
    struct row {
      const char* text;
      licence_verdict verdict;
      int position;
      char expected;
    };
    const row rows[] = {
        {"MA1TTTT1631010490D1542", bad_organisation_check, 9, '5'},
        {"MA1TTTT1531010490D9992", unknown_category, 18, 0},
        {"MA1TTTT1531010490D1543", bad_class, 22, 0},
        {"MA1TTTT15310104D1542", bad_length, 0, 0},
        {"MA1TTTT1599010490D1542", bad_region, 10, 0},
        {"", bad_length, 0, 0},
        {"MAITTTT1531010490D1542", bad_character, 3, 0},
        {"MA1TTTT153101O490D1542", bad_character, 14, 0},
        {"MA1TTTT153101049XD1542", bad_character, 17, 0},
        {"MA1TTTT153101049001542", bad_character, 18, 0},
        {"MA1TTTT1531010490D1S42", bad_character, 20, 0},
        {"ma1tttt1531010490d1542", bad_character, 1, 0},
        {"MA1TTTT15３1010490D1542", bad_character, 10, 0},
        {"PDY0000-151010490A1001", bad_character, 8, 0},
    };
    for (const auto& r : rows) {
      CAPTURE(r.text);
      const auto v = read_licence(r.text);
      CHECK(v.verdict == r.verdict);
      CHECK(v.position == r.position);
      CHECK(v.expected == r.expected);
    }
  }

  TEST_CASE("never refuses a PDY number for its unknown check position") {
    for (const char last : std::string("0123456789X")) {
      std::string text = "PDY00000151010490A1001";
      text[8] = last;
      CHECK(read_licence(text));
    }
  }

  TEST_CASE("holds the licence against the company's code") {
    const auto held = read_licence("MA1TTTT1531010490D1542");
    CHECK(agrees("91310104MA1TTTT15G", held));
    CHECK_FALSE(agrees("91110105MA00TETT5B", held));
    CHECK_FALSE(agrees("91310104MA1TTTT15", held));
    CHECK(agrees("91110105MA00TETT5B", read_licence("PDY00000151010490A1001")));
    CHECK_FALSE(agrees("91310104MA1TTTT15G", read_licence("MA1TTTT15310104D1542")));
  }

  TEST_CASE("knows categories by code and name") {
    CHECK(find_category("D154") == category::aesthetic_outpatient);
    CHECK(category_code(category::aesthetic_clinic) == "D216");
    CHECK(category_name(category::aesthetic_hospital) == "美容医院");
    CHECK(category_code(find_category("G100")) == "G100");
    for (const char* code : {"D999", "", "D15", "D1544", "Z100", "d154"})
      CHECK(find_category(code) == category::unknown);
    CHECK(category_name(category::unknown).empty());
  }

  TEST_CASE("allows levels of surgery by category, grade and departments") {
    using enum category;
    using enum department;
    const auto surgery = bits(aesthetic_surgery), plastic = bits(plastic_surgery);
    const auto narcosis = bits(aesthetic_surgery, anaesthesia), skin = bits(aesthetic_dermatology, anaesthesia);
    struct row {
      category kind;
      int grade;
      std::uint32_t departments;
      int level;
    };
    const row rows[] = {
        {aesthetic_clinic, 0, surgery, 1},
        {aesthetic_clinic, 0, narcosis, 1},
        {aesthetic_outpatient, 0, surgery, 1},
        {aesthetic_outpatient, 0, narcosis, 2},
        {aesthetic_hospital, 0, surgery, 3},
        {aesthetic_hospital, 3, narcosis, 3},
        {plastic_surgery_hospital, 3, plastic, 4},
        {plastic_surgery_hospital, 2, plastic, 2},
        {plastic_surgery_hospital, 0, plastic, 1},
        {general_hospital, 3, surgery, 4},
        {general_hospital, 3, plastic, 4},
        {general_hospital, 3, skin, 0},
        {general_hospital, 2, plastic, 2},
        {general_hospital, 1, surgery, 1},
        {general_hospital, 0, surgery, 1},
        {general_hospital, 2, bits(), 0},
        {general_outpatient, 0, surgery, 1},
        {general_outpatient, 0, bits(plastic_surgery, anaesthesia), 2},
        {general_outpatient, 0, skin, 0},
        {dental_outpatient, 0, bits(aesthetic_dentistry), 0},
        {general_clinic, 0, surgery, 1},
        {general_clinic, 0, plastic, 0},
        {dental_clinic, 0, bits(aesthetic_dentistry), 0},
        {dental_hospital, 3, surgery, 0},
        {dermatology_hospital, 3, surgery, 0},
        {category::unknown, 3, surgery, 0},
    };
    for (const auto& r : rows) {
      CAPTURE(category_code(r.kind));
      CAPTURE(r.grade);
      CAPTURE(r.departments);
      CHECK(surgery_level_max(r.kind, static_cast<std::uint8_t>(r.grade), r.departments) == r.level);
    }
  }

  TEST_CASE("makes licences that pass and agree with the company of the same serial") {
    for (std::uint32_t serial = 0; serial < 2000; ++serial) {
      const auto text = make_licence(serial, 440106, category::aesthetic_clinic);
      const auto held = read_licence(text);
      CHECK_MESSAGE(held, text);
      CHECK(agrees(make_uscc(serial, 440106), held));
      CHECK_FALSE(agrees(make_uscc(serial + 1, 440106), held));
    }
    const auto held = read_licence(make_licence(9, 110105, category::general_hospital, 1, 11));
    CHECK(held.kind == category::general_hospital);
    CHECK(held.management_class == 1);
    CHECK(held.economic_type == 11);
  }
}
