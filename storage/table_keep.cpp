// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "storage/store_records.hpp"
#include "storage/table_log.hpp"

namespace zhili::storage {
namespace {

/// A move to the archive is written in pieces of about this size; appends go on between them.
constexpr std::size_t piece_bytes_max = 4 * 1024 * 1024;

void put_record(key_table::batch& to, const std::string& key, digest128 batch_id, bytes_view bytes) {
  to.put(key, sealed(key, {big_endian(batch_id), chars(bytes)}));
}

/// Who may write it, and its head.
void put_writer(key_table::batch& to, partition_id p, const partition_head& at) {
  const std::string under_epoch = epoch_key(p), under_head = head_key(p);
  to.put(under_epoch, sealed(under_epoch, {big_endian(at.epoch.value), big_endian(at.incarnation.value)}));
  to.put(under_head, sealed(under_head, {big_endian(at.last.value)}));
}

void put_bounds(key_table::batch& to, partition_id p, const partition_keep& at) {
  const std::string key = bounds_key(p);
  to.put(key, sealed(key, {big_endian(at.first.value), big_endian(at.archived.value)}));
}

void put_published(key_table::batch& to, partition_id p, const published_snapshot& s) {
  const std::string key = snapshot_key(p);
  to.put(key, sealed(key, {big_endian(s.number), big_endian(s.at.value), big_endian(s.bytes)}));
}

void erase_chunks(key_table::batch& from, partition_id p, std::uint64_t number, std::uint32_t chunks) {
  for (std::uint32_t i = 0; i < chunks; ++i) from.erase(chunk_key(p, number, i));
}

void put_chunk(key_table::batch& to, partition_id p, std::uint64_t number, std::uint32_t i, bytes_view all) {
  const std::size_t begin = std::size_t{i} * chunk_bytes_max;
  const bytes_view chunk = all.subspan(begin, std::min(chunk_bytes_max, all.size() - begin));
  const std::string key = chunk_key(p, number, i);
  to.put(key, sealed(key, {chars(chunk)}));
}

}  // namespace

/// Writes the changes and what `fill` adds to them, if the rule still allows it. `fill` changes the slot.
status table_log::write_under(
    partition_id p, const rule& may, key_table::batch& changes, const std::function<void(slot&)>& fill) {
  std::lock_guard hold(writing_);
  if (status s = write_pending(options_.durable); !s) return s;
  {
    std::lock_guard lock(state_);
    const auto at = admitted(p, may);
    if (!at) return tl::unexpected(at.error());
    fill(**at);
  }
  return write(changes, options_.durable);
}

// ---- snapshots ----

status table_log::put_snapshot(const lease& under, seq at, bytes_view bytes) {
  const partition_id p = under.partition;
  const rule may = [&](const slot& s) { return s.may_snapshot(under, at); };
  published_snapshot made{0, at, bytes.size()};
  {
    std::lock_guard lock(state_);
    const auto of = admitted(p, may);
    if (!of) return tl::unexpected(of.error());
    made.number = ++(*of)->numbers;
  }
  const std::uint32_t chunks = chunks_of(bytes.size());
  const auto changes = table_->make_batch();
  status done;
  // Each piece waits for the disk: the database may change to another file of its own between two of them,
  // and a sync of the second says nothing of the first.
  for (std::uint32_t i = 0; i < chunks && done; ++i) {
    changes->clear();
    put_chunk(*changes, p, made.number, i, bytes);
    done = write_under(p, may, *changes, [](slot&) {});
  }
  if (done) {
    changes->clear();
    done = write_under(p, may, *changes, [&](slot& s) {
      put_published(*changes, p, made);
      erase_chunks(*changes, p, s.published, s.chunks);
      s.published = made.number;
      s.chunks = chunks;
      s.snapshot_at = at;
    });
  }
  if (!done && done.error().code != errc::io) {
    changes->clear();
    erase_chunks(*changes, p, made.number, chunks);
    // If that fails too, the next open erases them.
    (void)write_under(
        p, [](const slot&) { return status{}; }, *changes, [](slot&) {});
  }
  return done;
}

result<std::optional<snapshot>> table_log::get_snapshot(partition_id p) {
  const auto seen = look(p, [](const slot&) { return status{}; });
  if (!seen) return tl::unexpected(seen.error());
  return assemble(*seen, p);
}

result<std::optional<snapshot>> table_log::assemble(const view& seen, partition_id p) const {
  if (seen.snapshot_at == seq{}) return std::nullopt;
  const std::string what = fmt::format("its snapshot of batch {}", seen.snapshot_at.value);
  key_table::cursor& at = *seen.cursor;
  const auto standing_at = [&](const std::string& key) { return at.valid() && at.key() == key; };
  at.seek(snapshot_key(p));
  const auto record =
      standing_at(snapshot_key(p)) ? published_in(at.key(), at.value()) : std::optional<published_snapshot>{};
  if (!record) return damaged(p, what);

  snapshot out{record->at, {}};
  out.bytes.reserve(record->bytes);
  at.seek(chunk_key(p, record->number, 0));
  for (std::uint32_t i = 0; i < chunks_of(record->bytes); ++i) {
    const std::string key = chunk_key(p, record->number, i);
    if (i > 0) at.next();
    const auto chunk = standing_at(key) ? unseal(key, at.value()) : std::optional<std::string_view>{};
    if (!chunk) return damaged(p, fmt::format("piece {} of {}", i + 1, what));
    const bytes_view bytes = as_bytes_view(*chunk);
    out.bytes.insert(out.bytes.end(), bytes.begin(), bytes.end());
  }
  if (out.bytes.size() != record->bytes) return damaged(p, what);
  return out;
}

// ---- archive ----

status table_log::trim(const lease& under, seq below) {
  const partition_id p = under.partition;
  auto seen = look(p, [&](const slot& s) { return s.may_trim(under, below); });
  if (!seen) return tl::unexpected(seen.error());
  if (below <= seen->extent.first) return {};
  if (const auto back = assemble(*seen, p); !back) return tl::unexpected(back.error());

  seq begin = seen->extent.first, end = begin;
  const auto piece = table_->make_batch();
  const rule may = [&](const slot& s) -> status {
    if (status ok = s.may_trim(under, below); !ok || s.first == begin) return ok;
    return fail(errc::out_of_range, label(p) + ": another call is trimming it: wait for that one");
  };
  const auto move = [&]() -> status {
    const status moved = write_under(p, may, *piece, [&](slot& s) {
      s.first = end;
      put_bounds(*piece, p, s);
    });
    piece->clear();
    begin = end;
    return moved;
  };
  status moved;
  const status walked = each(*seen, p, begin, seq{below.value - 1}, [&](const record_view& r) {
    put_record(*piece, archive_key(p, r.at), r.batch_id, r.bytes);
    piece->erase(batch_key(p, r.at));
    end = seq{r.at.value + 1};
    if (piece->bytes() >= piece_bytes_max) moved = move();
    return moved.has_value();
  });
  if (moved && end > begin) moved = move();
  return moved ? walked : moved;
}

status table_log::read_archive(partition_id p, seq from, const batch_visitor& visit) {
  auto seen = look(p, [&](const slot& s) { return s.may_read_archive(p, from); });
  if (!seen) return tl::unexpected(seen.error());
  return each(*seen, p, from, seq{seen->extent.first.value - 1}, [&](const record_view& r) {
    return visit(r.at, r.bytes);
  });
}

status table_log::read_records(partition_id p, seq from, seq through, const record_visitor& visit) {
  auto seen = look(p, [&](const slot& s) { return s.may_read_archive(p, from); });
  if (!seen) return tl::unexpected(seen.error());
  return each(*seen, p, from, std::min(through, seen->extent.last), visit);
}

status table_log::forget_before(const lease& under, seq before, instant at, std::string_view why) {
  const partition_id p = under.partition;
  // Only where it begins: a cursor would hold the files with what is to leave the disk.
  const auto all = extent(p);
  if (!all) return tl::unexpected(all.error());
  const seq from = all->archived;

  const rule may = [&](const slot& s) -> status {
    if (status ok = s.may_forget(under, before); !ok || s.archived == from) return ok;
    return fail(errc::out_of_range, label(p) + ": another call is deleting from its archive");
  };
  {
    std::lock_guard lock(state_);
    if (const auto of = admitted(p, may); !of) return tl::unexpected(of.error());
  }
  if (before <= from) return {};

  const auto changes = table_->make_batch();
  for (seq n = from; n < before; ++n.value) {
    changes->erase(archive_key(p, n));
    // Trim erased it, but below that erasure its bytes may still lie in a file.
    changes->erase(batch_key(p, n));
  }
  const std::string record = meta_key(forgotten_name(p, under.epoch, before));
  changes->put(
      record, sealed(
                  record, {big_endian(from.value), big_endian(before.value),
                           big_endian(static_cast<std::uint64_t>(at.ms)), why}));
  // Written to a file together, a record and its erasure could stay there side by side.
  table_->compact("z", "z");
  const status done = write_under(p, may, *changes, [&](slot& s) {
    s.archived = before;
    put_bounds(*changes, p, s);
  });
  if (!done) return done;
  table_->compact(archive_key(p, from), archive_key(p, before));
  table_->compact(batch_key(p, from), batch_key(p, before));
  return {};
}

result<std::vector<forgetting>> table_log::forgotten(partition_id p) {
  const auto seen = look(p, [](const slot&) { return status{}; });
  if (!seen) return tl::unexpected(seen.error());
  std::vector<forgetting> out;
  const std::string begin = meta_key(forgotten_name(p));
  key_table::cursor& at = *seen->cursor;
  for (at.seek(begin); at.valid() && at.key().starts_with(begin); at.next()) {
    const auto payload = unseal(at.key(), at.value());
    if (!payload || payload->size() < 24) return damaged(p, "a record of what was forgotten");
    out.push_back(
        {seq{number(payload->substr(0, 8))}, seq{number(payload->substr(8, 8))},
         instant{static_cast<std::int64_t>(number(payload->substr(16, 8)))},
         std::string{payload->substr(24)}});
  }
  if (status s = at.outcome(); !s) return failed("what was forgotten cannot be read", s.error());
  return out;
}

// ---- a copy in the place of what is kept ----

status table_log::replace(const lease& under, const partition_copy& copy) {
  const partition_id p = under.partition;
  const rule may = [&](const slot& s) { return s.holds(under); };
  std::uint64_t number = 0;
  {
    std::lock_guard lock(state_);
    const auto of = admitted(p, may);
    if (!of) return tl::unexpected(of.error());
    number = ++(*of)->numbers;
  }
  const storage::extent& now = copy.extent;
  const auto changes = table_->make_batch();
  for (const partition_copy::record& r : copy.batches) {
    put_record(*changes, r.at < now.first ? archive_key(p, r.at) : batch_key(p, r.at), r.batch_id, r.bytes);
  }
  const std::uint64_t bytes = copy.snapshot ? copy.snapshot->bytes.size() : 0;
  for (std::uint32_t i = 0; i < chunks_of(bytes); ++i)
    put_chunk(*changes, p, number, i, copy.snapshot->bytes);

  return write_under(p, may, *changes, [&](slot& s) {
    for (seq n = s.first; n <= s.last; ++n.value) {
      if (n < now.first || n > now.last) changes->erase(batch_key(p, n));
    }
    for (seq n = s.archived; n < s.first; ++n.value) {
      if (n < now.archived || n >= now.first) changes->erase(archive_key(p, n));
    }
    erase_chunks(*changes, p, s.published, s.chunks);
    static_cast<partition_keep&>(s) = keep_of(copy, storage::epoch{s.epoch.value + 1});
    s.published = copy.snapshot ? number : 0;
    s.chunks = chunks_of(bytes);

    put_writer(*changes, p, s);
    put_bounds(*changes, p, s);
    if (copy.snapshot) {
      put_published(*changes, p, {number, copy.snapshot->at, bytes});
    } else {
      changes->erase(snapshot_key(p));
    }
  });
}

}  // namespace zhili::storage
