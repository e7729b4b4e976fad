// SPDX-License-Identifier: Apache-2.0
#include "node/client_shares.hpp"

#include <doctest/doctest.h>

namespace zhili::node {

TEST_SUITE("node/client_shares") {
  using namespace std::chrono_literals;

  TEST_CASE("a client that is alone may have more under way than one of several, and nobody nothing") {
    client_shares shares;
    auto now = client_shares::steady::now();
    shares.of("a", now);
    CHECK(shares.most(now) == client_shares::alone_max);
    now += 200ms;
    shares.of("a", now);
    shares.of("b", now);
    CHECK(shares.most(now) == client_shares::together_max / 2);
    now += 200ms;
    for (int n = 0; n < 1000; ++n) shares.of(std::to_string(n), now);
    CHECK(shares.most(now) == client_shares::least);
  }

  TEST_CASE("whoever has gone silent takes nobody's share, and what is under way is remembered") {
    client_shares shares;
    auto now = client_shares::steady::now();
    shares.of("a", now)->under_way = 7;
    shares.of("b", now);
    now += 2s;
    shares.of("b", now);
    CHECK(shares.most(now) == client_shares::alone_max);
    now += 60s;
    shares.of("b", now);
    CHECK(shares.most(now) == client_shares::alone_max);
    CHECK(shares.of("a", now)->under_way == 7);
  }
}

}  // namespace zhili::node
