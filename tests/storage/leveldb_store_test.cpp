// SPDX-License-Identifier: Apache-2.0
// Beside the conformance suite: the layout on disk, written and read here without storage/store_records,
// damage to it, and folders that are refused. What survives a crash: leveldb_crash_test.
#include "storage/leveldb_store.hpp"

#include <map>

#include "tests/storage/disk.hpp"
#include "tests/storage/keep_conformance.hpp"
#include "tests/storage/log_model.hpp"

namespace zhili::storage {

using namespace example;
namespace {

template <durability Safety, std::size_t BufferBytes>
struct leveldb_harness {
  scratch_dir dir;
  store_ptr store;
  leveldb_harness() { reopen(); }
  partition_store& log() { return store->log(); }
  content_store& content() { return store->content(); }
  void reopen() {
    store.reset();
    store = open_store(dir.path, {true, Safety, BufferBytes});
  }
};
using synced = leveldb_harness<durability::every_append, 4096>;
using buffered_little = leveldb_harness<durability::buffered, 200>;
using buffered_much = leveldb_harness<durability::buffered, 1'000'000>;

std::string batch_key_of(int n) {
  return "l" + bytes({1, 5, 0, 0, 0, 0, 0, 0, 0, n});
}

/// Reads the log of partition 1/5, which must break off after `whole` batches.
error first_error(const fs::path& dir, std::size_t whole) {
  const store_ptr store = open_store(dir);
  status outcome;
  const texts seen = batches(store->log(), p, 1, &outcome);
  CHECK(seen == texts(five.begin(), five.begin() + static_cast<std::ptrdiff_t>(whole)));
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().detail.find(dir.string()) != std::string::npos);
  CHECK(outcome.error().detail.find("partition 1/5") != std::string::npos);
  CHECK(outcome.error().detail.find("batch " + std::to_string(whole + 1)) != std::string::npos);
  return outcome.error();
}

}  // namespace

TEST_SUITE("storage/leveldb_store") {
  TEST_CASE_TEMPLATE_INVOKE(fencing_conformance, synced, buffered_little, buffered_much);
  TEST_CASE_TEMPLATE_INVOKE(keeping_conformance, synced, buffered_little, buffered_much);
  TEST_CASE_TEMPLATE_INVOKE(keep_conformance, synced, buffered_little, buffered_much);
  TEST_CASE_TEMPLATE_INVOKE(race_conformance, synced, buffered_little, buffered_much);
  TEST_CASE_TEMPLATE_INVOKE(model_conformance, synced, buffered_little, buffered_much);
  TEST_CASE_TEMPLATE_INVOKE(content_conformance, synced, buffered_little, buffered_much);

  TEST_CASE("the layout on disk is that of docs/storage_keys.md") {
    const scratch_dir dir;
    {
      const store_ptr store = open_store(dir.path);
      const lease now = store->log().acquire(p).value();
      const append_item one{
          now, seq{1}, {0x0102030405060708, 0x090a0b0c0d0e0f10}, as_bytes_view("123456789")};
      append_outcome out{};
      store->log().append({&one, 1}, {&out, 1});
      REQUIRE(out == append_outcome::ok);
      REQUIRE(store->content().put(blake2b_256(as_bytes_view("abc")), "abc").has_value());
      REQUIRE(store->put_meta("run", "smoke").has_value());
    }
    edit(dir.path, [](leveldb::DB& db) {
      const std::string id = bytes({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
      // BLAKE2b-256 of abc.
      const std::string hash = bytes({0xbd, 0xdd, 0x81, 0x3c, 0x63, 0x42, 0x39, 0x72, 0x31, 0x71, 0xef,
                                      0x3f, 0xee, 0x98, 0x57, 0x9b, 0x94, 0x96, 0x4e, 0x3b, 0xb1, 0xcb,
                                      0x3e, 0x42, 0x72, 0x62, 0xc8, 0xc0, 0x68, 0xd5, 0x23, 0x19});
      const std::map<std::string, std::string> want{
          {"c" + hash, "abc"},
          {"e" + bytes({1, 5}), bytes({0x9c, 0x4a, 0xe9, 0xb9, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1})},
          {"h" + bytes({1, 5}), bytes({0xdd, 0xac, 0xc6, 0x6e, 0, 0, 0, 0, 0, 0, 0, 1})},
          {batch_key_of(1), bytes({0x85, 0xa2, 0x85, 0xb0}) + id + "123456789"},
          {"mformat", bytes({0xa1, 0xe5, 0x12, 0x0a}) + "1"},
          {"mrun", bytes({0x57, 0xf7, 0xcd, 0xbf}) + "smoke"},
          {"mshards", bytes({0x81, 0x8c, 0xaf, 0x27}) + "64"},
      };
      std::map<std::string, std::string> found;
      const std::unique_ptr<leveldb::Iterator> it(db.NewIterator({}));
      for (it->SeekToFirst(); it->Valid(); it->Next()) found[it->key().ToString()] = it->value().ToString();
      CHECK(found == want);
    });
  }

  TEST_CASE("a damaged log is refused at the damaged batch and read up to there") {
    const scratch_dir dir;
    write_five(dir.path);
    std::string whole;
    edit(dir.path, [&](leveldb::DB& db) { whole = value_of(db, batch_key_of(3)); });

    SUBCASE("whichever byte it is") {
      for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string hurt = whole;
        hurt[at] = static_cast<char>(hurt[at] ^ 0x10);
        edit(dir.path, [&](leveldb::DB& db) { db.Put({}, batch_key_of(3), hurt); });
        CHECK(first_error(dir.path, 2).code == errc::checksum);
      }
    }
    SUBCASE("where a value is cut") {
      for (const std::size_t left : {whole.size() - 1, std::size_t{19}, std::size_t{3}, std::size_t{0}}) {
        edit(dir.path, [&](leveldb::DB& db) { db.Put({}, batch_key_of(3), whole.substr(0, left)); });
        CHECK(first_error(dir.path, 2).code == errc::checksum);
      }
    }
    SUBCASE("where a whole batch stands in another's place") {
      edit(dir.path, [&](leveldb::DB& db) { db.Put({}, batch_key_of(3), value_of(db, batch_key_of(4))); });
      CHECK(first_error(dir.path, 2).code == errc::checksum);
    }
    SUBCASE("where a batch is missing inside") {
      edit(dir.path, [](leveldb::DB& db) { db.Delete({}, batch_key_of(3)); });
      CHECK(first_error(dir.path, 2).code == errc::corrupt);
    }
    SUBCASE("where the last batch is missing") {
      edit(dir.path, [](leveldb::DB& db) { db.Delete({}, batch_key_of(5)); });
      CHECK(first_error(dir.path, 4).code == errc::corrupt);
    }
    SUBCASE("and another partition is not concerned") {
      edit(dir.path, [&](leveldb::DB& db) { db.Put({}, batch_key_of(3), ""); });
      const store_ptr store = open_store(dir.path);
      REQUIRE(append_one(store->log(), store->log().acquire({1, 6}).value(), 1, "x") == append_outcome::ok);
      CHECK(batches(store->log(), {1, 6}) == texts{"x"});
    }
  }

  TEST_CASE(
      "a bit that turns in a table never gives a batch that was not written, or fewer without an error") {
    const scratch_dir dir;
    write_five(dir.path);
    int refused = 0;
    for (const fs::path& table : files(dir.path, ".ldb")) {
      for (std::uintmax_t at = 0; at < fs::file_size(table); at += 7) {
        const scratch_dir copy;
        fs::copy(dir.path, copy.path, fs::copy_options::recursive);
        flip(copy.path / "store" / table.filename(), at);
        const auto opened = leveldb_store::open(copy.path, {});
        if (!opened) {
          ++refused;
          continue;
        }
        status outcome;
        const texts seen = batches((*opened)->log(), p, 1, &outcome);
        CHECK(std::equal(
            seen.begin(), seen.end(), five.begin(), five.begin() + static_cast<std::ptrdiff_t>(seen.size())));
        CHECK((seen == five || !outcome.has_value()));
      }
    }
    CHECK(refused > 10);
  }

  TEST_CASE("a head whose key is damaged is not taken for an empty log") {
    const scratch_dir dir;
    write_five(dir.path);
    bool found = false;
    for (const fs::path& table : files(dir.path, ".ldb")) {
      const std::size_t at = contents(table).find("h" + bytes({1, 5}));
      if (at == std::string::npos) continue;
      found = true;
      flip(table, at);
    }
    REQUIRE(found);
    refusal(dir.path, {});
  }

  TEST_CASE(
      "a store that was closed has nothing left in LevelDB's own log, where damage costs all that follows") {
    const scratch_dir dir;
    write_five(dir.path);
    for (const fs::path& log : files(dir.path, ".log")) CHECK(fs::file_size(log) < 64);
  }

  TEST_CASE("a buffered store keeps what was given after flush and not before") {
    const scratch_dir dir;
    const store_ptr store = open_store(dir.path / "live", {true, durability::buffered, 1'000'000});
    const lease now = store->log().acquire(p).value();
    REQUIRE(append_one(store->log(), now, 1, "one") == append_outcome::ok);
    REQUIRE(store->content().put(blake2b_256(as_bytes_view("t")), "t").has_value());
    const auto as_if_killed = [&](const char* name) {
      fs::copy(dir.path / "live", dir.path / name, fs::copy_options::recursive);
      const store_ptr after = open_store(dir.path / name);
      std::string text;
      const bool there = after->content().get(name_of(blake2b_256(as_bytes_view("t"))), 0, text).value();
      CHECK(there == (after->log().head(p).value() == seq{1}));
      return there;
    };
    CHECK_FALSE(as_if_killed("before"));
    REQUIRE(store->flush().has_value());
    CHECK(as_if_killed("after"));
  }

  TEST_CASE("named values are kept, and one that was never put is not found") {
    const scratch_dir dir;
    {
      const store_ptr store = open_store(dir.path);
      REQUIRE(store->put_meta("run", "first").has_value());
      REQUIRE(store->put_meta("run", "second").has_value());
      CHECK(store->get_meta("run").value() == "second");
    }
    const store_ptr store = open_store(dir.path, {});
    CHECK(store->get_meta("run").value() == "second");
    CHECK(store->get_meta("shards").value() == "64");
    CHECK(store->get_meta("walk").error().code == errc::not_found);
  }

  TEST_CASE("a folder that is not right is refused with its name and what to do") {
    const scratch_dir dir;
    SUBCASE("there is none and none shall be made") {
      CHECK(refusal(dir.path, {}).code == errc::not_found);
      CHECK(refusal(dir.path / "nowhere", {}).code == errc::not_found);
      CHECK_FALSE(fs::exists(dir.path / "nowhere"));
    }
    SUBCASE("it cannot be made") {
      std::ofstream(dir.path / "file") << "text";
      CHECK(refusal(dir.path / "file", {.create = true}).code == errc::io);
    }
    SUBCASE("it holds other files") {
      fs::create_directories(dir.path / "store");
      std::ofstream(dir.path / "store" / "letter.txt") << "text";
      CHECK(refusal(dir.path, {.create = true}).code == errc::malformed);
      CHECK(fs::exists(dir.path / "store" / "letter.txt"));
    }
    SUBCASE("it has lost the file that names the others") {
      write_five(dir.path);
      fs::remove(dir.path / "store" / "CURRENT");
      CHECK(refusal(dir.path, {.create = true}).code == errc::malformed);
    }
    SUBCASE("it is the LevelDB of another program") {
      leveldb::Options make;
      make.create_if_missing = true;
      leveldb::DB* raw = nullptr;
      REQUIRE(leveldb::DB::Open(make, (dir.path / "store").string(), &raw).ok());
      REQUIRE(raw->Put({}, "theirs", "1").ok());
      delete raw;
      CHECK(refusal(dir.path, {.create = true}).code == errc::malformed);
    }
    SUBCASE("a running program has it") {
      const store_ptr store = open_store(dir.path);
      const error why = refusal(dir.path, {});
      CHECK(why.code == errc::io);
      CHECK(why.detail.find("in use") != std::string::npos);
    }
    SUBCASE("it was written with another number of shards") {
      { open_store(dir.path); }
      edit(dir.path, [](leveldb::DB& db) { db.Put({}, "mshards", bytes({0xfa, 0x05, 0xb1, 0x64}) + "32"); });
      const error why = refusal(dir.path, {});
      CHECK(why.code == errc::unsupported_version);
      CHECK(why.detail.find("32 shards") != std::string::npos);
    }
    SUBCASE("it was written in another format") {
      { open_store(dir.path); }
      edit(dir.path, [](leveldb::DB& db) { db.Put({}, "mformat", bytes({0xb2, 0xb5, 0xe1, 0xfe}) + "2"); });
      const error why = refusal(dir.path, {});
      CHECK(why.code == errc::unsupported_version);
      CHECK(why.detail.find("format 2") != std::string::npos);
    }
    SUBCASE("a head or epoch in it is damaged") {
      write_five(dir.path);
      for (const std::string key : {"h", "e"}) {
        std::string whole;
        edit(dir.path, [&](leveldb::DB& db) {
          whole = value_of(db, key + bytes({1, 5}));
          std::string hurt = whole;
          hurt.back() = static_cast<char>(hurt.back() ^ 1);
          db.Put({}, key + bytes({1, 5}), hurt);
        });
        const error why = refusal(dir.path, {});
        CHECK(why.code == errc::checksum);
        CHECK(why.detail.find("partition 1/5") != std::string::npos);
        edit(dir.path, [&](leveldb::DB& db) { db.Put({}, key + bytes({1, 5}), whole); });
      }
    }
  }

  TEST_CASE("a folder that a program began to make and did not finish is made anew") {
    const scratch_dir dir;
    fs::create_directories(dir.path / "store");
    for (const char* begun : {"LOCK", "LOG", "MANIFEST-000001", "000001.dbtmp"}) {
      std::ofstream(dir.path / "store" / begun) << "";
    }
    const store_ptr store = open_store(dir.path);
    CHECK(store->log().acquire(p).value().epoch == epoch{1});
  }
}

}  // namespace zhili::storage
