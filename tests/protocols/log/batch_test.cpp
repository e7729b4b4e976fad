// SPDX-License-Identifier: Apache-2.0
#include "protocols/log/batch.hpp"

#include <algorithm>
#include <cstring>

#include <doctest/doctest.h>

#include "protocols/message.hpp"
#include "protocols/types/limits.hpp"
#include "tests/testkit/golden.hpp"

namespace zhili {
namespace {

using bytes = std::vector<std::byte>;

constexpr std::size_t crc_at = sizeof(wire::batch_header) - 4;

/// One entry of every kind, with bodies of lengths that need padding.
bytes sample() {
  batch_writer w;
  const wire::command_header command({1, 2}, 1000, 900, {3, 4}, {5, 6}, 0, 0, 0, 0, wire::origin::submission);
  w.add(entry_kind::command, 1, body_of(command), as_bytes_view("body"));
  w.add(entry_kind::event, 2, {}, as_bytes_view("an event"));
  const wire::send_header send({1, 2}, 1000, 1, 0x0405, 1, 0, 0);
  w.add(entry_kind::send, 3, body_of(send), as_bytes_view("x"));
  const wire::timer_header timer({1, 2}, 2000, 1);
  w.add(entry_kind::timer, 3, body_of(timer), {});
  const wire::outcome outcome(wire::status::decided, wire::verdict::approve, wire::refusal::none, 0,
                              wire::subject_kind::institution, 0);
  w.add(entry_kind::outcome, 1, body_of(outcome), {});
  const wire::effect_header effect({1, 2}, {7, 8});
  w.add(entry_kind::effect, 3, body_of(effect), as_bytes_view("do this"));
  const wire::acked acked(9, 0x0405, 1, 0, 0);
  w.add(entry_kind::acked, 0, body_of(acked), {});
  const bytes_view sealed = w.seal({1, 3}, 4, 5, 6, 7, {8, 9});
  return {sealed.begin(), sealed.end()};
}

bytes with_good_crc(bytes b) {
  std::memset(b.data() + crc_at, 0, 4);
  const std::uint32_t crc = crc32c(b);
  std::memcpy(b.data() + crc_at, &crc, 4);
  return b;
}

template <class T>
bytes patched(std::size_t at, T value) {
  bytes b = sample();
  std::memcpy(b.data() + at, &value, sizeof value);
  return with_good_crc(b);
}

void check_refused(const bytes& b, errc code, std::string_view says) {
  const auto opened = batch_reader::open(b);
  REQUIRE_FALSE(opened.has_value());
  CHECK(name(opened.error().code) == name(code));
  CHECK_MESSAGE(opened.error().detail.find(says) != std::string::npos, opened.error().detail);
}

// Where the first entry's head lies.
constexpr std::size_t first = sizeof(wire::batch_header);

}  // namespace

TEST_SUITE("protocols/log/batch") {
  TEST_CASE("what was written is read back, entry by entry, all of it 8-aligned") {
    const bytes b = sample();
    const auto opened = batch_reader::open(b);
    REQUIRE(opened.has_value());
    CHECK(opened->head().partition() == 0x0103);
    CHECK(opened->head().seq() == 4);
    CHECK(opened->head().epoch() == 5);
    CHECK(opened->head().incarnation() == 6);
    CHECK(opened->head().behaviour() == 7);
    CHECK(opened->head().chain_lo() == 9);
    CHECK(opened->head().entries() == 7);
    std::vector<entry_kind> kinds;
    for (const entry_view e : *opened) {
      kinds.push_back(e.kind);
      CHECK(reinterpret_cast<std::uintptr_t>(e.content.data()) % 8 == 0);
      if (e.kind == entry_kind::command) {
        CHECK(e.type == 1);
        CHECK(e.header<wire::command_header>().key().lo() == 4);
        const bytes_view body = e.body<wire::command_header>();
        CHECK(std::string_view{reinterpret_cast<const char*>(body.data()), body.size()} == "body");
      }
    }
    CHECK(kinds == std::vector{entry_kind::command, entry_kind::event, entry_kind::send, entry_kind::timer,
                               entry_kind::outcome, entry_kind::effect, entry_kind::acked});
  }

  TEST_CASE("the bytes of a batch are those that were released") { check_golden("batch", {{"batch 1", sample()}}); }

  TEST_CASE("a writer that was cleared writes the same again") {
    batch_writer w;
    w.add(entry_kind::event, 1, {}, as_bytes_view("first"));
    w.clear();
    CHECK(w.empty());
    w.add(entry_kind::event, 2, {}, as_bytes_view("second"));
    batch_writer fresh;
    fresh.add(entry_kind::event, 2, {}, as_bytes_view("second"));
    const bytes_view a = w.seal({1, 0}, 1, 1, 1, 1, {});
    const bytes_view b = fresh.seal({1, 0}, 1, 1, 1, 1, {});
    CHECK(std::equal(a.begin(), a.end(), b.begin(), b.end()));
  }

  TEST_CASE("a batch cut anywhere is refused") {
    const bytes b = sample();
    for (std::size_t n = 0; n < b.size(); ++n) {
      const auto opened = batch_reader::open(bytes_view{b}.first(n));
      REQUIRE_FALSE(opened.has_value());
      REQUIRE(opened.error().code == errc::truncated);
    }
  }

  TEST_CASE("every single flipped bit is refused") {
    const bytes b = sample();
    for (std::size_t bit = 0; bit < b.size() * 8; ++bit) {
      bytes bad = b;
      bad[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
      REQUIRE_FALSE(batch_reader::open(bad).has_value());
    }
  }

  TEST_CASE("with the CRC made good again a flipped bit never makes an entry reach outside") {
    const bytes b = sample();
    for (std::size_t bit = 0; bit < b.size() * 8; ++bit) {
      bytes bad = b;
      bad[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
      bad = with_good_crc(bad);
      const auto opened = batch_reader::open(bad);
      if (!opened) continue;
      std::uint32_t entries = 0;
      for (const entry_view e : *opened) {
        ++entries;
        REQUIRE(e.content.data() >= bad.data());
        REQUIRE(e.content.data() + e.content.size() <= bad.data() + bad.size());
      }
      REQUIRE(entries == opened->head().entries());
    }
  }

  TEST_CASE("each part of the head and of an entry is held against what is there") {
    check_refused(patched<std::uint32_t>(0, 0x454c485a), errc::malformed, "not a batch");
    check_refused(patched<std::uint16_t>(4, 2), errc::unsupported_version, "batch format 2");
    check_refused(patched<std::uint32_t>(crc_at - 8, 64), errc::truncated, "says it has 64");
    check_refused(patched<std::uint32_t>(crc_at - 12, 8), errc::corrupt, "number of entries");
    check_refused(patched<std::uint8_t>(first, 0), errc::unknown_type, "entry kind 0");
    check_refused(patched<std::uint8_t>(first, 6), errc::unknown_type, "entry kind 6");
    check_refused(patched<std::uint8_t>(first, 99), errc::unknown_type, "entry kind 99");
    check_refused(patched<std::uint32_t>(first + 4, 3), errc::truncated, "entry 0");
    check_refused(patched<std::uint32_t>(first + 4, 0xffffffff), errc::truncated, "entry 0");
    check_refused(patched<std::uint32_t>(first + 4, 0xfffffff9), errc::truncated, "entry 0");
  }

  TEST_CASE("a batch beyond its limit is refused before its CRC is worked out") {
    bytes b(limits::batch_bytes_max + 8);
    check_refused(b, errc::too_large, "1 MiB");
  }
}

}  // namespace zhili
