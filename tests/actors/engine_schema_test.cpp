// SPDX-License-Identifier: Apache-2.0
// The C++ lists of a workflow and the unions of its schema say the same, number by number.
#include <sstream>

#include <doctest/doctest.h>

#include "tests/testkit/golden.hpp"
#include "tests/testkit/given.hpp"

#if __has_include("actors/content/workflow.hpp")
#include "actors/content/workflow.hpp"
#endif
#if __has_include("actors/desk/workflow.hpp")
#include "actors/desk/workflow.hpp"
#endif
#if __has_include("actors/inspection/workflow.hpp")
#include "actors/inspection/workflow.hpp"
#endif
#if __has_include("actors/onboarding/workflow.hpp")
#include "actors/onboarding/workflow.hpp"
#endif
#if __has_include("actors/product/workflow.hpp")
#include "actors/product/workflow.hpp"
#endif
#if __has_include("actors/quality/workflow.hpp")
#include "actors/quality/workflow.hpp"
#endif
#if __has_include("actors/risk/workflow.hpp")
#include "actors/risk/workflow.hpp"
#endif
#if __has_include("actors/signal/workflow.hpp")
#include "actors/signal/workflow.hpp"
#endif
#if __has_include("actors/takedown/workflow.hpp")
#include "actors/takedown/workflow.hpp"
#endif

namespace zhili {
namespace {

template <template <class> class Traits, class... Ts>
void check_positions(std::string_view list, int last, type_list<Ts...>) {
  CAPTURE(list);
  int n = 0;
  (
      [&] {
        ++n;
        CHECK_MESSAGE(static_cast<int>(Traits<Ts>::enum_value) == n, "at place " << n);
      }(),
      ...);
  CHECK_MESSAGE(n == last, "the schema has " << last << ", the list " << n);
}

template <class Event>
bool reads(bytes_view body) {
  return read_body<Event>(body) != nullptr;
}

/// The released bytes of each member are read as the type at its place.
template <class... Ts>
void check_samples(const std::string& schema, const std::string& word, type_list<Ts...>) {
  using reader = bool (*)(bytes_view);
  const reader readers[] = {&reads<Ts>...};
  std::size_t samples = 0;
  for (const auto& [key, bytes] : read_golden(schema)) {
    std::istringstream in(key);
    std::string kind;
    std::size_t place = 0;
    in >> kind >> place;
    if (kind != word) continue;
    ++samples;
    REQUIRE((place >= 1 && place <= sizeof...(Ts)));
    CHECK_MESSAGE(readers[place - 1](bytes), schema << ": " << key);
  }
  CHECK_MESSAGE(samples == sizeof...(Ts), schema << " has " << samples << " samples of its " << word << "s");
}

#define ZHILI_CHECK_LISTS(W)                                                                                        \
  check_positions<wire::W::W##_commandTraits>(#W " commands", static_cast<int>(wire::W::W##_command::MAX),          \
                                              W::workflow::commands{});                                             \
  check_positions<wire::W::W##_eventTraits>(#W " events", static_cast<int>(wire::W::W##_event::MAX),                \
                                            W::workflow::events{});                                                 \
  check_samples(#W, "command", W::workflow::commands{});                                                            \
  check_samples(#W, "event", W::workflow::events{});                                                                \
  ++checked;                                                                                                        \
  if (const auto* d = partition::find_workflow(W::workflow::number)) CHECK(d->name == #W)

}  // namespace

TEST_SUITE("actors/engine/schema") {
  TEST_CASE("every workflow's commands and events stand at the places of its unions, and read the released samples") {
    std::size_t checked = 0;
#if __has_include("actors/content/workflow.hpp")
    ZHILI_CHECK_LISTS(content);
#endif
#if __has_include("actors/desk/workflow.hpp")
    ZHILI_CHECK_LISTS(desk);
#endif
#if __has_include("actors/inspection/workflow.hpp")
    ZHILI_CHECK_LISTS(inspection);
#endif
#if __has_include("actors/onboarding/workflow.hpp")
    ZHILI_CHECK_LISTS(onboarding);
#endif
#if __has_include("actors/product/workflow.hpp")
    ZHILI_CHECK_LISTS(product);
#endif
#if __has_include("actors/quality/workflow.hpp")
    ZHILI_CHECK_LISTS(quality);
#endif
#if __has_include("actors/risk/workflow.hpp")
    ZHILI_CHECK_LISTS(risk);
#endif
#if __has_include("actors/signal/workflow.hpp")
    ZHILI_CHECK_LISTS(signal);
#endif
#if __has_include("actors/takedown/workflow.hpp")
    ZHILI_CHECK_LISTS(takedown);
#endif
    // A workflow that this program has and this test does not name.
    CHECK(checked >= partition::workflows().size());
  }

  TEST_CASE("shared messages read the released samples") { check_samples("shared", "shared", shared_messages{}); }

  TEST_CASE("every workflow has a number of its own, a name in both languages, and names for what it takes") {
    workflow_no last = 0;
    for (const auto* w : partition::workflows()) {
      CAPTURE(w->name);
      CHECK(w->number > last);
      CHECK(w->number < workflow_end);
      last = w->number;
      CHECK_FALSE(w->name.empty());
      CHECK_FALSE(w->name_zh.empty());
      CHECK(w->behaviour >= 1);
      CHECK(w->event_name(1) == "wire_decided");
      CHECK(w->command_name(1) != "");
      CHECK(partition::find_workflow(w->number) == w);
    }
    CHECK(partition::find_workflow(0) == nullptr);
    CHECK(partition::find_workflow(200) == nullptr);
  }
}

}  // namespace zhili
