// SPDX-License-Identifier: Apache-2.0
#include "storage/leveldb_store.hpp"

#include <fmt/format.h>
#include <leveldb/db.h>
#include <leveldb/env.h>
#include <leveldb/write_batch.h>

#include <cerrno>
#include <cstring>

#include "storage/table_log.hpp"

namespace zhili::storage {
namespace {

// LevelDB parses a damaged block without bounds unless it checks the block's CRC first.
const leveldb::ReadOptions checked = [] {
  leveldb::ReadOptions out;
  out.verify_checksums = true;
  return out;
}();

std::string_view view(const leveldb::Slice& s) {
  return {s.data(), s.size()};
}
leveldb::Slice slice(std::string_view s) {
  return {s.data(), s.size()};
}

/// What to do about it, before LevelDB's own words, which name the file.
std::string in_words(const leveldb::Status& s) {
  const std::string theirs = s.ToString();
  struct cause {
    int number;
    std::string_view words;
  };
  for (const auto& [number, words] :
       {cause{ENOSPC, "the disk is full: make room, then start again"},
        cause{EDQUOT, "the disk quota is used up: raise it, then start again"},
        cause{EROFS, "the disk is mounted read-only: look whether it failed"},
        cause{EIO, "the disk does not do what it is asked: look whether it failed"},
        cause{EACCES, "access is denied: give the folder to the user that this program runs as"},
        cause{EMFILE, "too many files are open: raise the limit (ulimit -n)"}}) {
    if (theirs.find(std::strerror(number)) != std::string::npos) return fmt::format("{} ({})", words, theirs);
  }
  return theirs;
}

status outcome_of(const leveldb::Status& s) {
  if (s.ok()) return {};
  return fail(s.IsCorruption() ? errc::corrupt : errc::io, in_words(s));
}

class leveldb_batch final : public key_table::batch {
 public:
  void put(std::string_view key, std::string_view value) override { changes.Put(slice(key), slice(value)); }
  void erase(std::string_view key) override { changes.Delete(slice(key)); }
  void clear() override { changes.Clear(); }
  std::size_t bytes() const override { return changes.ApproximateSize(); }

  leveldb::WriteBatch changes;
};

class leveldb_cursor final : public key_table::cursor {
 public:
  explicit leveldb_cursor(leveldb::Iterator* at) : at_(at) {}
  void seek(std::string_view key) override { at_->Seek(slice(key)); }
  void next() override { at_->Next(); }
  bool valid() const override { return at_->Valid(); }
  std::string_view key() const override { return view(at_->key()); }
  std::string_view value() const override { return view(at_->value()); }
  status outcome() const override { return outcome_of(at_->status()); }

 private:
  std::unique_ptr<leveldb::Iterator> at_;
};

class leveldb_table final : public key_table {
 public:
  explicit leveldb_table(std::unique_ptr<leveldb::DB> db) : db_(std::move(db)) {}

  std::unique_ptr<batch> make_batch() override { return std::make_unique<leveldb_batch>(); }
  std::unique_ptr<cursor> make_cursor() override {
    return std::make_unique<leveldb_cursor>(db_->NewIterator(checked));
  }
  status write(batch& changes, bool sync) override {
    leveldb::WriteOptions how;
    how.sync = sync;
    return outcome_of(db_->Write(how, &static_cast<leveldb_batch&>(changes).changes));
  }
  result<std::optional<std::string>> get(std::string_view key) override {
    std::string value;
    const leveldb::Status s = db_->Get(checked, slice(key), &value);
    if (s.IsNotFound()) return std::nullopt;
    if (status read = outcome_of(s); !read) return tl::unexpected(read.error());
    return value;
  }
  void compact(std::string_view from, std::string_view to) override {
    const leveldb::Slice begin = slice(from), end = slice(to);
    db_->CompactRange(&begin, &end);
  }

 private:
  std::unique_ptr<leveldb::DB> db_;
};

/// Whether a folder is missing, empty, or holds no more than what a program that died while making a store
/// leaves: LevelDB would delete the tables of one that has merely lost its CURRENT.
bool only_beginnings(const std::filesystem::path& path) {
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(path, ec)) {
    const std::string file = entry.path().filename().string();
    if (!file.starts_with("LOCK") && !file.starts_with("LOG") && !file.starts_with("MANIFEST-") &&
        !file.ends_with(".dbtmp")) {
      return false;
    }
  }
  return true;
}

/// Makes the folder where it may be made; refuses one that is no store's.
status prepare(const std::filesystem::path& dir, const std::filesystem::path& path, bool create) {
  namespace fs = std::filesystem;
  std::error_code ec;
  if (fs::exists(path / "CURRENT", ec)) return {};
  if (!only_beginnings(path)) {
    return fail(
        errc::malformed, path.string() + " is not a zhili store: it holds other files; name another folder");
  }
  if (!create) {
    return fail(errc::not_found, dir.string() + " is not a zhili data folder: there is no store/ in it");
  }
  fs::create_directories(path, ec);
  if (ec) return fail(errc::io, fmt::format("{} cannot be made: {}", path.string(), ec.message()));
  return {};
}

}  // namespace

leveldb_store::leveldb_store(std::unique_ptr<table_log> log) : log_(std::move(log)) {}
leveldb_store::~leveldb_store() {
  (void)log_->flush();
}

result<std::unique_ptr<leveldb_store>> leveldb_store::open(
    const std::filesystem::path& dir, const store_options& options) {
  const std::filesystem::path path = dir / "store";
  const std::string where = path.string();
  if (status s = prepare(dir, path, options.create); !s) return tl::unexpected(s.error());

  const bool durable = options.safety == durability::every_append;
  leveldb::Options how;
  how.create_if_missing = options.create;
  if (options.files != nullptr) how.env = options.files;
  // Otherwise LevelDB drops what is damaged in its own log, though it was acknowledged, and goes on.
  how.paranoid_checks = true;
  // What LevelDB's own log may hold, and a start after a crash must read again. Partitions and texts come in no order
  // of their keys, so every table that is written is soon merged with others: with 16 MiB a submission took a third
  // more instructions.
  how.write_buffer_size = 64u * 1024 * 1024;
  leveldb::DB* raw = nullptr;
  const leveldb::Status s = leveldb::DB::Open(how, where, &raw);
  std::unique_ptr<leveldb::DB> db(raw);
  if (!s.ok()) {
    if (s.ToString().find("lock " + where) != std::string::npos) {
      return fail(errc::io, where + " is in use by a running program: stop that one, or name another folder");
    }
    return fail(
        s.IsCorruption() ? errc::corrupt : errc::io,
        fmt::format("{}: cannot be opened: {}", where, in_words(s)));
  }
  auto log = std::make_unique<table_log>(
      where, table_options{durable, options.buffer_bytes, options.create},
      std::make_unique<leveldb_table>(std::move(db)));
  if (status started = log->start(); !started) return tl::unexpected(started.error());
  return std::unique_ptr<leveldb_store>(new leveldb_store(std::move(log)));
}

partition_store& leveldb_store::log() {
  return *log_;
}
content_store& leveldb_store::content() {
  return *log_;
}
status leveldb_store::put_meta(std::string_view name, std::string_view value) {
  ZHILI_ASSERT(name != "format" && name != "shards" && !name.starts_with("forgotten/"), "the store's own");
  return log_->put_meta(name, value);
}
result<std::string> leveldb_store::get_meta(std::string_view name) {
  return log_->get_meta(name);
}
status leveldb_store::flush() {
  return log_->flush();
}

}  // namespace zhili::storage
