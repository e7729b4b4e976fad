// SPDX-License-Identifier: Apache-2.0
#include "actors/partition/row_table.hpp"

#include <doctest/doctest.h>

#include "actors/partition/hasher.hpp"
#include "actors/partition/pack_numbers.hpp"
#include "actors/partition/tally.hpp"

namespace zhili::partition {
namespace {

struct row {
  subject_id id;
  std::uint64_t value = 0;
};

subject_id id(std::uint64_t n) { return {n, n % 5 * 1024}; }  // many on one place

digest128 digest(const row_table<row>& t) {
  hasher h;
  h.rows(t);
  return h.digest();
}

}  // namespace

TEST_SUITE("actors/partition/row_table") {
  TEST_CASE("rows are found by subject and keep their number for ever") {
    row_table<row> t;
    CHECK(t.empty());
    CHECK(t.find(id(1)) == no_row);
    for (std::uint64_t n = 0; n < 2000; ++n) REQUIRE(t.add({id(n), n}) == n);
    CHECK(t.size() == 2000);
    for (std::uint64_t n = 0; n < 2000; ++n) {
      REQUIRE(t.find(id(n)) == n);
      REQUIRE(t[static_cast<row_no>(n)].value == n);
    }
    CHECK(t.find(id(2000)) == no_row);
  }

  TEST_CASE("rows are visited in the order of their birth") {
    row_table<row> t;
    for (const std::uint64_t n : {9u, 3u, 7u}) t.add({id(n), n});
    std::vector<std::uint64_t> seen;
    for (const row& r : t) seen.push_back(r.value);
    CHECK(seen == std::vector<std::uint64_t>{9, 3, 7});
  }

  TEST_CASE("a subject without a row gets a fresh one, once") {
    row_table<row> t;
    t.add({id(3), 30});
    CHECK(t.find_or_add(id(3)) == 0);
    CHECK(t[0].value == 30);
    CHECK(t.find_or_add(id(8)) == 1);
    CHECK(t[1].id == id(8));
    CHECK(t[1].value == 0);
    CHECK(t.find_or_add(id(8)) == 1);
    CHECK(t.size() == 2);
  }

  TEST_CASE("a row stays where it is while others come") {
    row_table<row> t;
    t.add({id(0), 7});
    const row* first = &t[0];
    for (std::uint64_t n = 1; n < 1000; ++n) t.add({id(n), n});
    CHECK(&t[0] == first);
    CHECK(first->value == 7);
  }

  TEST_CASE("costs little more than the rows themselves") {
    row_table<row> t;
    for (std::uint64_t n = 0; n < 100'000; ++n) t.add({{n, n * 0x9e3779b97f4a7c15}, n});
    CHECK(t.memory_bytes() < 100'000 * (sizeof(row) + 15));
  }

  TEST_CASE("many rows and their index through every growth, neighbours at the end and the beginning too") {
    row_table<row> t;
    // Half of the ids crowd at the end of the index, so that their slots run over its edge.
    const auto crowded = [](std::uint64_t n) {
      return subject_id{n, n % 2 == 0 ? n * 0x9e3779b97f4a7c15 : 0xffffffff - n % 7};
    };
    for (std::uint64_t n = 0; n < 5000; ++n) {
      REQUIRE(t.find(crowded(n)) == no_row);
      REQUIRE(t.add({crowded(n), n}) == n);
      for (const std::uint64_t known : {std::uint64_t{0}, n / 2, n}) REQUIRE(t.find(crowded(known)) == known);
    }
    for (std::uint64_t n = 0; n < 5000; ++n) REQUIRE(t.find(crowded(n)) == n);
  }

  // Where they crowd at one end, this takes minutes.
  TEST_CASE("ids that count upwards are spread over the index") {
    row_table<row> t;
    constexpr std::uint64_t many = 300'000;
    for (std::uint64_t n = 0; n < many; ++n) REQUIRE(t.add({{7, n}, n}) == n);
    for (std::uint64_t n = 0; n < many; n += 97) REQUIRE(t.find({7, n}) == n);
  }

  TEST_CASE("rows may be named by a number instead of an id") {
    struct numbered {
      std::uint32_t number = 0;
      std::uint64_t key() const { return number; }
    };
    row_table<numbered> t;
    for (std::uint32_t n = 0; n < 3000; ++n) REQUIRE(t.add({n * 5}) == n);
    for (std::uint32_t n = 0; n < 3000; ++n) REQUIRE(t.find(n * 5) == n);
    CHECK(t.find(4) == no_row);
  }

  TEST_CASE("the digest depends on every row and on their order") {
    row_table<row> a, b, c;
    a.add({id(1), 1});
    a.add({id(2), 2});
    b.add({id(2), 2});
    b.add({id(1), 1});
    c.add({id(1), 1});
    CHECK(digest(a) != digest(b));
    CHECK(digest(a) != digest(c));
    CHECK(digest(c) != digest({}));
  }
}

TEST_SUITE("actors/partition/pack_numbers") {
  TEST_CASE("a pack has one number; what has none is never the pack at hand") {
    pack_numbers packs;
    CHECK(packs.of(7) == 1);
    CHECK(packs.of(9) == 2);
    CHECK(packs.of(7) == 1);
    CHECK(packs.is(1, 7));
    CHECK_FALSE(packs.is(1, 9));
    CHECK_FALSE(packs.is(pack_numbers::other, 7));
    for (std::uint32_t tag = 100; tag < 100 + 253; ++tag) REQUIRE(packs.of(tag) != pack_numbers::other);
    CHECK(packs.of(5000) == pack_numbers::other);
    CHECK_FALSE(packs.is(packs.of(5000), 5000));
    CHECK(packs.of(352) == 255);
  }
}

TEST_SUITE("actors/partition/tally") {
  TEST_CASE("decisions are counted by China's day, kind, verdict and cause") {
    tally t;
    const instant evening{1'626'537'599'999};  // 2021-07-17T23:59:59.999+08:00
    t.count(evening, subject_kind::diary, verdict::reject, wire::cause::submission);
    t.count(evening + duration{1}, subject_kind::diary, verdict::reject, wire::cause::desk);
    t.count(evening + duration{1}, subject_kind::ad, verdict::approve, wire::cause::desk);
    REQUIRE(t.days().size() == 2);
    CHECK(t.days()[1].number == t.days()[0].number + 1);
    const auto at = [](auto e) { return static_cast<std::size_t>(e); };
    CHECK(t.days()[0].by_verdict[at(subject_kind::diary)][at(verdict::reject)] == 1);
    CHECK(t.days()[1].by_verdict[at(subject_kind::ad)][at(verdict::approve)] == 1);
    CHECK(t.days()[1].by_cause[at(wire::cause::desk)] == 2);
  }
}

}  // namespace zhili::partition
