// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "storage/store_records.hpp"
#include "storage/table_log.hpp"

namespace zhili::storage {

status table_log::start() {
  bool empty = false;
  {
    const auto at = table_->make_cursor();
    at->seek("");
    empty = !at->valid();
    if (status s = at->outcome(); !s) return failed("cannot read", s.error());
  }
  // A process that died while it made the store leaves it empty.
  if (empty && options_.create) {
    const auto made = table_->make_batch();
    made->put(meta_key("format"), sealed(meta_key("format"), {format_now}));
    made->put(meta_key("shards"), sealed(meta_key("shards"), {std::to_string(shard_count)}));
    {
      std::lock_guard hold(writing_);
      if (status s = write(*made, options_.durable); !s) return s;
    }
    return flush();
  }
  if (status s = check_manifest(); !s) return s;
  if (status s = load(); !s) return s;
  if (status s = load_snapshots(); !s) return s;
  return check_bounds();
}

status table_log::check_manifest() {
  const auto format = get_meta("format");
  if (!format) {
    if (format.error().code != errc::not_found) return tl::unexpected(format.error());
    return fail(errc::malformed, where_ + " is a LevelDB that zhili did not write: name another folder");
  }
  if (*format != format_now) {
    return fail(
        errc::unsupported_version,
        fmt::format(
            "{} has format {} and this program reads {}: use the program that wrote it", where_, *format,
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
            where_, *shards, shard_count));
  }
  return {};
}

status table_log::load() {
  const auto at = table_->make_cursor();
  for (at->seek("e"); at->valid() && at->key() < "i"; at->next()) {
    if (status s = load_head(at->key(), at->value()); !s) return s;
  }
  if (status s = at->outcome(); !s) return failed("epochs and heads cannot be read", s.error());
  for (at->seek("t"); at->valid() && at->key() < "u"; at->next()) {
    if (status s = load_bounds(at->key(), at->value()); !s) return s;
  }
  if (status s = at->outcome(); !s) return failed("what was trimmed cannot be read", s.error());
  return {};
}

/// The slot of the partition that a key names after its letter.
result<table_log::slot*> table_log::named_by(std::string_view key) {
  slot* at = key.size() < 3 ? nullptr : slots_.find(partition_of(key));
  if (at == nullptr) {
    return fail(errc::corrupt, where_ + " holds a key that format 1 does not have: restore it from a backup");
  }
  return at;
}

status table_log::load_head(std::string_view key, std::string_view value) {
  const bool is_epoch = key[0] == 'e';
  const auto at = named_by(key.size() == 3 && (is_epoch || key[0] == 'h') ? key : "");
  if (!at) return tl::unexpected(at.error());
  const auto payload = unseal(key, value);
  if (!payload || payload->size() != (is_epoch ? 12u : 8u))
    return damaged(partition_of(key), is_epoch ? "its epoch" : "its head");
  if (is_epoch) {
    (*at)->epoch = epoch{number(payload->substr(0, 8))};
    (*at)->incarnation = incarnation{static_cast<std::uint32_t>(number(payload->substr(8)))};
  } else {
    (*at)->last = seq{number(*payload)};
  }
  return {};
}

status table_log::load_bounds(std::string_view key, std::string_view value) {
  const auto at = named_by(key.size() == 3 ? key : "");
  if (!at) return tl::unexpected(at.error());
  const auto payload = unseal(key, value);
  if (!payload || payload->size() != 16) return damaged(partition_of(key), "the record of what was trimmed");
  (*at)->first = seq{number(payload->substr(0, 8))};
  (*at)->archived = seq{number(payload->substr(8))};
  return {};
}

/// Loads which snapshots are published, from their keys, and erases pieces of any other: a crash left them.
status table_log::load_snapshots() {
  const auto at = table_->make_cursor();
  const auto left_over = table_->make_batch();
  bool any = false;
  at->seek("s");
  while (at->valid() && at->key() < "t") {
    const std::string key{at->key()};
    const auto of = named_by(key);
    if (!of) return tl::unexpected(of.error());
    const auto p = partition_of(key);
    if (key.size() == 3) {
      if (status s = load_snapshot(**of, key, at->value()); !s) return s;
      at->next();
      continue;
    }
    if (key.size() != chunk_key_bytes) return tl::unexpected(named_by("").error());
    const std::uint64_t of_no = number(std::string_view{key}.substr(3, 8));
    if (of_no == (*of)->published) {
      at->seek(chunk_key(p, of_no + 1, 0));
      continue;
    }
    left_over->erase(key);
    any = true;
    at->next();
  }
  if (status s = at->outcome(); !s) return failed("snapshots cannot be read", s.error());
  if (!any) return {};
  std::lock_guard hold(writing_);
  return write(*left_over, options_.durable);
}

status table_log::load_snapshot(slot& of, std::string_view key, std::string_view value) {
  const auto record = published_in(key, value);
  if (!record) return damaged(partition_of(key), "the record of its snapshot");
  of.published = of.numbers = record->number;
  of.snapshot_at = record->at;
  of.chunks = chunks_of(record->bytes);
  return {};
}

/// A record that is whole may still contradict another.
status table_log::check_bounds() {
  status out;
  slots_.each([&](partition_id p, const slot& at) {
    const bool fits = seq{1} <= at.archived && at.archived <= at.first && at.snapshot_at <= at.last &&
                      at.first.value <= at.snapshot_at.value + 1;
    if (fits || !out) return;
    out = fail(
        errc::corrupt,
        fmt::format(
            "{}: {}: its last batch is {}, its snapshot of {}, its log begins at {} and its archive at {}: "
            "that cannot be; restore it from a backup",
            where_, label(p), at.last.value, at.snapshot_at.value, at.first.value, at.archived.value));
  });
  return out;
}

}  // namespace zhili::storage
