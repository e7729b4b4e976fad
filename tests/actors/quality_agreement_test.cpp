// SPDX-License-Identifier: Apache-2.0
#include "actors/quality/agreement.hpp"

#include <doctest/doctest.h>

namespace zhili::quality {

TEST_SUITE("actors/quality") {
  TEST_CASE("agreement and Cohen's kappa of known tables") {
    struct row {
      const char* name;
      two_by_two t;
      std::int32_t agreement;
      std::int32_t kappa;
    };
    const row rows[] = {
        {"half of what chance leaves", {20, 5, 10, 15}, 700, 400},
        {"the same agreement, other margins", {45, 15, 25, 15}, 600, 130},
        {"one reviewer is stricter", {25, 35, 5, 35}, 600, 259},
        {"all alike, both ways", {30, 0, 0, 70}, 1000, 1000},
        {"all unlike", {0, 50, 50, 0}, 0, -1000},
        {"chance alone", {25, 25, 25, 25}, 500, 0},
        {"nearly everything passes: high agreement, low kappa", {1, 5, 4, 90}, 910, 135},
        {"worse than chance", {0, 10, 10, 80}, 800, -111},
    };
    for (const row& r : rows) {
      CAPTURE(r.name);
      CHECK(agreement_per_mille(r.t) == r.agreement);
      CHECK(kappa_per_mille(r.t) == r.kappa);
    }
  }

  TEST_CASE("kappa does not ask who was first") {
    CHECK(kappa_per_mille({7, 3, 11, 40}) == kappa_per_mille({7, 11, 3, 40}));
    CHECK(kappa_per_mille({7, 3, 11, 40}) == kappa_per_mille({40, 11, 3, 7}));
  }

  TEST_CASE("says nothing of an empty table, and no kappa where all opinions are alike") {
    CHECK_FALSE(agreement_per_mille({}).has_value());
    CHECK_FALSE(kappa_per_mille({}).has_value());
    CHECK(agreement_per_mille({0, 0, 0, 12}) == 1000);
    CHECK_FALSE(kappa_per_mille({0, 0, 0, 12}).has_value());
    CHECK_FALSE(kappa_per_mille({12, 0, 0, 0}).has_value());
  }

  TEST_CASE("tables add up, and large ones do not overflow") {
    two_by_two sum{20, 5, 10, 15};
    sum += {20, 5, 10, 15};
    CHECK(sum.total() == 100);
    CHECK(kappa_per_mille(sum) == 400);
    const std::uint64_t million = 1'000'000;
    CHECK(kappa_per_mille({36 * million, 9 * million, 18 * million, 27 * million}) == 400);
  }
}

}  // namespace zhili::quality
