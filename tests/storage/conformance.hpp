// SPDX-License-Identifier: Apache-2.0
// What every implementation of the storage ports must do, whichever it is. A harness has log(), content() and
// reopen(), which closes the store and opens it again where that means something.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "storage/content_store.hpp"
#include "storage/partition_log.hpp"

namespace zhili::storage {

inline digest128 id_of(std::string_view batch) {
  return xxh3_128(as_bytes_view(batch));
}

inline append_item item(const lease& under, std::uint64_t n, std::string_view batch) {
  return {under, seq{n}, id_of(batch), as_bytes_view(batch)};
}

inline append_outcome append_one(
    partition_log& log, const lease& under, std::uint64_t n, std::string_view batch) {
  const append_item one = item(under, n, batch);
  append_outcome out = append_outcome::unknown;
  log.append({&one, 1}, {&out, 1});
  return out;
}

/// The batches from `from`; numbers must be without gaps. `outcome` gets what read returned.
inline std::vector<std::string> batches(
    partition_log& log, partition_id partition, std::uint64_t from = 1, status* outcome = nullptr) {
  std::vector<std::string> out;
  const status s = log.read(partition, seq{from}, [&](seq at, bytes_view bytes) {
    CHECK(at.value == std::max<std::uint64_t>(from, 1) + out.size());
    CHECK(reinterpret_cast<std::uintptr_t>(bytes.data()) % 8 == 0);
    out.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return true;
  });
  if (outcome != nullptr) {
    *outcome = s;
  } else {
    CHECK(s.has_value());
  }
  return out;
}

using texts = std::vector<std::string>;

TEST_SUITE_BEGIN("storage/conformance");

TEST_CASE_TEMPLATE_DEFINE("a partition log fences", Harness, fencing_conformance) {
  Harness harness;
  partition_log& log = harness.log();
  const partition_id p{1, 5};

  SUBCASE("the first lease is of epoch 1 and incarnation 1 and begins with batch 1") {
    const lease first = log.acquire(p).value();
    CHECK(first.partition == p);
    CHECK(first.epoch == epoch{1});
    CHECK(first.next == seq{1});
    CHECK(first.incarnation == incarnation{1});
    CHECK(log.head(p).value() == seq{0});
  }
  SUBCASE("an old lease is fenced after a second acquire, and the new one goes on where it ended") {
    const lease old = log.acquire(p).value();
    REQUIRE(append_one(log, old, 1, "one") == append_outcome::ok);
    const lease now = log.acquire(p).value();
    CHECK(now.epoch > old.epoch);
    CHECK(now.next == seq{2});
    CHECK(append_one(log, old, 2, "late") == append_outcome::fenced);
    CHECK(append_one(log, now, 2, "two") == append_outcome::ok);
    CHECK(append_one(log, old, 3, "later") == append_outcome::fenced);
    CHECK(log.head(p).value() == seq{2});
  }
  SUBCASE("a lease that was never given is fenced") {
    lease none;
    none.partition = p;
    CHECK(append_one(log, none, 1, "one") == append_outcome::fenced);
    CHECK(log.head(p).value() == seq{0});
  }
  SUBCASE("a batch that is not the next is a conflict and changes nothing") {
    const lease now = log.acquire(p).value();
    REQUIRE(append_one(log, now, 1, "one") == append_outcome::ok);
    for (const std::uint64_t wrong : {0u, 1u, 3u}) {
      CHECK(append_one(log, now, wrong, "wrong") == append_outcome::seq_conflict);
    }
    CHECK(log.head(p).value() == seq{1});
    CHECK(append_one(log, now, 2, "two") == append_outcome::ok);
  }
  SUBCASE("one call takes many partitions, each fenced on its own") {
    const partition_id q{1, 6}, r{2, 5};
    const lease of_p = log.acquire(p).value();
    const lease stale = log.acquire(q).value();
    const lease of_q = log.acquire(q).value();
    const lease of_r = log.acquire(r).value();
    const std::vector<append_item> items{
        item(of_p, 1, "p1"), item(stale, 1, "old"), item(of_r, 7, "ahead"), item(of_p, 2, "p2"),
        item(of_r, 1, "r1")};
    std::vector<append_outcome> outcomes(items.size(), append_outcome::unknown);
    log.append(items, outcomes);
    using enum append_outcome;
    CHECK(outcomes == std::vector{ok, fenced, seq_conflict, ok, ok});
    CHECK(log.head(p).value() == seq{2});
    CHECK(log.head(q).value() == seq{0});
    CHECK(log.head(r).value() == seq{1});
    CHECK(append_one(log, of_q, 1, "q1") == ok);
  }
  SUBCASE("partitions that have a batch are listed in order, those only acquired are not") {
    for (const partition_id some :
         {partition_id{2, 0}, partition_id{1, 63}, partition_id{1, 0}, partition_id{31, 63}}) {
      REQUIRE(append_one(log, log.acquire(some).value(), 1, "x") == append_outcome::ok);
    }
    REQUIRE(log.acquire(p).has_value());
    const std::vector<partition_id> want{{1, 0}, {1, 63}, {2, 0}, {31, 63}};
    CHECK(log.partitions().value() == want);
  }
  SUBCASE("a workflow or shard that cannot be is refused") {
    for (const partition_id none : {partition_id{32, 0}, partition_id{1, 64}}) {
      CHECK(log.acquire(none).error().code == errc::out_of_range);
      CHECK(log.head(none).error().code == errc::out_of_range);
    }
  }
  SUBCASE("threads append to partitions of their own at the same time") {
    std::vector<std::thread> threads;
    for (shard_no shard = 0; shard < 4; ++shard) {
      threads.emplace_back([&log, shard] {
        const lease mine = log.acquire({3, shard}).value();
        for (std::uint64_t n = 1; n <= 25; ++n) append_one(log, mine, n, std::to_string(shard * 1000 + n));
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (shard_no shard = 0; shard < 4; ++shard) CHECK(log.head({3, shard}).value() == seq{25});
  }
}

TEST_CASE_TEMPLATE_DEFINE("a partition log keeps", Harness, keeping_conformance) {
  Harness harness;
  const partition_id p{1, 5};
  const lease now = harness.log().acquire(p).value();
  const std::string zeros(3, '\0');
  const texts three{"one", zeros, std::string(70'000, 'x')};
  for (std::uint64_t n = 1; n <= 3; ++n) {
    REQUIRE(append_one(harness.log(), now, n, three[n - 1]) == append_outcome::ok);
  }
  const lease other = harness.log().acquire({1, 6}).value();
  REQUIRE(append_one(harness.log(), other, 1, "") == append_outcome::ok);

  SUBCASE("what was appended is read in order, from any batch on") {
    CHECK(batches(harness.log(), p) == three);
    CHECK(batches(harness.log(), p, 0) == three);
    CHECK(batches(harness.log(), p, 3) == texts{three[2]});
    CHECK(batches(harness.log(), p, 4).empty());
    CHECK(batches(harness.log(), {1, 6}) == texts{""});
    CHECK(batches(harness.log(), {9, 9}).empty());
  }
  SUBCASE("a visitor that has seen enough is not called again") {
    int calls = 0;
    CHECK(harness.log().read(p, seq{1}, [&](seq, bytes_view) { return ++calls < 2; }).has_value());
    CHECK(calls == 2);
  }
  SUBCASE("resolve tells the batch that is there from others and from none") {
    partition_log& log = harness.log();
    CHECK(log.resolve(now, seq{1}, id_of("one")).value());
    CHECK_FALSE(log.resolve(now, seq{1}, id_of("another")).value());
    CHECK_FALSE(log.resolve(now, seq{2}, id_of("one")).value());
    CHECK_FALSE(log.resolve(now, seq{4}, id_of("one")).value());
    CHECK_FALSE(log.resolve(now, seq{0}, id_of("one")).value());
    REQUIRE(log.acquire(p).has_value());
    CHECK(log.resolve(now, seq{1}, id_of("one")).value());
  }
  SUBCASE("nothing is different after it is closed and opened again") {
    harness.reopen();
    partition_log& log = harness.log();
    CHECK(batches(log, p) == three);
    CHECK(log.head(p).value() == seq{3});
    CHECK(log.partitions().value() == std::vector<partition_id>{{1, 5}, {1, 6}});
    CHECK(log.resolve(now, seq{1}, id_of("one")).value());
    const lease after = log.acquire(p).value();
    CHECK(after.epoch.value == now.epoch.value + 1);
    CHECK(after.next == seq{4});
    CHECK(append_one(log, now, 4, "late") == append_outcome::fenced);
    CHECK(append_one(log, after, 4, "four") == append_outcome::ok);
    CHECK(batches(log, p, 4) == texts{"four"});
  }
}

TEST_CASE_TEMPLATE_DEFINE("a content store", Harness, content_conformance) {
  Harness harness;
  const std::string text = "术前术后对比，效果因人而异";
  const digest256 hash = blake2b_256(as_bytes_view(text));
  std::string out = "something else";

  SUBCASE("says that it has no text which was never put") {
    CHECK_FALSE(harness.content().get(name_of(hash), 0, out).value());
    CHECK(out.empty());
  }
  SUBCASE("gives back what was put, once or twice, now and after it is opened again") {
    REQUIRE(harness.content().put(hash, text).has_value());
    REQUIRE(harness.content().put(hash, text).has_value());
    REQUIRE(harness.content().put(blake2b_256({}), "").has_value());
    for (int round = 0; round < 2; ++round) {
      CHECK(harness.content().get(name_of(hash), 0, out).value());
      CHECK(out == text);
      CHECK(harness.content().get(name_of(blake2b_256({})), 0, out).value());
      CHECK(out.empty());
      harness.reopen();
    }
  }
  SUBCASE("finds a text by its name alone, and no other that only resembles it") {
    REQUIRE(harness.content().put(hash, text).has_value());
    text_name near = name_of(hash);
    near.word[1] ^= std::uint64_t{1} << 63;
    CHECK_FALSE(harness.content().get(near, 0, out).value());
    near.word[1] = name_of(hash).word[1] - 1;
    CHECK_FALSE(harness.content().get(near, 0, out).value());
    CHECK(harness.content().get(name_of(hash), 77, out).value());
    CHECK(out == text);
  }
  SUBCASE("refuses a text that does not have its hash") {
    REQUIRE(harness.content().put(hash, "not this text").has_value());
    const auto got = harness.content().get(name_of(hash), 0, out);
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().code == errc::checksum);
    CHECK(got.error().detail.find(hex(name_of(hash))) != std::string::npos);
    CHECK(out.empty());
  }
}

TEST_SUITE_END();

}  // namespace zhili::storage
