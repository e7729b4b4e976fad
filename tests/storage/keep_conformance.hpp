// SPDX-License-Identifier: Apache-2.0
// What every store must do beyond the log: snapshots, archive, deletion, copies, and writers that fence each
// other from threads. Harnesses as in conformance.hpp.
#pragma once

#include <atomic>
#include <mutex>

#include "tests/storage/copies.hpp"

namespace zhili::storage {

TEST_SUITE_BEGIN("storage/conformance");

TEST_CASE_TEMPLATE_DEFINE("a store keeps snapshots and an archive", Harness, keep_conformance) {
  Harness harness;
  const partition_id p{1, 5};
  lease now = harness.log().acquire(p).value();
  const texts five{"one", "two", std::string(70'000, 'x'), "four", "five"};
  for (std::uint64_t n = 1; n <= 5; ++n)
    REQUIRE(append_one(harness.log(), now, n, five[n - 1]) == append_outcome::ok);
  const auto part = [&](std::size_t begin, std::size_t end) {
    return texts(
        five.begin() + static_cast<std::ptrdiff_t>(begin), five.begin() + static_cast<std::ptrdiff_t>(end));
  };
  const auto put = [&](std::uint64_t at, std::string_view bytes) {
    return code_of(harness.log().put_snapshot(now, seq{at}, as_bytes_view(bytes)));
  };
  // Two whole pieces, and then none that is empty.
  const std::string large(2 * 1024 * 1024, 's');

  SUBCASE("the newest snapshot is given back, now and after it is opened again") {
    CHECK_FALSE(harness.log().get_snapshot(p).value().has_value());
    for (const std::string& bytes : {std::string("small"), large, large + "t", std::string{}}) {
      CHECK(put(4, bytes) == errc::none);
      for (int round = 0; round < 2; ++round) {
        const auto back = harness.log().get_snapshot(p).value();
        REQUIRE(back.has_value());
        CHECK(back->at == seq{4});
        CHECK((chars_of(back->bytes) == bytes));
        harness.reopen();
      }
    }
    CHECK_FALSE(harness.log().get_snapshot({1, 6}).value().has_value());
  }
  SUBCASE("a snapshot of no batch, of one that is not there yet, or older than the published is refused") {
    CHECK(put(0, "s") == errc::out_of_range);
    CHECK(put(6, "s") == errc::out_of_range);
    CHECK(put(4, "four") == errc::none);
    CHECK(put(3, "three") == errc::out_of_range);
    CHECK(put(5, "five") == errc::none);
    CHECK(chars_of(harness.log().get_snapshot(p).value()->bytes) == "five");
  }
  SUBCASE("whoever was fenced publishes, trims, deletes and replaces nothing, and hears why") {
    REQUIRE(put(4, "four") == errc::none);
    REQUIRE(harness.log().trim(now, seq{3}).has_value());
    REQUIRE(harness.log().acquire(p).has_value());
    CHECK(put(5, large) == errc::fenced);
    CHECK(code_of(harness.log().trim(now, seq{5})) == errc::fenced);
    CHECK(code_of(harness.log().forget_before(now, seq{2}, {}, "law")) == errc::fenced);
    CHECK(code_of(harness.log().replace(now, {})) == errc::fenced);
    const status why = harness.log().trim(now, seq{5});
    CHECK(why.error().detail.find("partition 1/5") != std::string::npos);
    CHECK(why.error().detail.find("epoch 1") != std::string::npos);
    CHECK(chars_of(harness.log().get_snapshot(p).value()->bytes) == "four");
    CHECK(harness.log().extent(p).value().first == seq{3});
    CHECK(harness.log().extent(p).value().archived == seq{1});
  }
  SUBCASE("trim moves batches below the snapshot to the archive, where they are read apart") {
    CHECK(code_of(harness.log().trim(now, seq{2})) == errc::out_of_range);
    REQUIRE(put(4, "four") == errc::none);
    CHECK(code_of(harness.log().trim(now, seq{6})) == errc::out_of_range);
    CHECK(code_of(harness.log().trim(now, seq{3})) == errc::none);
    CHECK(code_of(harness.log().trim(now, seq{2})) == errc::none);
    for (int round = 0; round < 2; ++round) {
      CHECK((batches(harness.log(), p, 3) == part(2, 5)));
      CHECK((archive(harness.log(), p) == part(0, 2)));
      CHECK((archive(harness.log(), p, 2) == part(1, 2)));
      CHECK((records(harness.log(), p) == five));
      int visits = 0;
      const status all = harness.log().read(p, seq{2}, [&](seq, bytes_view) { return ++visits > 0; });
      CHECK(code_of(all) == errc::not_found);
      CHECK(all.error().detail.find("begins at batch 3") != std::string::npos);
      CHECK(visits == 0);
      CHECK(harness.log().resolve(now, seq{1}, id_of("one")).value());
      CHECK_FALSE(harness.log().resolve(now, seq{1}, id_of("two")).value());
      harness.reopen();
    }
    now = harness.log().acquire(p).value();
    CHECK(now.next == seq{6});
    CHECK(append_one(harness.log(), now, 6, "six") == append_outcome::ok);
    CHECK(code_of(harness.log().trim(now, seq{5})) == errc::none);
    CHECK(batches(harness.log(), p, 5) == texts{"five", "six"});
  }
  SUBCASE("deletion from the archive is recorded with when and why, and the rest stays") {
    REQUIRE(put(5, "five") == errc::none);
    REQUIRE(harness.log().trim(now, seq{5}).has_value());
    CHECK(code_of(harness.log().forget_before(now, seq{6}, {}, "law")) == errc::out_of_range);
    CHECK(
        code_of(harness.log().forget_before(now, seq{3}, {1'700'000'000'000}, "三年已满 by ops")) ==
        errc::none);
    CHECK(code_of(harness.log().forget_before(now, seq{3}, {5}, "again")) == errc::none);
    CHECK(code_of(harness.log().forget_before(now, seq{4}, {-1}, "")) == errc::none);
    for (int round = 0; round < 2; ++round) {
      CHECK((archive(harness.log(), p, 4) == part(3, 4)));
      CHECK((records(harness.log(), p, 4) == part(3, 5)));
      CHECK(code_of(harness.log().read_archive(p, seq{3}, all_of_it)) == errc::not_found);
      CHECK(code_of(harness.log().resolve(now, seq{3}, id_of(five[2]))) == errc::not_found);
      const auto acts = harness.log().forgotten(p).value();
      REQUIRE(acts.size() == 2);
      CHECK(acts[0].from == seq{1});
      CHECK(acts[0].before == seq{3});
      CHECK(acts[0].at == instant{1'700'000'000'000});
      CHECK(acts[0].why == "三年已满 by ops");
      CHECK(acts[1].from == seq{3});
      CHECK(acts[1].before == seq{4});
      CHECK(acts[1].at == instant{-1});
      CHECK(harness.log().forgotten({1, 6}).value().empty());
      harness.reopen();
    }
  }
  SUBCASE("a place that cannot be is refused") {
    for (const partition_id none : {partition_id{32, 0}, partition_id{1, 64}}) {
      CHECK(code_of(harness.log().get_snapshot(none)) == errc::out_of_range);
      CHECK(code_of(harness.log().extent(none)) == errc::out_of_range);
      CHECK(code_of(harness.log().forgotten(none)) == errc::out_of_range);
      CHECK(code_of(harness.log().trim({none, {}, {}, {}}, seq{1})) == errc::out_of_range);
    }
  }
}

TEST_CASE_TEMPLATE_DEFINE("writers that fence each other from threads", Harness, race_conformance) {
  Harness harness;
  const partition_id p{2, 3};
  std::mutex mutex;
  texts acknowledged;
  std::vector<std::uint64_t> epochs;
  std::vector<std::thread> writers;
  for (int who = 0; who < 4; ++who) {
    writers.emplace_back([&, who] {
      partition_store& log = harness.log();
      for (int round = 0; round < 12; ++round) {
        const lease mine = log.acquire(p).value();
        std::uint64_t n = mine.next.value;
        for (int i = 0; i < 6; ++i, ++n) {
          const std::string batch =
              std::to_string(who) + "." + std::to_string(round) + "." + std::to_string(i);
          const append_outcome got = append_one(log, mine, n, batch);
          std::lock_guard lock(mutex);
          if (i == 0) epochs.push_back(mine.epoch.value);
          // Nobody appends under this lease beside me, so no number but the next can be due.
          CHECK((got == append_outcome::ok || got == append_outcome::fenced));
          CHECK(log.resolve(mine, seq{n}, id_of(batch)).value() == (got == append_outcome::ok));
          if (got != append_outcome::ok) break;
          acknowledged.push_back(batch);
          (void)log.put_snapshot(mine, seq{n}, as_bytes_view(batch));
          (void)log.trim(mine, seq{n / 2});
        }
      }
    });
  }
  for (std::thread& writer : writers) writer.join();

  // Every acknowledged batch once, whoever wrote it, and none besides.
  texts kept = records(harness.log(), p);
  std::sort(kept.begin(), kept.end());
  std::sort(acknowledged.begin(), acknowledged.end());
  CHECK(kept == acknowledged);
  std::sort(epochs.begin(), epochs.end());
  CHECK(std::adjacent_find(epochs.begin(), epochs.end()) == epochs.end());
  CHECK(epochs.back() == 48);
  const auto newest = harness.log().get_snapshot(p).value();
  const extent all = harness.log().extent(p).value();
  REQUIRE(newest.has_value());
  CHECK(all.first.value <= newest->at.value + 1);
  CHECK(records(harness.log(), p)[newest->at.value - 1] == chars_of(newest->bytes));
}

TEST_SUITE_END();

}  // namespace zhili::storage
