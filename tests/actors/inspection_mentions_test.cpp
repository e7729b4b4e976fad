// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "actors/takedown/workflow.hpp"
#include "tests/testkit/given.hpp"

namespace zhili::takedown {
namespace {

using namespace testkit;

const account_id clinic = subject(subject_kind::institution, "clinic");
constexpr int contents = 2000;

subject_id diary(int n) { return subject(subject_kind::diary, "d" + std::to_string(n)); }
account_id author(int n) { return subject(subject_kind::user, "u" + std::to_string(n)); }

// Every tenth was taken down since.
bool live(int n) { return n % 10 != 0; }

void fill(stage<workflow>& s) {
  for (int n = 0; n < contents; ++n) {
    s.when(message(msg::mentioned(
        to_wire(clinic), to_wire(diary(n)), to_wire(author(n)), 1, static_cast<std::uint32_t>(n), live(n), 0, 0)));
  }
}

std::set<std::uint32_t> read_at(stage<workflow>& s, std::uint32_t visit, std::uint16_t per_mille) {
  s.when(message(wire::inspect(to_wire(clinic), visit, per_mille, 0)));
  std::set<std::uint32_t> all;
  for (const auto& m : s.sent<wire::inspect_one>()) {
    CHECK(m->visit() == visit);
    CHECK(from_wire(m->institution()) == clinic);
    all.insert(m->row());
  }
  CHECK(all.size() == s.sent().size());
  return all;
}

}  // namespace

TEST_SUITE("actors/inspection") {
  TEST_CASE("a visit reads again a share of what others wrote, drawn by hash from what is live") {
    stage<workflow> s{clinic};
    fill(s);
    const auto first = read_at(s, 1, 100);
    CHECK(first.size() > 130);
    CHECK(first.size() < 230);
    for (int n = 0; n < contents; ++n) {
      const auto row = static_cast<std::uint32_t>(n);
      const std::uint64_t word[2] = {std::uint64_t{shard_of(author(n))} << 32 | row, 1};
      const bool should = live(n) && xxh3_64(std::as_bytes(std::span{word})) % 1000 < 100;
      REQUIRE(first.contains(row) == should);
    }
    SUBCASE("the same visit draws the same, in another partition too") {
      stage<workflow> other{clinic};
      fill(other);
      CHECK(read_at(other, 1, 100) == first);
    }
    SUBCASE("another visit draws others") {
      const auto second = read_at(s, 2, 100);
      std::size_t both = 0;
      for (const std::uint32_t row : second) both += first.count(row);
      CHECK(both < second.size() / 3);
    }
    SUBCASE("a larger share holds the smaller one") {
      const auto more = read_at(s, 1, 300);
      CHECK(std::includes(more.begin(), more.end(), first.begin(), first.end()));
    }
    SUBCASE("all, and none") {
      CHECK(read_at(s, 1, 1000).size() == contents - contents / 10);
      CHECK(read_at(s, 1, 0).empty());
    }
  }

  TEST_CASE("what is drawn is read at its author's") {
    stage<workflow> s{clinic};
    s.when(message(msg::mentioned(to_wire(clinic), to_wire(diary(1)), to_wire(author(1)), 1, 17, 1, 0, 0)));
    read_at(s, 1, 1000);
    REQUIRE(s.sent().size() == 1);
    CHECK(s.sent()[0].to.workflow == workflow_numbers::content);
    CHECK(s.sent()[0].to.shard == shard_of(author(1)));
    CHECK(s.sent()[0].account == clinic);
    CHECK(s.sent()[0].stream == stream_kind::across_accounts);
    CHECK(s.sent<wire::inspect_one>()[0]->row() == 17);
  }

  TEST_CASE("nobody wrote about it: nothing to read") {
    stage<workflow> s{clinic};
    s.when(message(wire::inspect(to_wire(clinic), 1, 1000, 0))).then_nothing();
  }
}

}  // namespace zhili::takedown
