// SPDX-License-Identifier: Apache-2.0
// Folders on disk that tests make, look into and damage.
#pragma once

#include <doctest/doctest.h>
#include <leveldb/db.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "storage/leveldb_store.hpp"
#include "tests/storage/conformance.hpp"

namespace zhili::storage {

namespace fs = std::filesystem;

/// A folder of its own, gone at the end.
struct scratch_dir {
  fs::path path;
  scratch_dir() {
    std::string pattern = (fs::temp_directory_path() / "zhili-storage-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  scratch_dir(const scratch_dir&) = delete;
  scratch_dir& operator=(const scratch_dir&) = delete;
  ~scratch_dir() {
    std::error_code ec;
    fs::remove_all(path, ec);
  }
};

using store_ptr = std::unique_ptr<leveldb_store>;

inline store_ptr open_store(const fs::path& dir, store_options options = {.create = true}) {
  auto opened = leveldb_store::open(dir, options);
  if (!opened) FAIL(opened.error().detail);
  return std::move(*opened);
}

/// Turns one bit of a file.
inline void flip(const fs::path& path, std::uintmax_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const int was = file.get();
  file.seekp(static_cast<std::streamoff>(at));
  file.put(static_cast<char>(was ^ 0x04));
  REQUIRE(file.good());
}

inline std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::vector<fs::path> files(const fs::path& dir, const char* extension) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(dir / "store")) {
    if (entry.path().extension() == extension) out.push_back(entry.path());
  }
  return out;
}

/// Opens the LevelDB itself, for what no program of ours would do.
inline void edit(const fs::path& dir, const std::function<void(leveldb::DB&)>& change) {
  leveldb::DB* raw = nullptr;
  REQUIRE(leveldb::DB::Open({}, (dir / "store").string(), &raw).ok());
  const std::unique_ptr<leveldb::DB> db(raw);
  change(*db);
}

inline std::string value_of(leveldb::DB& db, const std::string& key) {
  std::string out;
  REQUIRE(db.Get({}, key, &out).ok());
  return out;
}

inline std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int v : values) out += static_cast<char>(v);
  return out;
}

/// A small log that tests damage.
namespace example {

inline const partition_id p{1, 5};
inline const texts five{"batch one", "batch two", "batch three", "batch four", "batch five"};

inline void write_five(const fs::path& dir) {
  const store_ptr store = open_store(dir);
  const lease now = store->log().acquire(p).value();
  for (std::uint64_t n = 1; n <= 5; ++n)
    REQUIRE(append_one(store->log(), now, n, five[n - 1]) == append_outcome::ok);
}

}  // namespace example

inline error refusal(const fs::path& dir, store_options options) {
  const auto opened = leveldb_store::open(dir, options);
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().detail.find(dir.string()) != std::string::npos);
  return opened.error();
}

}  // namespace zhili::storage
