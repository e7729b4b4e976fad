// SPDX-License-Identifier: Apache-2.0
#include "node/log_tail.hpp"

#include <doctest/doctest.h>

#include "protocols/log/batch.hpp"
#include "storage/memory_log.hpp"

namespace zhili::node {
namespace {

constexpr partition_id content{3, 5};

struct kept_log {
  storage::memory_log log;
  scenarios::shelf packs;
  storage::lease lease = *log.acquire(content);
  std::uint64_t last = 0;

  /// Batches of this life, without an entry that a tail would print.
  void write(std::size_t count, std::uint32_t life) {
    for (; count > 0; --count) {
      batch_writer w;
      const wire::acked nothing(1, content.packed(), 0, 0, 0);
      w.add(entry_kind::acked, 0, body_of(nothing), {});
      const bytes_view bytes = w.seal(content, ++last, 1, life, 1, {});
      const storage::append_item item{lease, storage::seq{last}, {life, last}, bytes};
      storage::append_outcome outcome{};
      log.append({&item, 1}, {&outcome, 1});
      REQUIRE(outcome == storage::append_outcome::ok);
    }
  }
  /// Only the first `count` batches were in the copy that it was restored from.
  void restore(std::uint64_t count) {
    storage::partition_copy copy;
    copy.extent.last = storage::seq{count};
    copy.extent.incarnation = storage::incarnation{2};
    REQUIRE(log.read_records(content, storage::seq{1}, storage::seq{count}, [&](const storage::record_view& r) {
      copy.batches.push_back({r.at, r.batch_id, {r.bytes.begin(), r.bytes.end()}});
      return true;
    }));
    REQUIRE(log.replace(lease, copy));
    lease = *log.acquire(content);
    last = count;
  }
  log_place after(log_place from, std::size_t bytes_max = 1024) {
    const log_tail tail(log, packs, [](partition_id) { return true; });
    auto read = tail.read({{"content/5", from}}, bytes_max);
    REQUIRE(read);
    return read->position["content/5"];
  }
};

}  // namespace

TEST_SUITE("node/log_tail") {
  TEST_CASE("a position is written with the life only where it is not the first, and read back") {
    const log_position p{{"content/5", {12, 1}}, {"desk/0", {7, 1795315200}}};
    CHECK(to_json(p) == R"({"content/5":12,"desk/0":{"batch":7,"life":1795315200}})");
    CHECK(read_position(to_json(p)).value() == p);
    for (const char* bad : {"[]", R"({"content/5":-1})", R"({"content/5":{"batch":1}})", R"({"content/5":"1"})"}) {
      CHECK_FALSE(read_position(bad));
    }
  }

  TEST_CASE("a tail goes on behind its place") {
    kept_log k;
    k.write(10, 1);
    CHECK(k.after({0, 1}) == log_place{10, 1});
    CHECK(k.after({10, 1}) == log_place{10, 1});
  }

  TEST_CASE("after a restore from an older copy nothing of the new life is taken for read") {
    for (const std::uint64_t copied : {std::uint64_t{1}, std::uint64_t{4}, std::uint64_t{9}}) {
      for (const std::size_t written : {std::size_t{1}, std::size_t{5}, std::size_t{20}}) {
        CAPTURE(copied);
        CAPTURE(written);
        kept_log k;
        k.write(10, 1);
        k.restore(copied);
        // Nothing written yet: the place falls back to the copy's end and waits there.
        CHECK(k.after({10, 1}) == log_place{copied, 1});
        k.write(written, 2);
        CHECK(k.after({10, 1}) == log_place{copied + written, 2});
        // One batch alone is the first of the new life.
        CHECK(k.after({10, 1}, 0) == log_place{copied + 1, 2});
        CHECK(k.after({copied + written, 2}) == log_place{copied + written, 2});
      }
    }
  }
}

}  // namespace zhili::node
