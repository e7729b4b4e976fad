// SPDX-License-Identifier: Apache-2.0
// What survives: LevelDB's own log cut at any place, and disks that fail at any call. A store in memory goes
// through the same story and says what must be there.
#include <sys/resource.h>

#include <csignal>

#include "storage/memory_log.hpp"
#include "tests/storage/disk.hpp"
#include "tests/storage/faulty_files.hpp"
#include "tests/storage/story.hpp"

namespace zhili::storage {

using namespace example;
namespace {

/// Where the records of LevelDB's log end (its doc/log_format.md): crc(4) length(2) type(1), in blocks.
std::vector<std::uint64_t> record_ends(const std::string& log) {
  constexpr std::uint64_t block = 32'768, header = 7;
  std::vector<std::uint64_t> out;
  for (std::uint64_t at = 0; at + header <= log.size();) {
    const std::uint64_t left = block - at % block;
    if (left < header) {
      at += left;
      continue;
    }
    const auto byte = [&](std::uint64_t i) { return static_cast<unsigned char>(log[at + i]); };
    at += header + byte(4) + 256u * byte(5);
    out.push_back(at);
  }
  return out;
}

/// It can be written again, by someone who fences all before.
void goes_on(partition_store& store, const std::uint64_t (&epochs)[partitions]) {
  for (std::size_t which = 0; which < partitions; ++which) {
    const lease now = store.acquire(partition(which)).value();
    CHECK(now.epoch.value > epochs[which]);
    CHECK(append_one(store, now, now.next.value, "more") == append_outcome::ok);
    CHECK(
        records(store, partition(which), store.extent(partition(which)).value().archived.value).back() ==
        "more");
  }
}

}  // namespace

TEST_SUITE("storage/leveldb_crash") {
  TEST_CASE(
      "a log that is cut at any record or inside one keeps what was acknowledged before the cut, whole") {
    const scratch_dir live, dir;
    faulty_files files_of_live;
    store_ptr store = open_store(live.path, {.create = true, .files = &files_of_live});
    memory_log memory;
    story real(store->log(), 1, false), told(memory, 1, false);
    const fs::path log = files(live.path, ".log").at(0);

    struct moment {
      std::uintmax_t log_bytes = 0;
      sight seen;
      std::uint64_t epochs[partitions] = {};
    };
    std::vector<moment> moments{{fs::file_size(log), look_at(memory), {}}};
    for (int step = 0; step < 45; ++step) {
      REQUIRE(real.go_on().code == errc::none);
      REQUIRE(told.go_on().code == errc::none);
      moments.push_back({fs::file_size(log), look_at(memory), {}});
      for (std::size_t which = 0; which < partitions; ++which)
        moments.back().epochs[which] = told.epoch_of(which);
    }
    REQUIRE(look_at(store->log()) == moments.back().seen);
    REQUIRE(files(live.path, ".log").size() == 1);

    std::vector<std::uintmax_t> cuts;
    std::uint64_t before = 0;
    const std::string bytes_of_log = contents(log);
    for (const std::uint64_t end : record_ends(bytes_of_log)) {
      for (const std::uint64_t cut : {before + 1, before + 6, before + 8, (before + end) / 2, end - 1, end})
        if (cuts.empty() || cut > cuts.back()) cuts.push_back(cut);
      before = end;
    }
    CHECK(before == bytes_of_log.size());
    CHECK(cuts.size() > 200);
    std::size_t at = 0, as_before = 0;
    for (const std::uintmax_t cut : cuts) {
      CAPTURE(cut);
      while (at + 1 < moments.size() && moments[at + 1].log_bytes <= cut) ++at;
      const fs::path copy = dir.path / "copy";
      fs::remove_all(copy);
      fs::copy(live.path, copy, fs::copy_options::recursive);
      fs::resize_file(copy / "store" / log.filename(), cut);
      faulty_files quick;
      const store_ptr after = open_store(copy, {.files = &quick});
      const sight seen = look_at(after->log());
      if (seen == moments[at].seen) ++as_before;
      CHECK((seen == moments[at].seen || (at + 1 < moments.size() && seen == moments[at + 1].seen)));
      goes_on(after->log(), moments[at].epochs);
    }
    CHECK(at + 1 == moments.size());
    CHECK(as_before > cuts.size() / 2);
    // Bytes that were whole once are no torn write.
    fs::copy(live.path, dir.path / "flipped", fs::copy_options::recursive);
    flip(dir.path / "flipped" / "store" / log.filename(), bytes_of_log.find("5.0x"));
    CHECK(refusal(dir.path / "flipped", {}).code == errc::corrupt);
  }

  TEST_CASE(
      "a disk that fails at any call stops the store in plain words, and nothing acknowledged is lost") {
    std::uint64_t calls_of_opening = 0, calls_in_all = 0;
    const auto run = [](faulty_files& files, const fs::path& dir, std::uint64_t seed, store_ptr& store,
                        memory_log& memory, sight& acknowledged, std::uint64_t(&epochs)[partitions]) {
      store = open_store(dir, {.files = &files});
      story real(store->log(), seed, true), told(memory, seed, true);
      acknowledged = look_at(memory);
      for (int step = 0; step < 60; ++step) {
        const error why = real.go_on();
        if (why.code != errc::none) {
          // What it would have become, had it gone well.
          for (std::size_t which = 0; which < partitions; ++which) epochs[which] = told.epoch_of(which);
          REQUIRE(told.go_on().code == errc::none);
          CHECK(why.code == errc::io);
          if (why.detail == "append")
            CHECK(
                (real.last_outcome() == append_outcome::unknown ||
                 real.last_outcome() == append_outcome::unavailable));
          const lease mine = real.lease_of(0);
          CHECK(append_one(store->log(), mine, 1, "x") == append_outcome::unavailable);
          const auto refused = store->log().acquire(partition(1));
          REQUIRE_FALSE(refused.has_value());
          CHECK(refused.error().code == errc::io);
          CHECK(refused.error().detail.find((dir / "store").string()) == 0);
          CHECK(
              refused.error().detail.find("writes nothing more until it is opened again: the disk ") !=
              std::string::npos);
          CHECK(code_of(store->log().resolve(mine, seq{1}, {})) == errc::io);
          CHECK(code_of(store->log().head(partition(0))) == errc::io);
          CHECK(code_of(store->put_meta("run", "x")) == errc::io);
          return true;
        }
        REQUIRE(told.go_on().code == errc::none);
        acknowledged = look_at(memory);
      }
      return false;
    };
    const auto make = [](const fs::path& dir, faulty_files& files) {
      open_store(dir, {.create = true, .files = &files});
    };
    {
      const scratch_dir dir;
      faulty_files files;
      make(dir.path, files);
      const std::uint64_t made = files.calls();
      open_store(dir.path, {.files = &files});
      calls_of_opening = (files.calls() - made) / 2;
      store_ptr store;
      memory_log memory;
      sight acknowledged;
      std::uint64_t epochs[partitions] = {};
      const std::uint64_t begun = files.calls();
      REQUIRE_FALSE(run(files, dir.path, 1, store, memory, acknowledged, epochs));
      REQUIRE(look_at(store->log()) == acknowledged);
      calls_in_all = files.calls() - begun;
    }
    int stopped = 0, as_before = 0, as_after = 0;
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
      CAPTURE(seed);
      std::mt19937_64 chance(seed);
      const auto how = static_cast<fault>(chance() % 3);
      const bool power_lost = chance() % 2 == 0;
      const scratch_dir dir;
      faulty_files files;
      make(dir.path, files);
      files.fail_after(calls_of_opening + 10 + chance() % (calls_in_all - calls_of_opening), how);
      store_ptr store;
      memory_log memory;
      sight acknowledged;
      std::uint64_t epochs[partitions] = {};
      const bool stops = run(files, dir.path, seed, store, memory, acknowledged, epochs);
      if (stops) ++stopped;
      store.reset();
      files.heal();
      if (power_lost) files.lose_power();
      store = open_store(dir.path, {.files = &files});
      const sight seen = look_at(store->log());
      const bool before = seen == acknowledged;
      CHECK((before || (stops && seen == look_at(memory))));
      if (stops) ++(before ? as_before : as_after);
      goes_on(store->log(), epochs);
    }
    CAPTURE(calls_in_all);
    CHECK(stopped > 80);
    CHECK(as_before > 60);
    CHECK(as_after >= 5);
  }

  TEST_CASE("a disk that fails while a store is opened or made says so, and later it opens as it was") {
    const scratch_dir dir;
    faulty_files healthy;
    const auto made = [&](const fs::path& at) {
      const store_ptr store = open_store(at, {.create = true, .files = &healthy});
      const lease now = store->log().acquire(p).value();
      REQUIRE(append_one(store->log(), now, 1, "one") == append_outcome::ok);
    };
    made(dir.path / "whole");
    for (const bool anew : {false, true}) {
      bool failed = true;
      for (std::uint64_t calls = 0; failed; ++calls) {
        CAPTURE(calls);
        REQUIRE(calls < 500);
        const fs::path copy = dir.path / (std::to_string(calls) + (anew ? "new" : ""));
        if (!anew) fs::copy(dir.path / "whole", copy, fs::copy_options::recursive);
        faulty_files files;
        files.fail_after(calls, calls % 2 == 0 ? fault::disk_full : fault::disk_dead);
        const auto opened = leveldb_store::open(copy, {.create = anew, .files = &files});
        failed = !opened;
        if (failed) {
          CHECK(opened.error().code == errc::io);
          CHECK(opened.error().detail.find(copy.string()) == 0);
          CHECK(opened.error().detail.find("the disk ") != std::string::npos);
        }
        if (!failed) break;
        if (anew) {
          made(copy);
        } else {
          const store_ptr store = open_store(copy, {.files = &healthy});
          CHECK(batches(store->log(), p) == texts{"one"});
        }
      }
    }
  }

  TEST_CASE("after a failed write the store stops, and opened again has all that it acknowledged") {
    const scratch_dir dir;
    std::uint64_t acknowledged = 0;
    const std::string batch(10'000, 'b');
    {
      const store_ptr store = open_store(dir.path);
      const lease now = store->log().acquire(p).value();
      rlimit before{};
      REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
      const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
      const rlimit small{100'000, before.rlim_max};
      REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
      append_outcome last = append_outcome::ok;
      while (last == append_outcome::ok && acknowledged < 100) {
        last = append_one(store->log(), now, acknowledged + 1, batch);
        if (last == append_outcome::ok) ++acknowledged;
      }
      REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
      std::signal(SIGXFSZ, ignored);
      CHECK(last == append_outcome::unknown);
      // Though the disk would take it again:
      CHECK(append_one(store->log(), now, acknowledged + 1, batch) == append_outcome::unavailable);
      CHECK(store->log().resolve(now, seq{acknowledged + 1}, id_of(batch)).error().code == errc::io);
      const auto again = store->log().acquire(p);
      REQUIRE_FALSE(again.has_value());
      CHECK(again.error().detail.find("cannot write") != std::string::npos);
      CHECK_FALSE(store->flush().has_value());
    }
    CHECK(acknowledged > 0);
    const store_ptr store = open_store(dir.path);
    CHECK(batches(store->log(), p) == texts(acknowledged, batch));
    CHECK(
        append_one(store->log(), store->log().acquire(p).value(), acknowledged + 1, "more") ==
        append_outcome::ok);
  }
}

}  // namespace zhili::storage
