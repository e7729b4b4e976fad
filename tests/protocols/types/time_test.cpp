// SPDX-License-Identifier: Apache-2.0
#include "protocols/types/time.hpp"

#include <doctest/doctest.h>

namespace zhili {

TEST_SUITE("protocols/types/time") {
  TEST_CASE("a time without a zone is China's") {
    CHECK(parse_instant("2021-07-18")->ms == 1'626'537'600'000);
    CHECK(parse_instant("2021-07-18T09:30:00")->ms == 1'626'571'800'000);
    CHECK(parse_instant("2021-07-18 09:30")->ms == 1'626'571'800'000);
    CHECK(parse_instant("2021-07-18T09:30:00+08:00")->ms == 1'626'571'800'000);
    CHECK(parse_instant("2021-07-18T01:30:00Z")->ms == 1'626'571'800'000);
    CHECK(parse_instant("2021-07-18T01:30:00.250Z")->ms == 1'626'571'800'250);
    CHECK(parse_instant("1970-01-01T08:00:00")->ms == 0);
    CHECK(parse_instant("2024-02-29").has_value());
  }

  TEST_CASE("refuses what is no time, and says how to write one") {
    for (const std::string_view text :
         {"", "2021", "2021-7-18", "2021-13-01", "2021-02-29", "2021-07-32", "2021-00-10", "18.07.2021", "2021-07-18T",
          "2021-07-18T24:00:00", "2021-07-18T09:60:00", "2021-07-18T09:30:60", "2021-07-18T09:30:00+02:00",
          "2021-07-18T09:30:00.5", "2021-07-18T09:30:00Zx", "2021-07-18x09:30:00"}) {
      CAPTURE(text);
      const auto read = parse_instant(text);
      REQUIRE_FALSE(read.has_value());
      CHECK(read.error().code == errc::malformed);
      CHECK(read.error().detail.find("2021-07-18T09:30:00") != std::string::npos);
    }
  }

  TEST_CASE("writes a time as it is read") {
    for (const std::int64_t ms : {0LL, 1'626'571'800'250LL, -1LL, 951'782'400'000LL}) {
      CAPTURE(ms);
      CHECK(parse_instant(to_string(instant{ms}))->ms == ms);
    }
    CHECK(to_string(instant{1'626'571'800'250}) == "2021-07-18T09:30:00.250+08:00");
    CHECK(to_string(never) == "never");
  }

  TEST_CASE("China's day begins at its own midnight") {
    const instant midnight = *parse_instant("2021-07-18");
    CHECK(china_day(midnight) == china_day(midnight - duration{1}) + 1);
    CHECK(start_of_china_day(china_day(midnight)) == midnight);
    CHECK(date_string(china_day(midnight)) == "2021-07-18");
    CHECK(china_day({0}) == 0);
    CHECK(china_day({-8 * 3'600'000}) == 0);
    CHECK(china_day({-8 * 3'600'000 - 1}) == -1);
    CHECK(china_hour(midnight) == 0);
    CHECK(china_hour(midnight - duration{1}) == 23);
    CHECK(china_hour({0}) == 8);
  }

  TEST_CASE("reads spans of time in whole units and no others") {
    using namespace std::chrono_literals;
    CHECK(*parse_duration("250ms") == 250ms);
    CHECK(*parse_duration("90s") == 90s);
    CHECK(*parse_duration("15m") == 15min);
    CHECK(*parse_duration("36h") == 36h);
    CHECK(*parse_duration("7d") == 168h);
    CHECK(*parse_duration("0s") == 0s);
    for (const std::string_view text : {"", "7", "d", "1.5h", "-1h", "1w", "1h30m", " 1h", "1h ", "1000000d",
                                        "9223372036854775807d", "99999999999999999999s"}) {
      CAPTURE(text);
      CHECK_FALSE(parse_duration(text).has_value());
    }
  }
}

}  // namespace zhili
