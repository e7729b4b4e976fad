// SPDX-License-Identifier: Apache-2.0
// Snapshots, archive and deletions on disk: their layout, written and read here without
// storage/store_records, damage to it, and what leaves the disk.
#include <map>

#include "tests/storage/copies.hpp"
#include "tests/storage/disk.hpp"

namespace zhili::storage {

using namespace example;

TEST_SUITE("storage/leveldb_keep") {
  TEST_CASE("snapshots, archive and deletions lie on disk as docs/storage_keys.md says") {
    const scratch_dir dir;
    const std::string piece(1024 * 1024, 's');
    {
      const store_ptr store = open_store(dir.path);
      partition_store& log = store->log();
      const lease now = log.acquire(p).value();
      for (std::uint64_t n = 1; n <= 5; ++n)
        REQUIRE(append_one(log, now, n, five[n - 1]) == append_outcome::ok);
      REQUIRE(log.put_snapshot(now, seq{3}, as_bytes_view("older")).has_value());
      REQUIRE(log.put_snapshot(now, seq{4}, as_bytes_view(piece + "tail")).has_value());
      REQUIRE(log.trim(now, seq{4}).has_value());
      REQUIRE(log.forget_before(now, seq{2}, {258}, "law").has_value());
    }
    const std::string one_five = bytes({1, 5});
    const auto n64 = [](int n) { return bytes({0, 0, 0, 0, 0, 0, 0, n}); };
    const auto batch = [](int n) {
      const digest128 id = id_of(five[static_cast<std::size_t>(n - 1)]);
      std::string out;
      for (const std::uint64_t word : {id.hi, id.lo})
        for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(word >> shift);
      return out + five[static_cast<std::size_t>(n - 1)];
    };
    const std::map<std::string, std::string> want{
        {"a" + one_five + n64(2), batch(2)},
        {"a" + one_five + n64(3), batch(3)},
        {"l" + one_five + n64(4), batch(4)},
        {"l" + one_five + n64(5), batch(5)},
        {"mforgotten/1/5/00000000000000000001/00000000000000000002",
         n64(1) + n64(2) + bytes({0, 0, 0, 0, 0, 0, 1, 2}) + "law"},
        {"s" + one_five, n64(2) + n64(4) + bytes({0, 0, 0, 0, 0, 0x10, 0, 4})},
        {"s" + one_five + n64(2) + bytes({0, 0, 0, 0}), piece},
        {"s" + one_five + n64(2) + bytes({0, 0, 0, 1}), "tail"},
        {"t" + one_five, n64(4) + n64(2)},
    };
    edit(dir.path, [&](leveldb::DB& db) {
      std::map<std::string, std::string> found;
      const std::unique_ptr<leveldb::Iterator> it(db.NewIterator({}));
      for (it->SeekToFirst(); it->Valid(); it->Next()) {
        const std::string key = it->key().ToString(), value = it->value().ToString();
        if (std::string("eh").find(key[0]) != std::string::npos || key == "mformat" || key == "mshards")
          continue;
        found[key] = value.substr(4);
        const std::uint32_t crc = crc32c(as_bytes_view(found[key]), crc32c(as_bytes_view(key)));
        CHECK(
            value.substr(0, 4) == bytes(
                                      {static_cast<int>(crc >> 24), static_cast<int>(crc >> 16 & 255),
                                       static_cast<int>(crc >> 8 & 255), static_cast<int>(crc & 255)}));
      }
      CHECK((found == want));
    });
  }

  TEST_CASE("a snapshot that is damaged or not whole is refused, and nothing is trimmed below it") {
    const scratch_dir dir;
    write_five(dir.path);
    {
      const store_ptr store = open_store(dir.path);
      const lease now = store->log().acquire(p).value();
      const std::string state(1024 * 1024 + 9, 's');
      REQUIRE(store->log().put_snapshot(now, seq{4}, as_bytes_view(state)).has_value());
    }
    const std::string record = "s" + bytes({1, 5});
    const std::string piece = record + bytes({0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0});
    const auto refused = [&] {
      const store_ptr store = open_store(dir.path);
      const auto got = store->log().get_snapshot(p);
      REQUIRE_FALSE(got.has_value());
      CHECK(got.error().code == errc::checksum);
      CHECK(got.error().detail.find(dir.path.string()) != std::string::npos);
      CHECK(got.error().detail.find("snapshot of batch 4") != std::string::npos);
      CHECK(store->log().trim(store->log().acquire(p).value(), seq{3}).error().code == errc::checksum);
      CHECK(batches(store->log(), p) == five);
    };
    SUBCASE("a byte of a piece") {
      edit(dir.path, [&](leveldb::DB& db) {
        std::string hurt = value_of(db, piece + bytes({0}));
        hurt[700'000] = 'S';
        db.Put({}, piece + bytes({0}), hurt);
      });
      refused();
    }
    SUBCASE("a piece is missing") {
      edit(dir.path, [&](leveldb::DB& db) { db.Delete({}, piece + bytes({1})); });
      refused();
    }
    SUBCASE("a piece stands in another's place") {
      edit(dir.path, [&](leveldb::DB& db) {
        db.Put({}, piece + bytes({1}), value_of(db, piece + bytes({0})));
      });
      refused();
    }
    SUBCASE("its record: the store is not opened") {
      edit(dir.path, [&](leveldb::DB& db) { db.Put({}, record, value_of(db, record).substr(1)); });
      CHECK(refusal(dir.path, {}).code == errc::checksum);
    }
    SUBCASE("the record of what was trimmed: the store is not opened") {
      edit(dir.path, [&](leveldb::DB& db) { db.Put({}, "t" + bytes({1, 5}), std::string(20, 't')); });
      CHECK(refusal(dir.path, {}).code == errc::checksum);
    }
    SUBCASE("records that are whole and contradict each other") {
      std::string value = bytes({0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 1});
      const std::uint32_t crc = crc32c(as_bytes_view(value), crc32c(as_bytes_view("t" + bytes({1, 5}))));
      value = bytes(
                  {static_cast<int>(crc >> 24), static_cast<int>(crc >> 16 & 255),
                   static_cast<int>(crc >> 8 & 255), static_cast<int>(crc & 255)}) +
              value;
      edit(dir.path, [&](leveldb::DB& db) { db.Put({}, "t" + bytes({1, 5}), value); });
      CHECK(refusal(dir.path, {}).code == errc::corrupt);
    }
  }

  TEST_CASE("pieces of a snapshot that was never published are never seen, and gone after the next open") {
    const scratch_dir dir;
    write_five(dir.path);
    {
      const store_ptr store = open_store(dir.path);
      const lease now = store->log().acquire(p).value();
      REQUIRE(store->log().put_snapshot(now, seq{2}, as_bytes_view("two")).has_value());
    }
    const auto piece = [](int shard, int number, int n) {
      return "s" + bytes({1, shard, 0, 0, 0, 0, 0, 0, 0, number, 0, 0, 0, n});
    };
    edit(dir.path, [&](leveldb::DB& db) {
      for (const std::string& key :
           {piece(5, 0, 0), piece(5, 2, 0), piece(5, 2, 1), piece(6, 1, 0), piece(6, 2, 0)})
        db.Put({}, key, "half");
    });
    {
      const store_ptr store = open_store(dir.path);
      CHECK(store->log().get_snapshot(p).value()->at == seq{2});
      CHECK_FALSE(store->log().get_snapshot({1, 6}).value().has_value());
    }
    edit(dir.path, [&](leveldb::DB& db) {
      texts left;
      const std::unique_ptr<leveldb::Iterator> it(db.NewIterator({}));
      for (it->Seek("s"); it->Valid() && it->key().starts_with("s"); it->Next())
        left.push_back(it->key().ToString());
      CHECK((left == texts{"s" + bytes({1, 5}), piece(5, 1, 0)}));
    });
  }

  TEST_CASE("what is forgotten is no longer on the disk") {
    const scratch_dir dir;
    const store_ptr store = open_store(dir.path);
    const lease now = store->log().acquire(p).value();
    // Words that no compression shortens, and none of them twice.
    const auto secret = [](std::uint64_t n) { return hex(blake2b_256(as_bytes_view(std::to_string(n)))); };
    const auto lies_somewhere = [&](std::uint64_t n) {
      for (const auto& entry : fs::directory_iterator(dir.path / "store"))
        if (contents(entry.path()).find(secret(n)) != std::string::npos) return true;
      return false;
    };
    for (std::uint64_t n = 1; n <= 6; ++n)
      REQUIRE(append_one(store->log(), now, n, secret(n)) == append_outcome::ok);
    REQUIRE(store->log().put_snapshot(now, seq{6}, as_bytes_view("state")).has_value());
    REQUIRE(store->log().trim(now, seq{5}).has_value());
    SUBCASE("straight after the trim") {}
    SUBCASE("long after it") {
      REQUIRE(store->flush().has_value());
    }
    REQUIRE(store->log().forget_before(now, seq{4}, {1}, "law").has_value());
    for (std::uint64_t n = 1; n <= 6; ++n) CHECK(lies_somewhere(n) == (n >= 4));
  }
}

}  // namespace zhili::storage
