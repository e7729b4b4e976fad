// SPDX-License-Identifier: Apache-2.0
#include "storage/leveldb_store.hpp"

#include <fmt/format.h>
#include <leveldb/db.h>
#include <leveldb/write_batch.h>

#include <algorithm>
#include <mutex>

#include "storage/partition_table.hpp"
#include "storage/store_records.hpp"

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
std::string_view view(bytes_view b) {
  return {reinterpret_cast<const char*>(b.data()), b.size()};
}

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

}  // namespace

// Two locks, taken in this order: `writing` is held while LevelDB writes and keeps writes in the order in
// which batches were admitted; `state` guards the members below it and is held for memory work only.
struct leveldb_store::database final : partition_log, content_store {
  std::string where;
  store_options options;
  std::unique_ptr<leveldb::DB> db;

  std::mutex writing;
  std::unique_ptr<leveldb::WriteBatch> in_write = std::make_unique<leveldb::WriteBatch>();

  std::mutex state;
  partition_table<partition_head> table;
  std::unique_ptr<leveldb::WriteBatch> pending = std::make_unique<leveldb::WriteBatch>();
  bool any_pending = false;
  /// Partitions that have pending batches; their heads are written with them, once.
  std::vector<partition_id> grown;
  /// Why nothing is written any more; empty: all is well. After a failed write LevelDB may hold half of it
  /// and take later ones all the same, which would leave a hole: so the first failure is the last write until
  /// the next open.
  std::string stopped;

  bool durable() const { return options.safety == durability::every_append; }

  status start();
  status load();
  status load_one(std::string_view key, std::string_view value);
  status check_manifest();

  void stage(std::string_view key, std::string_view value);
  append_outcome stage(const append_item& item);
  template <class Stage>
  status commit(bool now, Stage stage_all);
  status write_pending(bool sync);
  status flush();

  tl::unexpected<error> failed(std::string_view doing, const leveldb::Status& s) const;
  tl::unexpected<error> not_there(partition_id p, std::uint64_t n, const leveldb::Status& s) const;
  tl::unexpected<error> damaged(partition_id p, std::string_view what) const;
  result<std::optional<std::string>> find(const std::string& key);

  result<lease> acquire(partition_id p) override;
  void append(std::span<const append_item> items, std::span<append_outcome> outcomes) override;
  result<bool> resolve(const lease& under, seq at, digest128 batch_id) override;
  status read(partition_id p, seq from, const batch_visitor& visit) override;
  result<seq> head(partition_id p) override;
  result<std::vector<partition_id>> partitions() override;

  status put(const digest256& hash, std::string_view text) override;
  result<bool> get(const digest256& hash, std::string& out) override;

  status put_meta(std::string_view name, std::string_view value);
  result<std::string> get_meta(std::string_view name);
};

// ---- writing ----

/// REQUIRES: `state` is held.
void leveldb_store::database::stage(std::string_view key, std::string_view value) {
  pending->Put(slice(key), slice(value));
  any_pending = true;
}

/// REQUIRES: `state` is held.
append_outcome leveldb_store::database::stage(const append_item& item) {
  const partition_id p = item.lease.partition;
  partition_head* at = table.find(p);
  ZHILI_ASSERT(at != nullptr, "leases come from acquire");
  const append_outcome outcome = at->admit(item);
  if (outcome != append_outcome::ok) return outcome;
  const std::string key = batch_key(p, item.expected);
  stage(key, sealed(key, {big_endian(item.batch_id), view(item.bytes)}));
  if (grown.empty() || grown.back() != p) grown.push_back(p);
  return outcome;
}

/// Lets `stage_all` stage records, and writes what is pending: at once if `now`, else when enough has come
/// together.
template <class Stage>
status leveldb_store::database::commit(bool now, Stage stage_all) {
  std::unique_lock hold(writing, std::defer_lock);
  if (now) hold.lock();
  {
    std::lock_guard lock(state);
    if (!stopped.empty()) return fail(errc::io, stopped);
    if (status staged = stage_all(); !staged) return staged;
    if (!now && pending->ApproximateSize() < options.buffer_bytes) return {};
  }
  if (!now) hold.lock();
  return write_pending(durable());
}

/// REQUIRES: `writing` is held.
status leveldb_store::database::write_pending(bool sync) {
  {
    std::lock_guard lock(state);
    if (!stopped.empty()) return fail(errc::io, stopped);
    if (!any_pending) return {};
    std::sort(grown.begin(), grown.end());
    grown.erase(std::unique(grown.begin(), grown.end()), grown.end());
    for (const partition_id p : grown)
      stage(head_key(p), sealed(head_key(p), {big_endian(table.find(p)->last.value)}));
    grown.clear();
    std::swap(pending, in_write);
    any_pending = false;
  }
  leveldb::WriteOptions how;
  how.sync = sync;
  const leveldb::Status s = db->Write(how, in_write.get());
  in_write->Clear();
  if (s.ok()) return {};
  const auto why = failed("cannot write, and writes nothing more until it is opened again", s);
  std::lock_guard lock(state);
  stopped = why.value().detail;
  return why;
}

status leveldb_store::database::flush() {
  std::lock_guard hold(writing);
  if (status s = write_pending(durable()); !s) return s;
  // Moves what LevelDB's own log holds into its sorted files: there, damage costs a block; in the log, all
  // the rest.
  const leveldb::Slice nowhere("z");
  db->CompactRange(&nowhere, &nowhere);
  {
    std::lock_guard lock(state);
    any_pending = true;
  }
  // An empty write: says whether that worked.
  return write_pending(true);
}

// ---- reading ----

tl::unexpected<error> leveldb_store::database::failed(
    std::string_view doing, const leveldb::Status& s) const {
  return fail(
      s.IsCorruption() ? errc::corrupt : errc::io, fmt::format("{}: {}: {}", where, doing, s.ToString()));
}

tl::unexpected<error> leveldb_store::database::not_there(
    partition_id p, std::uint64_t n, const leveldb::Status& s) const {
  const std::string which = fmt::format("{}: {}: batch {}", where, label(p), n);
  if (s.ok()) return fail(errc::corrupt, which + " is missing; those before it are whole");
  if (s.IsCorruption())
    return fail(errc::checksum, fmt::format("{} lies in a damaged block: {}", which, s.ToString()));
  return fail(errc::io, fmt::format("{} cannot be read: {}", which, s.ToString()));
}

tl::unexpected<error> leveldb_store::database::damaged(partition_id p, std::string_view what) const {
  return fail(
      errc::checksum, fmt::format("{}: {}: {} is damaged: restore it from a backup", where, label(p), what));
}

/// The value of a key that is written once; what is still pending is looked for too.
result<std::optional<std::string>> leveldb_store::database::find(const std::string& key) {
  std::string value;
  leveldb::Status s = db->Get(checked, key, &value);
  if (s.IsNotFound()) {
    std::lock_guard hold(writing);
    if (status written = write_pending(durable()); !written) return tl::unexpected(written.error());
    s = db->Get(checked, key, &value);
  }
  if (s.IsNotFound()) return std::nullopt;
  if (!s.ok()) return failed("cannot read", s);
  return value;
}

// ---- the log ----

result<lease> leveldb_store::database::acquire(partition_id p) {
  lease out;
  const status done = commit(durable(), [&]() -> status {
    partition_head* at = table.find(p);
    if (at == nullptr) return no_such_partition(p);
    out = at->acquire(p);
    const std::string key = epoch_key(p);
    stage(key, sealed(key, {big_endian(out.epoch.value), big_endian(out.incarnation.value)}));
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

void leveldb_store::database::append(std::span<const append_item> items, std::span<append_outcome> outcomes) {
  ZHILI_ASSERT(items.size() == outcomes.size(), "an outcome for each item");
  std::fill(outcomes.begin(), outcomes.end(), append_outcome::unavailable);
  const status done = commit(durable(), [&]() -> status {
    for (std::size_t i = 0; i < items.size(); ++i) outcomes[i] = stage(items[i]);
    return {};
  });
  if (!done) std::replace(outcomes.begin(), outcomes.end(), append_outcome::ok, append_outcome::unknown);
}

result<bool> leveldb_store::database::resolve(const lease& under, seq at, digest128 batch_id) {
  {
    std::lock_guard lock(state);
    if (!stopped.empty()) return fail(errc::io, stopped);
    partition_head* of = table.find(under.partition);
    if (of == nullptr) return no_such_partition(under.partition);
    if (at == seq{} || at > of->last) return false;
  }
  const std::string key = batch_key(under.partition, at);
  const auto value = find(key);
  if (!value) return tl::unexpected(value.error());
  if (!*value) return not_there(under.partition, at.value, {});
  const auto payload = unseal(key, **value);
  if (!payload) return damaged(under.partition, fmt::format("batch {}", at.value));
  return payload->substr(0, batch_id_bytes) == big_endian(batch_id);
}

status leveldb_store::database::read(partition_id p, seq from, const batch_visitor& visit) {
  std::uint64_t last = 0;
  {
    std::lock_guard hold(writing);
    {
      std::lock_guard lock(state);
      partition_head* at = table.find(p);
      if (at == nullptr) return no_such_partition(p);
      last = at->last.value;
    }
    if (status s = write_pending(durable()); !s) return s;
  }
  const std::unique_ptr<leveldb::Iterator> it(db->NewIterator(checked));
  std::vector<std::byte> bytes;
  std::uint64_t n = std::max<std::uint64_t>(from.value, 1);
  for (it->Seek(batch_key(p, seq{n})); n <= last; ++n, it->Next()) {
    const std::string key = batch_key(p, seq{n});
    if (!it->Valid() || view(it->key()) != key) return not_there(p, n, it->status());
    const auto payload = unseal(key, view(it->value()));
    if (!payload || payload->size() < batch_id_bytes) return damaged(p, fmt::format("batch {}", n));
    const bytes_view body = as_bytes_view(payload->substr(batch_id_bytes));
    bytes.assign(body.begin(), body.end());
    if (!visit(seq{n}, bytes)) break;
  }
  return {};
}

result<seq> leveldb_store::database::head(partition_id p) {
  std::scoped_lock lock(writing, state);
  partition_head* at = table.find(p);
  if (at == nullptr) return no_such_partition(p);
  if (!stopped.empty()) return fail(errc::io, stopped);
  return at->last;
}

result<std::vector<partition_id>> leveldb_store::database::partitions() {
  std::scoped_lock lock(writing, state);
  if (!stopped.empty()) return fail(errc::io, stopped);
  std::vector<partition_id> out;
  table.each([&](partition_id p, const partition_head& at) {
    if (at.last > seq{}) out.push_back(p);
  });
  return out;
}

// ---- texts and manifest ----

status leveldb_store::database::put(const digest256& hash, std::string_view text) {
  return commit(false, [&]() -> status {
    stage(text_key(hash), text);
    return {};
  });
}

result<bool> leveldb_store::database::get(const digest256& hash, std::string& out) {
  out.clear();
  auto value = find(text_key(hash));
  if (!value) return tl::unexpected(value.error());
  if (!*value) return false;
  if (blake2b_256(as_bytes_view(**value)) != hash) {
    return fail(errc::checksum, fmt::format("{}: text {}: what is kept has another hash", where, hex(hash)));
  }
  out = std::move(**value);
  return true;
}

status leveldb_store::database::put_meta(std::string_view name, std::string_view value) {
  const std::string key = meta_key(name);
  return commit(true, [&]() -> status {
    stage(key, sealed(key, {value}));
    return {};
  });
}

result<std::string> leveldb_store::database::get_meta(std::string_view name) {
  const std::string key = meta_key(name);
  const auto value = find(key);
  if (!value) return tl::unexpected(value.error());
  if (!*value) return fail(errc::not_found, fmt::format("{}: has no record `{}`", where, name));
  const auto payload = unseal(key, **value);
  if (!payload) return fail(errc::checksum, fmt::format("{}: its record `{}` is damaged", where, name));
  return std::string{*payload};
}

// ---- opening ----

status leveldb_store::database::start() {
  bool empty = false;
  {
    const std::unique_ptr<leveldb::Iterator> it(db->NewIterator(checked));
    it->SeekToFirst();
    empty = !it->Valid();
    if (!it->status().ok()) return failed("cannot read", it->status());
  }
  // A process that died while it made the store leaves it empty.
  if (empty && options.create) {
    const status made = commit(true, [&]() -> status {
      stage(meta_key("format"), sealed(meta_key("format"), {format_now}));
      stage(meta_key("shards"), sealed(meta_key("shards"), {std::to_string(shard_count)}));
      return {};
    });
    return made ? flush() : made;
  }
  if (status s = check_manifest(); !s) return s;
  return load();
}

status leveldb_store::database::check_manifest() {
  const auto format = get_meta("format");
  if (!format) {
    if (format.error().code != errc::not_found) return tl::unexpected(format.error());
    return fail(errc::malformed, where + " is a LevelDB that zhili did not write: name another folder");
  }
  if (*format != format_now) {
    return fail(
        errc::unsupported_version,
        fmt::format(
            "{} has format {} and this program reads {}: use the program that wrote it", where, *format,
            format_now));
  }
  const auto shards = get_meta("shards");
  if (!shards) return tl::unexpected(shards.error());
  if (*shards != std::to_string(shard_count)) {
    return fail(
        errc::unsupported_version,
        fmt::format(
            "{} was written with {} shards and this program has {}; their number is fixed for the life "
            "of a deployment: use the program that wrote it, or name a new folder",
            where, *shards, shard_count));
  }
  return {};
}

status leveldb_store::database::load() {
  const std::unique_ptr<leveldb::Iterator> it(db->NewIterator(checked));
  for (it->Seek("e"); it->Valid() && view(it->key()) < "i"; it->Next()) {
    if (status s = load_one(view(it->key()), view(it->value())); !s) return s;
  }
  return it->status().ok() ? status{} : failed("epochs and heads cannot be read", it->status());
}

status leveldb_store::database::load_one(std::string_view key, std::string_view value) {
  const auto p = partition_id::unpack(static_cast<std::uint16_t>(number(key.substr(1))));
  partition_head* at = key.size() == 3 ? table.find(p) : nullptr;
  const bool is_epoch = key[0] == 'e';
  if (at == nullptr || (!is_epoch && key[0] != 'h')) {
    return fail(errc::corrupt, where + " holds a key that format 1 does not have: restore it from a backup");
  }
  const auto payload = unseal(key, value);
  if (!payload || payload->size() != (is_epoch ? 12u : 8u))
    return damaged(p, is_epoch ? "its epoch" : "its head");
  if (is_epoch) {
    at->epoch = epoch{number(payload->substr(0, 8))};
    at->incarnation = incarnation{static_cast<std::uint32_t>(number(payload->substr(8)))};
  } else {
    at->last = seq{number(*payload)};
  }
  return {};
}

leveldb_store::leveldb_store(std::unique_ptr<database> db) : db_(std::move(db)) {}
leveldb_store::~leveldb_store() {
  (void)db_->flush();
}

result<std::unique_ptr<leveldb_store>> leveldb_store::open(
    const std::filesystem::path& dir, const store_options& options) {
  namespace fs = std::filesystem;
  const fs::path path = dir / "store";
  std::error_code ec;
  if (!fs::exists(path / "CURRENT", ec)) {
    if (!only_beginnings(path)) {
      return fail(
          errc::malformed,
          path.string() + " is not a zhili store: it holds other files; name another folder");
    }
    if (!options.create) {
      return fail(errc::not_found, dir.string() + " is not a zhili data folder: there is no store/ in it");
    }
    fs::create_directories(path, ec);
    if (ec) return fail(errc::io, fmt::format("{} cannot be made: {}", path.string(), ec.message()));
  }

  auto made = std::make_unique<database>();
  made->where = path.string();
  made->options = options;
  leveldb::Options how;
  how.create_if_missing = options.create;
  // Otherwise LevelDB drops what is damaged in its own log, though it was acknowledged, and goes on.
  how.paranoid_checks = true;
  // What LevelDB's own log may hold, and a start after a crash must read again; a simulation rather wants
  // fewer tables.
  how.write_buffer_size = (made->durable() ? 16u : 64u) * 1024 * 1024;
  leveldb::DB* raw = nullptr;
  const leveldb::Status s = leveldb::DB::Open(how, made->where, &raw);
  made->db.reset(raw);
  if (!s.ok()) {
    if (s.ToString().find("lock " + made->where) != std::string::npos) {
      return fail(
          errc::io, made->where + " is in use by a running program: stop that one, or name another folder");
    }
    return made->failed("cannot be opened", s);
  }
  if (status started = made->start(); !started) return tl::unexpected(started.error());
  return std::unique_ptr<leveldb_store>(new leveldb_store(std::move(made)));
}

partition_log& leveldb_store::log() {
  return *db_;
}
content_store& leveldb_store::content() {
  return *db_;
}
status leveldb_store::put_meta(std::string_view name, std::string_view value) {
  ZHILI_ASSERT(name != "format" && name != "shards", "the store's own");
  return db_->put_meta(name, value);
}
result<std::string> leveldb_store::get_meta(std::string_view name) {
  return db_->get_meta(name);
}
status leveldb_store::flush() {
  return db_->flush();
}

}  // namespace zhili::storage
