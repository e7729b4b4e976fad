// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include <doctest/doctest.h>

#include "tests/actors/toy.hpp"
#include "tests/testkit/given.hpp"

namespace zhili {
namespace {

using namespace testkit;
using bytes = std::vector<std::byte>;
using partition::engine;

const account_id clinic = subject(subject_kind::institution, "clinic");
const account_id other = subject(subject_kind::institution, "other");
constexpr std::uint32_t everything = toy::send_inside | toy::send_across | toy::set_timer | toy::ask_effect;

input<toy::put> submits(std::uint64_t amount, std::uint32_t wants) {
  return submission(flat<toy::put>{{amount, other, 60'000, wants, 0}});
}

/// A little of everything that a log can hold.
void live(stage<toy::workflow>& s) {
  s.when(submits(1, everything));
  s.when(message(toy::hand{2}));
  s.when(submits(3, toy::wait));
  s.when(submits(4, toy::refuse_late));
  s.acknowledge_all();
  s.advance(std::chrono::minutes{2});
  s.when(message(toy::hand{0}));
  s.when(submits(5, toy::settle_all | toy::send_across));
  s.use_registry({});
}

/// The batch after a change of one entry, with a good CRC, as somebody who may write the log could leave it.
template <class Change>
bytes tampered(const bytes& batch, entry_kind kind, Change&& change) {
  const auto opened = batch_reader::open(batch);
  batch_writer w;
  for (const entry_view e : *opened) {
    bytes content(e.content.begin(), e.content.end());
    std::uint16_t type = e.type;
    if (e.kind == kind) change(type, content);
    w.add(e.kind, type, {}, content);
  }
  const auto& h = opened->head();
  const bytes_view sealed = w.seal(partition_id::unpack(h.partition()), h.seq(), h.epoch(), h.incarnation(), h.behaviour(),
                                   {h.chain_hi(), h.chain_lo()});
  return {sealed.begin(), sealed.end()};
}

struct bare_engine {
  shelf packs;
  storage::memory_content texts;
  partition::bench bench;
  std::unique_ptr<engine> e;

  explicit bare_engine(bool with_packs = true) {
    if (with_packs) packs.load("tests/testkit/packs/plain");
    packs.put(std::make_shared<written_registry>(1, written_registry::entries{}));
    e = std::make_unique<engine>(partition_id{29, shard_of(clinic)}, stage<toy::workflow>::descriptor(),
                                 partition::surroundings{&packs, &texts, &bench}, 1);
  }
  status restore(const bytes& b) { return e->restore(batch_reader::open(b).value()); }
  status verify(const bytes& b) { return e->verify(batch_reader::open(b).value()); }
};

void check_fails(const status& s, errc code, std::string_view says) {
  REQUIRE_FALSE(s.has_value());
  CHECK(name(s.error().code) == name(code));
  CHECK_MESSAGE(s.error().detail.find(says) != std::string::npos, s.error().detail);
}

}  // namespace

TEST_SUITE("actors/engine/recovery") {
  TEST_CASE("restored from every prefix of its log a partition is what it was then") {
    std::vector<digest128> then;
    stage<toy::workflow> s{clinic};
    const auto note = [&] {
      while (then.size() < s.batches().size()) then.push_back(s.live().state_digest());
    };
    note();
    for (std::uint64_t n = 1; n < 12; ++n) {
      s.when(submits(n, n % 2 == 0 ? everything : toy::wait));
      note();
      s.when(message(toy::hand{n % 3}));
      note();
      if (n % 4 == 0) s.when(submits(n, toy::settle_all));
      note();
    }
    REQUIRE(then.size() > 20);
    for (std::size_t n = 0; n < then.size(); ++n) {
      const auto again = s.restored(n + 1);
      REQUIRE(again != nullptr);
      CHECK(again->state_digest() == then[n]);
      CHECK(again->check().empty());
    }
  }

  TEST_CASE("restored, it counts and stamps as before") {
    stage<toy::workflow> s{clinic};
    live(s);
    const auto again = s.restored();
    CHECK(again->commands() == s.live().commands());
    CHECK(again->decisions() == s.live().decisions());
    CHECK(again->last_stamp() == s.live().last_stamp());
    CHECK(again->books() == s.live().books());
    CHECK(again->chain_digest() == s.live().chain_digest());
    CHECK(again->refused_inside() == s.live().refused_inside());
    CHECK(again->counts().days().size() == s.live().counts().days().size());
  }

  TEST_CASE("executed again the log is the same to the byte") {
    stage<toy::workflow> s{clinic};
    live(s);
    const status same = s.verified();
    CHECK_MESSAGE(same.has_value(), (same ? "" : same.error().detail));
  }

  TEST_CASE("re-execution finds whatever was changed in the log, and says where") {
    stage<toy::workflow> s{clinic};
    s.when(submits(1, everything));
    const bytes pack = s.batches()[0];
    const bytes batch = s.batches()[1];
    const auto check = [&](entry_kind kind, auto&& change) {
      bare_engine again;
      REQUIRE(again.verify(pack).has_value());
      check_fails(again.verify(tampered(batch, kind, change)), errc::diverged, "batch 2, submission command stamped 2021-07-18");
    };
    const auto flip = [](std::uint16_t&, bytes& content) { content.back() ^= std::byte{1}; };
    check(entry_kind::event, [](std::uint16_t&, bytes& content) { content[32] ^= std::byte{1}; });
    check(entry_kind::outcome, [](std::uint16_t&, bytes& content) { content[1] = std::byte{4}; });
    check(entry_kind::send, flip);
    check(entry_kind::timer, flip);
    check(entry_kind::effect, flip);
    check(entry_kind::event, [](std::uint16_t& type, bytes&) { type = 3; });
    // The untouched one passes: the checks above can tell.
    bare_engine again;
    CHECK(again.verify(pack).has_value());
    CHECK(again.verify(batch).has_value());
  }

  TEST_CASE("re-execution finds a command that could not have been taken") {
    stage<toy::workflow> s{clinic};
    s.when(submits(1, 0).key(5));
    s.when(message(toy::hand{2}));
    s.when(submits(1, toy::set_timer));
    const auto repeated = [&](std::size_t n, errc code, std::string_view says) {
      bare_engine again;
      for (const bytes& b : s.batches()) REQUIRE(again.verify(b).has_value());
      check_fails(again.verify(s.batches()[n]), code, says);
    };
    repeated(1, errc::diverged, "was taken before");
    repeated(2, errc::diverged, "is not the next of its stream");

    bare_engine again;
    for (const bytes& b : s.batches()) REQUIRE(again.verify(b).has_value());
    const bytes early = tampered(s.batches()[3], entry_kind::command, [](std::uint16_t&, bytes& content) {
      reinterpret_cast<wire::command_header*>(content.data())->mutate_at(1000);
    });
    check_fails(again.verify(early), errc::corrupt, "time goes back");
    s.advance(std::chrono::hours{1});
    const bytes wrong_turn = tampered(s.batches()[4], entry_kind::command, [](std::uint16_t&, bytes& content) {
      reinterpret_cast<wire::command_header*>(content.data())->mutate_number(77);
    });
    check_fails(again.verify(wrong_turn), errc::diverged, "fires out of turn");
  }

  TEST_CASE("a missing, doubled or swapped batch breaks the chain") {
    stage<toy::workflow> s{clinic};
    s.when(submits(1, 0));
    s.when(submits(2, 0));
    s.when(submits(3, 0));
    const auto& b = s.batches();
    {
      bare_engine again;
      REQUIRE(again.restore(b[0]).has_value());
      check_fails(again.restore(b[2]), errc::corrupt, "toy shard");
    }
    {
      bare_engine again;
      for (const std::size_t n : {0u, 1u}) REQUIRE(again.restore(b[n]).has_value());
      check_fails(again.restore(b[1]), errc::corrupt, "chain");
    }
    {
      bare_engine again;
      REQUIRE(again.restore(b[0]).has_value());
      check_fails(again.restore(tampered(b[1], entry_kind::event,
                                         [](std::uint16_t&, bytes& content) { content[32] ^= std::byte{1}; })),
                  errc::corrupt, "chain");
    }
  }

  TEST_CASE("a log that contradicts itself is refused with its place, never an abort") {
    stage<toy::workflow> s{clinic};
    s.when(submits(1, everything));
    s.advance(std::chrono::hours{1});
    const bytes pack = s.batches()[0], first = s.batches()[1], timer = s.batches()[2];
    const auto check = [&](const bytes& bad, errc code, std::string_view says, bool after_first = false) {
      CAPTURE(says);
      bare_engine again;
      REQUIRE(again.restore(pack).has_value());
      if (after_first) REQUIRE(again.restore(first).has_value());
      check_fails(again.restore(bad), code, says);
    };
    check(timer, errc::corrupt, "fires out of turn");
    check(tampered(first, entry_kind::event, [](std::uint16_t& type, bytes&) { type = 9; }), errc::unknown_type, "event 9");
    check(tampered(first, entry_kind::event, [](std::uint16_t&, bytes& c) { c.resize(8); }), errc::unknown_type, "event 2");
    check(tampered(first, entry_kind::send,
                   [](std::uint16_t&, bytes& c) { reinterpret_cast<wire::send_header*>(c.data())->mutate_number(2); }),
          errc::corrupt, "a gap in a stream");
    check(tampered(first, entry_kind::send,
                   [](std::uint16_t&, bytes& c) { reinterpret_cast<wire::send_header*>(c.data())->mutate_destination(0xffff); }),
          errc::corrupt, "stream that cannot be");
    check(tampered(first, entry_kind::timer, [](std::uint16_t&, bytes& c) { c.resize(c.size() + 64); }), errc::corrupt,
          "a timer too large");
    check(first, errc::corrupt, "a gap in a stream", true);
    check(tampered(first, entry_kind::command,
                   [](std::uint16_t&, bytes& c) { reinterpret_cast<wire::command_header*>(c.data())->mutate_at(1); }),
          errc::corrupt, "time goes back");
    check(tampered(first, entry_kind::command, [](std::uint16_t&, bytes& c) { c[79] = std::byte{9}; }), errc::unknown_type,
          "unknown origin");
  }

  TEST_CASE("a batch of another partition is refused") {
    stage<toy::workflow> s{clinic};
    const auto opened = batch_reader::open(s.batches()[0]);
    batch_writer w;
    for (const entry_view e : *opened) w.add(e.kind, e.type, {}, e.content);
    const bytes_view sealed = w.seal({29, static_cast<shard_no>((shard_of(clinic) + 1) % 64)}, 1, 1, 1, 1, {});
    const bytes foreign(sealed.begin(), sealed.end());
    bare_engine a, b;
    check_fails(a.restore(foreign), errc::corrupt, "belongs to partition");
    check_fails(b.verify(foreign), errc::corrupt, "belongs to partition");
  }

  TEST_CASE("a pack or snapshot that a log names and nobody has is an error that names it") {
    stage<toy::workflow> s{clinic};
    bare_engine without(false);
    check_fails(without.restore(s.batches()[0]), errc::not_found, "pack ");
    bare_engine without_too(false);
    check_fails(without_too.verify(s.batches()[0]), errc::not_found, "on the shelf");
    s.use_registry({});
    s.use_registry({});
    bare_engine again;
    for (const std::size_t n : {0u, 1u}) REQUIRE(again.restore(s.batches()[n]).has_value());
    check_fails(again.restore(s.batches()[2]), errc::not_found, "registry snapshot");
  }

  TEST_CASE("the digest of a state tells marks, streams, timers, keys and books apart") {
    const auto after = [](auto&& what) {
      stage<toy::workflow> s{clinic};
      what(s);
      return s.live().state_digest();
    };
    const digest128 digests[] = {
        after([](auto&) {}),
        after([](auto& s) { s.when(submits(1, 0).key(1)); }),
        after([](auto& s) { s.when(submits(1, 0).key(2)); }),
        after([](auto& s) { s.when(submits(1, toy::refuse_late).key(1)); }),
        after([](auto& s) { s.when(submits(1, toy::set_timer).key(1)); }),
        after([](auto& s) { s.when(submits(1, toy::send_across).key(1)); }),
        after([](auto& s) { s.when(submits(1, toy::send_inside).key(1)); }),
        after([](auto& s) { s.when(message(toy::hand{1}).from({30, 0}, stream_kind::inside_account)); }),
        after([](auto& s) { s.when(message(toy::hand{1}).from({30, 0}, stream_kind::across_accounts)); }),
        after([](auto& s) { s.when(message(toy::hand{1}).from({30, 1}, stream_kind::across_accounts)); }),
    };
    for (const digest128& a : digests) {
      for (const digest128& b : digests) CHECK((&a == &b || a != b));
    }
  }
}

}  // namespace zhili
