// SPDX-License-Identifier: Apache-2.0
#include "protocols/types/money.hpp"

#include <doctest/doctest.h>

namespace zhili {

TEST_SUITE("protocols/types/money") {
  TEST_CASE("reads what people write, to the fen") {
    const struct {
      std::string_view text;
      std::int64_t fen;
    } cases[] = {{"1元", 100},         {"0元", 0},           {"9.9元", 990},       {"9.90元", 990},
                 {"0.01元", 1},        {"1280元", 128'000},  {"1万元", 1'000'000}, {"1.5万元", 1'500'000},
                 {"0.000001万元", 1},  {"12.345678万元", 12'345'678}, {"99999999999元", 9'999'999'999'900}};
    for (const auto& c : cases) {
      CAPTURE(c.text);
      const auto read = parse_money(c.text);
      REQUIRE(read.has_value());
      CHECK(read->value == c.fen);
    }
  }

  TEST_CASE("refuses what is no amount, and says how to write one") {
    for (const std::string_view text :
         {"", "元", "1", "1.元", ".5元", "1.001元", "1.0000001万元", "-1元", "1 元", "1,000元", "一元", "1元元",
          "0x1元", "1e3元", "1..5元", "99999999999999万元", "99999999999999999999元"}) {
      CAPTURE(text);
      const auto read = parse_money(text);
      REQUIRE_FALSE(read.has_value());
      CHECK(read.error().code == errc::malformed);
      CHECK(read.error().detail.find("9.9元") != std::string::npos);
    }
  }

  TEST_CASE("writes an amount as it is read") {
    CHECK(to_string(fen{128'000}) == "1280元");
    CHECK(to_string(fen{990}) == "9.90元");
    CHECK(to_string(fen{1}) == "0.01元");
    CHECK(to_string(fen{0}) == "0元");
    CHECK(to_string(fen{-250}) == "-2.50元");
    for (const std::int64_t v : {0LL, 1LL, 99LL, 100LL, 101LL, 123'456'789LL}) {
      CHECK(parse_money(to_string(fen{v}))->value == v);
    }
  }
}

}  // namespace zhili
