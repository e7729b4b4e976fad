// SPDX-License-Identifier: Apache-2.0
#include "protocols/types/result.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>

namespace zhili {

TEST_SUITE("protocols/types/result") {
  TEST_CASE("every code has a name of its own") {
    std::set<std::string_view> names;
    for (int code = 0; code <= static_cast<int>(errc::diverged); ++code) names.insert(name(static_cast<errc>(code)));
    CHECK(names.size() == 14);
    CHECK_FALSE(names.contains("unknown"));
    CHECK(name(static_cast<errc>(200)) == "unknown");
  }

  TEST_CASE("codes keep their numbers: they stand in metrics") {
    CHECK(static_cast<int>(errc::truncated) == 1);
    CHECK(static_cast<int>(errc::checksum) == 3);
    CHECK(static_cast<int>(errc::out_of_range) == 7);
    CHECK(static_cast<int>(errc::corrupt) == 10);
    CHECK(static_cast<int>(errc::diverged) == 13);
  }
}

}  // namespace zhili
