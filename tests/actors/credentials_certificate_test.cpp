// SPDX-License-Identifier: Apache-2.0
// Identity numbers here are of persons born 1888 to 1900: nobody alive can own one.
#include "actors/credentials/certificate.hpp"

#include <string>

#include <doctest/doctest.h>

#include "actors/credentials/identity.hpp"
#include "actors/credentials/make.hpp"

using namespace zhili::credentials;

TEST_SUITE("actors/credentials/certificate") {
  TEST_CASE("judges identity numbers") {
    using enum identity_verdict;
    struct row {
      const char* text;
      identity_verdict verdict;
      int position;
      char expected;
    };
    const row rows[] = {
        {"110101188808080010", good, 0, 0},
        {"310104189912310024", good, 0, 0},
        {"440106189506151234", good, 0, 0},
        {"510104190002280458", good, 0, 0},
        {"370202189801017777", good, 0, 0},
        {"33028218950101005X", good, 0, 0},
        {"110101188808080011", bad_check, 18, '0'},
        {"310104189912310042", bad_check, 18, '0'},
        {"510104190002290453", bad_birth_date, 7, 0},
        {"000101188808080015", bad_region, 1, 0},
        {"1101011888080800X0", bad_character, 17, 0},
        {"11010118880808001", bad_length, 0, 0},
        {"110101188813080010", bad_birth_date, 7, 0},
        {"33028218950101005x", bad_character, 18, 0},
        {"１10101188808080010", bad_character, 1, 0},
        {"", bad_length, 0, 0},
    };
    for (const auto& r : rows) {
      CAPTURE(r.text);
      const auto check = check_identity(r.text);
      CHECK(check.verdict == r.verdict);
      CHECK(check.position == r.position);
      CHECK(check.expected == r.expected);
    }
  }

  TEST_CASE("catches every single wrong digit of an identity number") {
    const std::string good = "440106189506151234";
    for (std::size_t i = 0; i < good.size(); ++i)
      for (char c = '0'; c <= '9'; ++c) {
        std::string other = good;
        other[i] = c;
        CHECK(static_cast<bool>(check_identity(other)) == (c == good[i]));
      }
  }

  TEST_CASE("judges qualification numbers by form") {
    struct row {
      const char* text;
      number_form form;
    };
    const row rows[] = {
        {"201511110110101188808080010", number_form::good},
        {"199831120310104189912310024", number_form::good},
        {"200344110440106189506151234", number_form::good},
        {"201051141510104190002280458", number_form::good},
        {"202037210370202189801017777", number_form::good},
        {"201511110110101188808080011", number_form::bad_check},
        {"201511310110101188808080010", number_form::bad_layout},
        {"20151111011010118880808001", number_form::bad_length},
        {"203511110110101188808080010", number_form::future_year},
        {"201599110110101188808080010", number_form::bad_layout},
        {"2015111101101011888O8080010", number_form::bad_layout},
        {"201511199110101188808080010", number_form::bad_layout},
        {"199911110110101250808001", number_form::good},
        {"199911110110101251308001", number_form::bad_layout},
        {"", number_form::bad_length},
    };
    for (const auto& r : rows) {
      CAPTURE(r.text);
      CHECK(qualification_form(r.text, 2021) == r.form);
    }
    CHECK(qualification_form("203511110110101188808080010", 2035) == number_form::good);
  }

  TEST_CASE("judges practice numbers by form") {
    struct row {
      const char* text;
      number_form form;
    };
    const row rows[] = {
        {"110110105000123", number_form::good},       {"120310104000456", number_form::good},
        {"110440106000789", number_form::good},       {"141510104000321", number_form::good},
        {"110370202000654", number_form::good},       {"310110105000123", number_form::bad_layout},
        {"11011010500012", number_form::bad_length},  {"1101101050001234", number_form::bad_length},
        {"199110105000123", number_form::bad_layout}, {"110990105000123", number_form::bad_layout},
        {"11011010500012A", number_form::bad_layout}, {"", number_form::bad_length},
    };
    for (const auto& r : rows) {
      CAPTURE(r.text);
      CHECK(practice_form(r.text) == r.form);
    }
  }

  TEST_CASE("makes practice numbers that pass") {
    for (std::uint32_t serial = 0; serial < 1'000'000; serial += 7919)
      CHECK(practice_form(make_practice_number(31, serial)) == number_form::good);
    CHECK(make_practice_number(44, 12, 2, 41) == "241440000000012");
  }
}
