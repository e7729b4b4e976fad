// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "actors/takedown/workflow.hpp"
#include "tests/actors/sanctions.hpp"

namespace zhili {
namespace {

using namespace testkit;
using wire::standing;

subject_id diary(int n) { return subject(subject_kind::diary, "diary-" + std::to_string(n)); }
account_id author(int n) { return subject(subject_kind::user, "author-" + std::to_string(n)); }

input<msg::mentioned> mentions(int n, std::uint8_t live = 1) {
  return message(msg::mentioned(to_wire(clinic), to_wire(diary(n)), to_wire(author(n)), 100u + static_cast<std::uint64_t>(n),
                                static_cast<std::uint32_t>(n), live, 0, 0))
      .from({workflow_numbers::content, 5});
}

input<wire::institution_status> becomes(standing now, std::uint32_t version = 1) {
  return message(wire::institution_status(to_wire(clinic), 0, 0, version, now, 0, 0, 0));
}

/// Row of the content and whether it is labelled, as its partition was told.
std::vector<std::pair<std::uint32_t, bool>> told(const sanction_stage& s) {
  std::vector<std::pair<std::uint32_t, bool>> list;
  for (const auto& m : s.sent<wire::mention_label>()) list.emplace_back(m->row(), m->offline() != 0);
  return list;
}

}  // namespace

TEST_SUITE("actors/takedown/cascade") {
  TEST_CASE("when an institution goes offline what names it is labelled, and freed when it comes back") {
    sanction_stage s;
    s.when(mentions(1));
    s.when(mentions(2));
    CHECK(told(s).empty());
    s.when(becomes(standing::suspended));
    CHECK(told(s) == std::vector{std::pair{1u, true}, std::pair{2u, true}});
    REQUIRE(s.sent().size() == 2);
    CHECK(s.sent()[0].to.workflow == workflow_numbers::content);
    CHECK(s.sent()[0].to.shard == shard_of(author(1)));
    CHECK(s.sent()[0].account == clinic);
    CHECK(s.sent()[0].stream == stream_kind::across_accounts);
    CHECK(s.effects().empty());  // labelled, never removed
    s.when(becomes(standing::suspended, 2)).then_nothing();
    s.when(becomes(standing::admitted, 3));
    CHECK(told(s) == std::vector{std::pair{1u, false}, std::pair{2u, false}});
    s.when(becomes(standing::admitted, 4)).then_nothing();
  }

  TEST_CASE("a content that names an institution which is offline already is labelled at once") {
    sanction_stage s;
    s.when(becomes(standing::suspended));
    CHECK(told(s).empty());
    s.when(mentions(1));
    CHECK(told(s) == std::vector{std::pair{1u, true}});
    s.when(becomes(standing::admitted, 2));
    CHECK(told(s) == std::vector{std::pair{1u, false}});
  }

  TEST_CASE("what no longer names it is left alone") {
    sanction_stage s;
    s.when(mentions(1));
    s.when(mentions(2));
    s.when(mentions(1, 0));
    s.when(becomes(standing::suspended));
    CHECK(told(s) == std::vector{std::pair{2u, true}});
    s.when(mentions(1, 1));
    CHECK(told(s) == std::vector{std::pair{1u, true}});
    CHECK(s.state().find_named(clinic)->contents.size() == 2);
  }

  TEST_CASE("an institution that closes is offline; one that only applies is not") {
    sanction_stage s;
    s.when(mentions(1));
    s.when(becomes(standing::applied)).then_nothing();
    s.when(becomes(standing::checking)).then_nothing();
    s.when(becomes(standing::admitted)).then_nothing();
    s.when(becomes(standing::closed));
    CHECK(told(s).size() == 1);
  }

  TEST_CASE("a cascade over more contents than a batch holds goes on by timers and reaches each once") {
    sanction_stage s;
    constexpr int many = 10'000;
    for (int n = 0; n < many; ++n) s.when(mentions(n));
    s.when(becomes(standing::suspended));
    std::size_t labelled = told(s).size();
    CHECK(labelled < many);
    while (s.live().next_timer() <= s.now()) {
      s.advance(duration{0});
      labelled += told(s).size();
    }
    CHECK(labelled == many);
    CHECK(s.live().next_timer() == never);
  }

  TEST_CASE("a cascade that is overtaken by the next one stops") {
    sanction_stage s;
    constexpr int many = 5'000;
    for (int n = 0; n < many; ++n) s.when(mentions(n));
    s.when(becomes(standing::suspended));
    s.when(becomes(standing::admitted, 2));
    s.advance(duration{0});
    for (const auto& [content, offline] : told(s)) REQUIRE_FALSE(offline);
    CHECK_FALSE(told(s).empty());
  }

  TEST_CASE("a restored partition knows who is named and who is offline") {
    sanction_stage s;
    s.when(mentions(1));
    s.when(becomes(standing::suspended));
    const auto again = s.restored();
    const auto& state = *static_cast<const takedown::state*>(again->state().state());
    CHECK(state.find_named(clinic)->offline == 1);
    CHECK(state.find_named(clinic)->contents.size() == 1);
  }
}

}  // namespace zhili
