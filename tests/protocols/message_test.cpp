// SPDX-License-Identifier: Apache-2.0
#include "protocols/message.hpp"

#include <doctest/doctest.h>

#include "protocols/schema/onboarding_generated.h"

namespace zhili {
namespace {

namespace msg = wire::onboarding;

std::vector<std::byte> table() {
  flatbuffers::FlatBufferBuilder b;
  b.Finish(msg::Createsubmit_institution(b, 42, b.CreateString("91330106MA2CFKJY5X"), b.CreateString("number"), 1, 2));
  const bytes_view v = body_of(b);
  return {v.begin(), v.end()};
}

}  // namespace

TEST_SUITE("protocols/message") {
  TEST_CASE("a table is read where it is whole and well-formed") {
    const auto b = table();
    const auto* m = read_body<msg::submit_institution>(b);
    REQUIRE(m != nullptr);
    CHECK(m->ref() == 42);
    CHECK(text_of(m->uscc()) == "91330106MA2CFKJY5X");
    CHECK(text_of(static_cast<const flatbuffers::String*>(nullptr)).empty());
    CHECK(&view_body<msg::submit_institution>(b) == m);
  }

  TEST_CASE("a table that is cut, empty or too large is not read") {
    const auto b = table();
    for (std::size_t n = 0; n < 8; ++n) CHECK(read_body<msg::submit_institution>(bytes_view{b}.first(n)) == nullptr);
    // Cut further behind, the verifier may find all that it needs; it must then not have looked beyond.
    for (std::size_t n = 8; n < b.size(); ++n) {
      const std::vector<std::byte> part(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(n));
      if (const auto* m = read_body<msg::submit_institution>(part)) text_of(m->uscc());
    }
    std::vector<std::byte> large = b;
    large.resize(limits::body_bytes_max + 8);
    CHECK(read_body<msg::submit_institution>(large) == nullptr);
  }

  TEST_CASE("a table with any flipped bit is read without looking beyond it, or not read") {
    const auto b = table();
    for (std::size_t bit = 0; bit < b.size() * 8; ++bit) {
      std::vector<std::byte> bad = b;
      bad[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
      const auto* m = read_body<msg::submit_institution>(bad);
      if (m == nullptr) continue;
      CHECK(text_of(m->uscc()).size() <= bad.size());
      CHECK((m->personal() == nullptr || m->personal()->size() <= bad.size()));
    }
  }

  TEST_CASE("a struct is read where it has exactly its size") {
    const wire::desk_answer a({1, 2}, {3, 4}, 5, 6, wire::verdict::approve, 0, 7);
    const bytes_view b = body_of(a);
    REQUIRE(read_body<wire::desk_answer>(b) != nullptr);
    CHECK(read_body<wire::desk_answer>(b)->reviewer() == 5);
    CHECK(read_body<wire::desk_answer>(b.first(b.size() - 1)) == nullptr);
    CHECK(read_body<wire::desk_answer>({}) == nullptr);
  }

  TEST_CASE("shared messages are numbered by the union of shared.fbs, from 257 on") {
    const auto number = []<class... Ts>(type_list<Ts...>) {
      return std::vector<int>{static_cast<int>(wire::sharedTraits<Ts>::enum_value)...};
    }(shared_messages{});
    for (std::size_t i = 0; i < number.size(); ++i) CHECK(number[i] == static_cast<int>(i) + 1);
    CHECK(number.size() == static_cast<std::size_t>(wire::shared::MAX));
    CHECK(shared_type<wire::pack_changed>() == 257);
    CHECK(shared_type<wire::page_requested>() == 269);
  }
}

}  // namespace zhili
