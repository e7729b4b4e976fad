// SPDX-License-Identifier: Apache-2.0
// Log, texts and manifest in one LevelDB, DIR/store: what a node and `--data-dir` keep. This file and its
// .cpp are the only ones that know LevelDB; docs/storage_keys.md is normative for the keys. Any thread may
// call anything here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "storage/content_store.hpp"
#include "storage/partition_log.hpp"

namespace leveldb {
class Env;
}

namespace zhili::storage {

class table_log;

enum class durability : std::uint8_t {
  /// Whatever writes returns after the disk has it; only texts go with the next such write.
  every_append,
  /// For simulations: `append` says ok at once, and what it was given lies in memory until `buffer_bytes`
  /// have come together, `flush` or the end. Nothing is safe before that, and only `flush` waits for the
  /// disk.
  buffered,
};

struct store_options {
  /// Make the folder where there is none; otherwise a missing one is an error.
  bool create = false;
  durability safety = durability::every_append;
  /// Writes that wait together; texts count too.
  std::size_t buffer_bytes = 4 * 1024 * 1024;
  /// For tests that let a disk fail: LevelDB's way to the files; outlives the store. nullptr: the real one.
  leveldb::Env* files = nullptr;
};

class leveldb_store {
 public:
  /// Opens DIR/store, alone: one process at a time. Errors name the folder and what to do: errc::not_found
  /// where there is none; malformed, it holds something else; io, another process has it or the disk says no;
  /// unsupported_version, written by another format or with another number of shards.
  [[nodiscard]] static result<std::unique_ptr<leveldb_store>> open(
      const std::filesystem::path& dir, const store_options& options);
  /// Flushes; who must know whether that worked calls `flush` before. The ports die with the store.
  ~leveldb_store();

  partition_store& log();
  content_store& content();

  /// Small named strings: which run this is, what it was made from. `format`, `shards` and names that begin
  /// with `forgotten/` are the store's own.
  [[nodiscard]] status put_meta(std::string_view name, std::string_view value);
  /// errc::not_found where the name was never put.
  [[nodiscard]] result<std::string> get_meta(std::string_view name);

  /// Everything given so far is on disk when this returns.
  [[nodiscard]] status flush();

 private:
  explicit leveldb_store(std::unique_ptr<table_log> log);
  std::unique_ptr<table_log> log_;
};

}  // namespace zhili::storage
