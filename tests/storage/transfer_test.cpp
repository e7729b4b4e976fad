// SPDX-License-Identifier: Apache-2.0
#include "storage/transfer.hpp"

#include "storage/memory_log.hpp"
#include "tests/storage/disk.hpp"
#include "tests/storage/keep_conformance.hpp"

namespace zhili::storage {

using namespace example;
namespace {

const texts numbers{"one", "two", "three", "four", "five"};

struct in_memory {
  memory_log kept;
  partition_store& log() { return kept; }
};

struct on_disk {
  scratch_dir dir;
  store_ptr store = open_store(dir.path);
  partition_store& log() { return store->log(); }
};

lease write(partition_store& to, const texts& batches, std::uint64_t begin = 1) {
  const lease now = to.acquire(p).value();
  for (std::size_t i = 0; i < batches.size(); ++i)
    REQUIRE(append_one(to, now, begin + i, batches[i]) == append_outcome::ok);
  return now;
}

std::string copy_of(partition_store& from, std::uint64_t through = 1'000'000) {
  std::string out;
  const auto done = export_partition(from, p, seq{through}, into(out));
  if (!done) FAIL(done.error().detail);
  CHECK(done->bytes == out.size());
  return out;
}

result<transferred> import_into(partition_store& to, std::string_view copy, life how = life::goes_on) {
  const lease under = to.acquire(p).value();
  return import_partition(to, under, from(copy), how);
}

std::string big(std::uint64_t v, int bytes) {
  std::string out;
  while (bytes-- > 0) out += static_cast<char>(v >> (8 * bytes));
  return out;
}

std::string record(char kind, const std::string& payload) {
  const std::string rest = kind + big(payload.size(), 4) + payload;
  return big(crc32c(as_bytes_view(rest)), 4) + rest;
}

const std::string begin = "zhiliprt" + big(1, 4);

std::string head(
    std::uint64_t shards, partition_id of, std::uint64_t archived, std::uint64_t first, std::uint64_t last) {
  return record(
      'h', big(shards, 4) + big(of.packed(), 4) + big(1, 4) + big(archived, 8) + big(first, 8) +
               big(last, 8) + big(0, 1) + big(0, 8) + big(0, 8));
}

}  // namespace

TEST_SUITE("storage/transfer") {
  TEST_CASE_TEMPLATE(
      "a copy holds archive, log, snapshot and names, in whichever store", Source, in_memory, on_disk) {
    Source source;
    const lease now = write(source.log(), numbers);
    const std::string state(1024 * 1024 + 7, 's');
    REQUIRE(source.log().put_snapshot(now, seq{4}, as_bytes_view(state)).has_value());
    REQUIRE(source.log().trim(now, seq{4}).has_value());
    REQUIRE(source.log().forget_before(now, seq{2}, {1}, "law").has_value());
    const std::string copy = copy_of(source.log());

    in_memory memory;
    on_disk disk;
    for (partition_store* to : {&memory.log(), &disk.log()}) {
      const auto done = import_into(*to, copy);
      REQUIRE(done.has_value());
      CHECK(done->extent.last == seq{5});
      CHECK(done->snapshot_at == seq{4});
      CHECK((archive(*to, p, 2) == texts{"two", "three"}));
      CHECK((batches(*to, p, 4) == texts{"four", "five"}));
      CHECK((records(*to, p, 2).size() == 4));
      CHECK((chars_of(to->get_snapshot(p).value()->bytes) == state));
      const lease after = to->acquire(p).value();
      CHECK(after.next == seq{6});
      CHECK(after.incarnation == incarnation{1});
      CHECK(append_one(*to, after, 6, "six") == append_outcome::ok);
      CHECK((copy_of(*to, 5) == copy));
    }
  }

  TEST_CASE("a copy's bytes are those of docs/storage_keys.md") {
    in_memory source;
    const lease now = write(source.log(), {"123456789", "second"});
    REQUIRE(source.log().put_snapshot(now, seq{1}, as_bytes_view("state")).has_value());
    const auto batch = [](std::uint64_t n, std::string_view bytes) {
      const digest128 id = id_of(bytes);
      return record('b', big(n, 8) + big(id.hi, 8) + big(id.lo, 8) + std::string{bytes});
    };
    const std::string head_payload = big(64, 4) + big(0x0105, 4) + big(1, 4) + big(1, 8) + big(1, 8) +
                                     big(2, 8) + big(1, 1) + big(1, 8) + big(5, 8);
    CHECK(
        copy_of(source.log()) == begin + record('h', head_payload) + record('s', "state") +
                                     batch(1, "123456789") + batch(2, "second") + record('z', big(4, 8)));
  }

  TEST_CASE("a copy may end at an earlier batch, and its snapshot with it") {
    in_memory source;
    const lease now = write(source.log(), numbers);
    REQUIRE(source.log().put_snapshot(now, seq{4}, as_bytes_view("state")).has_value());
    REQUIRE(source.log().trim(now, seq{3}).has_value());
    const std::string early = copy_of(source.log(), 3);
    in_memory to;
    REQUIRE(import_into(to.log(), early).has_value());
    CHECK((batches(to.log(), p) == texts{"one", "two", "three"}));
    CHECK_FALSE(to.log().get_snapshot(p).value().has_value());

    REQUIRE(source.log().forget_before(now, seq{2}, {1}, "law").has_value());
    std::string none;
    const auto refused = export_partition(source.log(), p, seq{3}, into(none));
    CHECK(code_of(refused) == errc::not_found);
    CHECK(refused.error().detail.find("those before 2 are forgotten") != std::string::npos);
  }

  TEST_CASE_TEMPLATE(
      "an older copy over a newer head begins a new life, and a newer one goes on", To, in_memory, on_disk) {
    To to;
    const lease now = write(to.log(), {"one", "two", "three"});
    const std::string of_three = copy_of(to.log());
    const auto life_after = [&](std::string_view copy, life how) {
      const auto done = import_into(to.log(), copy, how);
      if (!done) FAIL(done.error().detail);
      const lease after = to.log().acquire(p).value();
      CHECK(after.incarnation == done->extent.incarnation);
      return after.incarnation.value;
    };
    CHECK(life_after(of_three, life::goes_on) == 1);
    in_memory ahead;
    REQUIRE(import_into(ahead.log(), of_three).has_value());
    write(ahead.log(), {"four"}, 4);
    CHECK(life_after(copy_of(ahead.log()), life::goes_on) == 1);
    CHECK(batches(to.log(), p).size() == 4);
    CHECK(append_one(to.log(), now, 5, "late") == append_outcome::fenced);

    CHECK(life_after(of_three, life::goes_on) == 2);
    CHECK(batches(to.log(), p).size() == 3);
    // As long as what is there, and yet another story.
    in_memory other;
    write(other.log(), {"one", "two", "3"});
    CHECK(life_after(copy_of(other.log()), life::goes_on) == 3);
    CHECK(batches(to.log(), p).back() == "3");
    // An older life, though its batches are the same.
    CHECK(life_after(copy_of(other.log()), life::goes_on) == 4);
    CHECK(life_after(copy_of(to.log()), life::goes_on) == 4);
    CHECK(life_after(copy_of(to.log()), life::begins_anew) == 5);
  }

  TEST_CASE("a restore into an empty folder begins a new life when it is told so") {
    in_memory source;
    write(source.log(), numbers);
    on_disk to;
    REQUIRE(import_into(to.log(), copy_of(source.log()), life::begins_anew).has_value());
    to.store.reset();
    to.store = open_store(to.dir.path);
    const lease after = to.log().acquire(p).value();
    CHECK(after.incarnation == incarnation{2});
    CHECK((batches(to.log(), p) == numbers));
  }

  TEST_CASE("a partition without batches can be copied") {
    in_memory source, to;
    write(to.log(), numbers);
    REQUIRE(import_into(to.log(), copy_of(source.log())).has_value());
    CHECK(batches(to.log(), p).empty());
    CHECK(to.log().acquire(p).value().incarnation == incarnation{2});
  }

  TEST_CASE("a copy that is damaged at any byte, or cut, is refused and changes nothing") {
    in_memory source, to;
    const lease now = write(source.log(), numbers);
    REQUIRE(source.log().put_snapshot(now, seq{4}, as_bytes_view("state")).has_value());
    const std::string copy = copy_of(source.log());
    write(to.log(), {"mine"});
    for (std::size_t at = 0; at < copy.size(); ++at) {
      CAPTURE(at);
      std::string hurt = copy;
      hurt[at] = static_cast<char>(hurt[at] ^ 0x20);
      const auto flipped = import_into(to.log(), hurt);
      REQUIRE_FALSE(flipped.has_value());
      CHECK(flipped.error().detail.find("partition 1/5") != std::string::npos);
      const auto cut = import_into(to.log(), std::string_view{copy}.substr(0, at));
      CHECK(code_of(cut) == (at < begin.size() ? errc::malformed : errc::truncated));
    }
    CHECK(code_of(import_into(to.log(), copy + "x")) == errc::malformed);
    CHECK((batches(to.log(), p) == texts{"mine"}));
    CHECK(to.log().acquire(p).value().incarnation == incarnation{1});
    // The place is named: head 1, piece 2, then the batches.
    std::string hurt = copy;
    hurt[copy.find("four")] = 'F';
    const auto why = import_into(to.log(), hurt);
    CHECK(code_of(why) == errc::checksum);
    CHECK(why.error().detail.find("record 6") != std::string::npos);
    CHECK(why.error().detail.find("byte " + std::to_string(copy.find("four") - 33)) != std::string::npos);
  }

  TEST_CASE("records that are whole and yet do not belong together are refused") {
    const std::string one = record('b', big(1, 8) + std::string(16, '\0') + "one");
    const std::string two = record('b', big(2, 8) + std::string(16, '\0') + "two");
    struct row {
      std::string copy;
      errc code;
      const char* words;
    };
    const row rows[] = {
        {"a text", errc::malformed, "not a copy"},
        {"zhiliprt" + big(2, 4), errc::unsupported_version, "format 2"},
        {begin + head(32, p, 1, 1, 0), errc::unsupported_version, "32 shards"},
        {begin + head(64, {3, 7}, 1, 1, 0), errc::out_of_range, "partition 3/7"},
        {begin + head(64, p, 0, 1, 0), errc::malformed, "contradicts"},
        {begin + head(64, p, 2, 1, 0), errc::malformed, "contradicts"},
        {begin + head(64, p, 1, 2, 5), errc::malformed, "contradicts"},
        {begin + record('h', "short"), errc::malformed, "another length"},
        {begin + one, errc::malformed, "the head was to stand here"},
        {begin + head(64, p, 1, 1, 2) + two, errc::malformed, "batch 1 was to stand here"},
        {begin + head(64, p, 1, 1, 2) + one + one, errc::malformed, "batch 2 was to stand here"},
        {begin + head(64, p, 1, 1, 2) + one + record('z', big(2, 8)), errc::malformed, "batch 2"},
        {begin + head(64, p, 1, 1, 1) + one + record('z', big(3, 8)), errc::malformed, "counts other"},
        {begin + head(64, p, 1, 1, 1) + record('b', "short"), errc::malformed, "batch 1"},
        {begin + std::string(4, '\0') + "b" + big(0xffffffff, 4), errc::checksum, "length is damaged"},
    };
    in_memory to;
    for (const row& r : rows) {
      CAPTURE(r.words);
      const auto done = import_into(to.log(), r.copy);
      CHECK(code_of(done) == r.code);
      if (!done) CHECK(done.error().detail.find(r.words) != std::string::npos);
    }
    CHECK(import_into(to.log(), begin + head(64, p, 1, 1, 1) + one + record('z', big(2, 8))).has_value());
  }

  TEST_CASE("what the sink or the source says ends the transfer, and a damaged batch is not copied") {
    on_disk source;
    write(source.log(), numbers);
    const auto full = export_partition(source.log(), p, seq{5}, [n = 0](bytes_view) mutable {
      return ++n < 4 ? status{} : fail(errc::io, "tape full");
    });
    CHECK(code_of(full) == errc::io);
    CHECK(full.error().detail.find("tape full") != std::string::npos);
    in_memory to;
    const lease under = to.log().acquire(p).value();
    const auto gone = import_partition(
        to.log(), under,
        [](std::span<std::byte>) -> result<std::size_t> { return fail(errc::io, "unplugged"); },
        life::goes_on);
    CHECK(code_of(gone) == errc::io);
    REQUIRE(to.log().acquire(p).has_value());
    CHECK(
        code_of(import_partition(to.log(), under, from(copy_of(source.log())), life::goes_on)) ==
        errc::fenced);
  }

  TEST_CASE("a partition is copied while it runs") {
    on_disk source;
    const lease now = write(source.log(), numbers);
    std::thread writer([&] {
      for (std::uint64_t n = 6; n <= 60; ++n) {
        append_one(source.log(), now, n, "batch " + std::to_string(n));
        if (n % 8 == 0) (void)source.log().put_snapshot(now, seq{n}, as_bytes_view("s" + std::to_string(n)));
        if (n % 8 == 4) (void)source.log().trim(now, seq{n - 4});
      }
    });
    for (int round = 0; round < 10; ++round) {
      in_memory to;
      const auto done = import_into(to.log(), copy_of(source.log()));
      REQUIRE(done.has_value());
      const texts all = records(to.log(), p);
      CHECK(all.size() == done->extent.last.value);
      CHECK(std::equal(numbers.begin(), numbers.end(), all.begin()));
    }
    writer.join();
    CHECK(records(source.log(), p).size() == 60);
  }
}

}  // namespace zhili::storage
