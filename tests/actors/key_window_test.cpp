// SPDX-License-Identifier: Apache-2.0
#include "actors/partition/key_window.hpp"

#include <doctest/doctest.h>

#include "protocols/types/limits.hpp"

namespace zhili::partition {
namespace {

subject_id key(std::uint64_t n) { return {xxh3_64(std::as_bytes(std::span{&n, 1})), n * 64}; }

kept_key entry(std::uint64_t n) {
  const subject_id k = key(n);
  return {k.hi, k.lo, n, wire::outcome(wire::status::decided, verdict::approve, {}, 0, subject_kind::diary, 0)};
}

const instant begin{1'626'570'000'000};

digest128 digest(const key_window& w) {
  hasher h;
  w.digest(h);
  return h.digest();
}

}  // namespace

TEST_SUITE("actors/partition/key_window") {
  TEST_CASE("an empty window knows no key") {
    key_window w;
    CHECK(w.find(key(1)) == nullptr);
    CHECK(w.size() == 0);
  }

  TEST_CASE("finds every key with its outcome, also where all fall on one place") {
    key_window w;
    for (std::uint64_t n = 1; n <= 1000; ++n) w.add(begin, entry(n));
    CHECK(w.size() == 1000);
    for (std::uint64_t n = 1; n <= 1000; ++n) {
      const kept_key* k = w.find(key(n));
      REQUIRE(k != nullptr);
      REQUIRE(k->body == n);
      REQUIRE(k->outcome.verdict() == verdict::approve);
    }
    CHECK(w.find(key(1001)) == nullptr);
  }

  TEST_CASE("every key is found for as long as it is kept, whatever comes in between") {
    for (const int per_day : {1, 7}) {
      key_window w;
      std::vector<std::pair<instant, std::uint64_t>> added;
      std::uint64_t n = 0;
      for (int hour = 0; hour < 24 * 40; hour += 24 / per_day) {
        const instant now = begin + std::chrono::hours{hour};
        for (const auto& [at, number] : added) {
          if (now - at <= limits::key_kept) REQUIRE(w.find(key(number)) != nullptr);
        }
        w.add(now, entry(++n));
        added.emplace_back(now, n);
      }
      // It forgets in the end, or it would grow for ever.
      CHECK(w.find(key(1)) == nullptr);
      CHECK(w.size() < static_cast<std::size_t>(20 * per_day));
    }
  }

  TEST_CASE("after a long silence nothing old is left") {
    key_window w;
    w.add(begin, entry(1));
    w.add(begin + std::chrono::hours{24 * 300}, entry(2));
    CHECK(w.find(key(1)) == nullptr);
    CHECK(w.find(key(2)) != nullptr);
  }

  TEST_CASE("the digest depends on keys and outcomes") {
    key_window a, b, c;
    a.add(begin, entry(1));
    b.add(begin, entry(2));
    kept_key refused = entry(1);
    refused.outcome.mutate_status(wire::status::refused);
    c.add(begin, refused);
    CHECK(digest(a) != digest(b));
    CHECK(digest(a) != digest(c));
    key_window again;
    again.add(begin, entry(1));
    CHECK(digest(a) == digest(again));
  }
}

}  // namespace zhili::partition
