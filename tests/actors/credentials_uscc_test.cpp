// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials/uscc.hpp"

#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "actors/credentials/code_text.hpp"
#include "actors/credentials/make.hpp"

using namespace zhili::credentials;

TEST_SUITE("actors/credentials/uscc") {
  TEST_CASE("accepts the standard's example, published codes and synthetic ones") {
    for (const char* code : {"91350100M000100Y43", "914401065915264412", "91440101304456752W", "91430923MA4Q8L535T",
                             "11320000MB151840XJ", "91110105MA00TETT5B", "91310104MA1TTTT15G", "91440106MA9TTTT28C",
                             "91510104000000991P", "91370202MA3TTTT350"}) {
      CAPTURE(code);
      const auto check = check_uscc(code);
      CHECK(check);
      CHECK(check.position == 0);
      CHECK(check.expected == 0);
      CHECK(check.organisation_expected == 0);
    }
  }

  TEST_CASE("says what is wrong with a code, where, and what would be right") {
    using enum uscc_verdict;
    struct row {
      const char* code;
      uscc_verdict verdict;
      int position;
      char expected;
      char organisation_expected;
    };
    const row rows[] = {
        {"91350100M000100Y4Z", bad_character, 18, 0, 0},
        {"91310115MA1H8R7C6D", bad_check, 18, '7', '4'},
        {"91110105MA00TETT5C", bad_check, 18, 'B', 0},
        {"91110105MA00TET5TB", bad_check, 18, 'N', '9'},
        {"91310104MAITTTT15G", bad_character, 11, 0, 0},
        {"9144010659152644I2", bad_character, 17, 0, 0},
        {"91440101304456725W", bad_check, 18, '3', '8'},
        {"9144010659152644120", bad_length, 0, 0, 0},
        {"91370202MA3TTTT35", bad_length, 0, 0, 0},
        {"", bad_length, 0, 0, 0},
        {"91O10105MA00TETT5B", bad_character, 3, 0, 0},
        {"911A0105MA00TETT5B", bad_character, 4, 0, 0},
        {"91110105ma00tett5b", bad_character, 9, 0, 0},
        {"９1110105MA00TETT5B", bad_character, 1, 0, 0},
        {"9111010５MA00TETT5B", bad_character, 8, 0, 0},
    };
    for (const auto& r : rows) {
      CAPTURE(r.code);
      const auto check = check_uscc(r.code);
      CHECK(check.verdict == r.verdict);
      CHECK(check.position == r.position);
      CHECK(check.expected == r.expected);
      CHECK(check.organisation_expected == r.organisation_expected);
    }
  }

  TEST_CASE("tells an invented organisation code whose outer check was computed") {
    std::string code = "91110105MA00TETT6";
    code += uscc_check_character(code);
    const auto check = check_uscc(code);
    CHECK(check.verdict == uscc_verdict::bad_organisation_check);
    CHECK(check.position == 17);
    CHECK(check.expected == '5');
  }

  TEST_CASE("catches every substitution of a single character") {
    const std::string codes[] = {"91350100M000100Y43", make_uscc(0, 110105), make_uscc(7'654'321, 310104)};
    for (const auto& good : codes) {
      REQUIRE(check_uscc(good));
      int tried = 0, caught = 0;
      for (std::size_t i = 0; i < good.size(); ++i)
        for (const char c : uscc_alphabet) {
          if (c == good[i]) continue;
          std::string other = good;
          other[i] = c;
          ++tried;
          if (!check_uscc(other)) ++caught;
        }
      CHECK(tried == 540);
      CHECK(caught == tried);
    }
  }

  TEST_CASE("catches every exchange of unlike neighbours in the standard's example") {
    const std::string good = "91350100M000100Y43";
    int tried = 0;
    for (std::size_t i = 0; i + 1 < good.size(); ++i) {
      if (good[i] == good[i + 1]) continue;
      std::string other = good;
      std::swap(other[i], other[i + 1]);
      ++tried;
      CHECK_FALSE(check_uscc(other));
    }
    CHECK(tried == 13);
  }

  TEST_CASE("normalises case and width when asked, and never guesses at O or I") {
    CHECK(normalise("９１１１０１０５ｍａ００TETT5b") == "91110105MA00TETT5B");
    CHECK(check_uscc(normalise("91110105ma00tett5b")));
    CHECK(normalise("（津）医广〔2024〕第01－10－07号") == "(津)医广〔2024〕第01-10-07号");
    CHECK(normalise("Oi") == "OI");
    CHECK(normalise("").empty());
    // Cut-off and neighbouring sequences stay as they are.
    CHECK(normalise("\xef\xbc") == "\xef\xbc");
    CHECK(normalise("\xef\xbc\x80～｟") == "\xef\xbc\x80~｟");
  }

  TEST_CASE("makes codes that pass, each serial its own") {
    std::string last;
    for (std::uint32_t serial = 0; serial < 5000; ++serial) {
      const auto code = make_uscc(serial, 510104);
      CHECK_MESSAGE(check_uscc(code), code);
      CHECK(code != last);
      last = code;
    }
    CHECK(check_uscc(make_uscc(organisation_serial_end - 1, 650100)));
    CHECK(check_uscc(make_uscc(1, 110105, '5', '2')));
    CHECK(make_uscc(1, 110105).substr(8, 2) == "YT");
  }
}
