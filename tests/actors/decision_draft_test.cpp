// SPDX-License-Identifier: Apache-2.0
#include "actors/decision/draft.hpp"

#include <doctest/doctest.h>

#include "protocols/types/limits.hpp"

namespace zhili {
namespace {

struct bench_context {
  partition::bench work;
  partition::context cx;
  bench_context() {
    cx.work = &work;
    cx.event_time = {77};
    cx.pack_tag = 5;
  }
};

const subject_id listing{std::uint64_t{3} << 56, 9};

decision::draft draft_in(bench_context& b) { return {b.cx, listing, 1, subject_kind::product, wire::cause::submission}; }

policy::judgement judged(verdict v, std::int32_t points, std::vector<policy::finding> findings = {}) {
  policy::judgement j;
  j.verdict = v;
  j.points = points;
  j.findings = std::move(findings);
  return j;
}

}  // namespace

TEST_SUITE("actors/decision/draft") {
  TEST_CASE("nothing found is an approval") {
    bench_context b;
    auto d = draft_in(b);
    CHECK(d.verdict() == verdict::approve);
    CHECK_FALSE(d.has_gate());
  }

  TEST_CASE("the weightiest verdict wins, whoever says it and in whatever order") {
    const verdict by_weight[] = {verdict::approve, verdict::label, verdict::demote, verdict::escalate, verdict::reject,
                                 verdict::suspend};
    for (const verdict a : by_weight) {
      for (const verdict c : by_weight) {
        bench_context b;
        auto d = draft_in(b);
        d.gate(wire::gate::page_changed, a);
        d.judged(judged(c, 0));
        CHECK(decision::weight(d.verdict()) == std::max(decision::weight(a), decision::weight(c)));
      }
    }
    for (std::size_t i = 1; i < std::size(by_weight); ++i) {
      CHECK(decision::weight(by_weight[i - 1]) < decision::weight(by_weight[i]));
    }
    CHECK(decision::weight(verdict::none) == 0);
    CHECK(decision::weight(static_cast<verdict>(99)) == 0);
  }

  TEST_CASE("a person's verdict replaces all before it; a gate after it still counts") {
    bench_context b;
    auto d = draft_in(b);
    d.gate(wire::gate::page_changed, verdict::reject);
    d.person(verdict::approve, 501, 1000);
    CHECK(d.verdict() == verdict::approve);
    d.gate(wire::gate::licence_expired, verdict::suspend);
    CHECK(d.verdict() == verdict::suspend);
  }

  TEST_CASE("adverse is what somebody may appeal against") {
    for (const verdict v : {verdict::label, verdict::demote, verdict::reject, verdict::suspend}) CHECK(decision::adverse(v));
    for (const verdict v : {verdict::none, verdict::approve, verdict::escalate}) CHECK_FALSE(decision::adverse(v));
  }

  TEST_CASE("a shadow finding is recorded without severity, and no more findings than the limit") {
    bench_context b;
    auto d = draft_in(b);
    d.judged(judged(verdict::approve, 0, {{.rule = 4, .severity = 5, .shadow = true}, {.rule = 5, .severity = 3}}));
    REQUIRE(b.work.findings.size() == 2);
    CHECK(b.work.findings[0].severity() == 0);
    CHECK(b.work.findings[0].code() == 4);
    CHECK(b.work.findings[1].severity() == 3);
    d.judged(judged(verdict::approve, 0, std::vector<policy::finding>(100)));
    CHECK(b.work.findings.size() == limits::findings_max);
  }

  TEST_CASE("a second draft begins with nothing of the first") {
    bench_context b;
    auto first = draft_in(b);
    first.gate(wire::gate::page_changed, verdict::reject);
    first.used(listing, 3, 4);
    auto second = draft_in(b);
    CHECK(b.work.findings.empty());
    CHECK(b.work.facts.empty());
    CHECK(second.verdict() == verdict::approve);
  }
}

}  // namespace zhili
