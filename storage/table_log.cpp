// SPDX-License-Identifier: Apache-2.0
#include "storage/table_log.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "storage/store_records.hpp"

namespace zhili::storage {
table_log::table_log(std::string where, const table_options& options, std::unique_ptr<key_table> table)
    : where_(std::move(where)),
      options_(options),
      table_(std::move(table)),
      in_write_(table_->make_batch()),
      pending_(table_->make_batch()) {}

// ---- writing ----

/// REQUIRES: `state_` is held.
void table_log::stage(std::string_view key, std::string_view value) {
  pending_->put(key, value);
  any_pending_ = true;
}

/// REQUIRES: `state_` is held.
append_outcome table_log::stage(const append_item& item) {
  const partition_id p = item.lease.partition;
  slot* at = slots_.find(p);
  ZHILI_ASSERT(at != nullptr, "leases come from acquire");
  const append_outcome outcome = at->admit(item);
  if (outcome != append_outcome::ok) return outcome;
  const std::string key = batch_key(p, item.expected);
  stage(key, sealed(key, {big_endian(item.batch_id), chars(item.bytes)}));
  if (grown_.empty() || grown_.back() != p) grown_.push_back(p);
  return outcome;
}

/// Lets `stage_all` stage records, and writes what is pending: at once if `now`, else when enough has come
/// together.
template <class Stage>
status table_log::commit(bool now, Stage stage_all) {
  std::unique_lock hold(writing_, std::defer_lock);
  if (now) hold.lock();
  {
    std::lock_guard lock(state_);
    if (!stopped_.empty()) return fail(errc::io, stopped_);
    if (status staged = stage_all(); !staged) return staged;
    if (!now && pending_->bytes() < options_.buffer_bytes) return {};
  }
  if (!now) hold.lock();
  return write_pending(options_.durable);
}

/// REQUIRES: `writing_` is held.
status table_log::write_pending(bool sync) {
  {
    std::lock_guard lock(state_);
    if (!stopped_.empty()) return fail(errc::io, stopped_);
    if (!any_pending_) return {};
    std::sort(grown_.begin(), grown_.end());
    grown_.erase(std::unique(grown_.begin(), grown_.end()), grown_.end());
    for (const partition_id p : grown_)
      stage(head_key(p), sealed(head_key(p), {big_endian(slots_.find(p)->last.value)}));
    grown_.clear();
    std::swap(pending_, in_write_);
    any_pending_ = false;
  }
  const status written = write(*in_write_, sync);
  in_write_->clear();
  return written;
}

/// The one way to the table; the first failure stops the store. REQUIRES: `writing_` is held.
status table_log::write(key_table::batch& changes, bool sync) {
  const status written = table_->write(changes, sync);
  if (written) return {};
  const auto why = failed("cannot write, and writes nothing more until it is opened again", written.error());
  std::lock_guard lock(state_);
  stopped_ = why.value().detail;
  return why;
}

status table_log::flush() {
  std::lock_guard hold(writing_);
  if (status s = write_pending(options_.durable); !s) return s;
  // Moves what the database's own log holds into its sorted files: there, damage costs a block; in the log,
  // all the rest.
  table_->compact("z", "z");
  {
    std::lock_guard lock(state_);
    any_pending_ = true;
  }
  // An empty write: says whether that worked.
  return write_pending(true);
}

// ---- reading ----

tl::unexpected<error> table_log::failed(std::string_view doing, const error& why) const {
  return fail(why.code, fmt::format("{}: {}: {}", where_, doing, why.detail));
}

tl::unexpected<error> table_log::not_there(partition_id p, seq at, const status& why) const {
  const std::string which = fmt::format("{}: {}: batch {}", where_, label(p), at.value);
  if (why) return fail(errc::corrupt, which + " is missing; those before it are whole");
  if (why.error().code == errc::corrupt)
    return fail(errc::checksum, fmt::format("{} lies in a damaged block: {}", which, why.error().detail));
  return fail(errc::io, fmt::format("{} cannot be read: {}", which, why.error().detail));
}

tl::unexpected<error> table_log::damaged(partition_id p, std::string_view what) const {
  return fail(
      errc::checksum, fmt::format("{}: {}: {} is damaged: restore it from a backup", where_, label(p), what));
}

/// The value of a key that is written once; what is still pending is looked for too.
result<std::optional<std::string>> table_log::find(const std::string& key) {
  auto value = table_->get(key);
  if (value && !*value) {
    std::lock_guard hold(writing_);
    if (status written = write_pending(options_.durable); !written) return tl::unexpected(written.error());
    value = table_->get(key);
  }
  if (!value) return failed("cannot read", value.error());
  return value;
}

/// The slot where it exists, the store goes on, and the rule allows it. REQUIRES: `state_` is held.
result<table_log::slot*> table_log::admitted(partition_id p, const rule& may) {
  slot* at = slots_.find(p);
  if (at == nullptr) return no_such_partition(p);
  if (!stopped_.empty()) return fail(errc::io, stopped_);
  if (status s = may(*at); !s) return tl::unexpected(s.error());
  return at;
}

result<table_log::view> table_log::look(partition_id p, const rule& may) {
  std::lock_guard hold(writing_);
  view out;
  {
    std::lock_guard lock(state_);
    const auto at = admitted(p, may);
    if (!at) return tl::unexpected(at.error());
    out.extent = (*at)->extent();
    out.snapshot_at = (*at)->snapshot_at;
  }
  if (status s = write_pending(options_.durable); !s) return tl::unexpected(s.error());
  out.cursor = table_->make_cursor();
  return out;
}

/// Visits [from, last], whichever part of it lies in the archive.
status table_log::each(view& at, partition_id p, seq from, seq last, const record_visitor& visit) const {
  std::vector<std::byte> bytes;
  const seq begin = std::max(from, seq{1});
  for (seq n = begin; n <= last; ++n.value) {
    const bool in_archive = n < at.extent.first;
    const std::string key = in_archive ? archive_key(p, n) : batch_key(p, n);
    if (n == begin || n == at.extent.first) {
      at.cursor->seek(key);
    } else {
      at.cursor->next();
    }
    if (!at.cursor->valid() || at.cursor->key() != key) return not_there(p, n, at.cursor->outcome());
    const auto payload = unseal(key, at.cursor->value());
    if (!payload || payload->size() < batch_id_bytes) {
      return damaged(p, fmt::format("batch {}{}", n.value, in_archive ? " in the archive" : ""));
    }
    const bytes_view body = as_bytes_view(payload->substr(batch_id_bytes));
    bytes.assign(body.begin(), body.end());
    if (!visit({n, digest_of(*payload), bytes})) break;
  }
  return {};
}

// ---- the log ----

result<lease> table_log::acquire(partition_id p) {
  lease out;
  const status done = commit(options_.durable, [&]() -> status {
    slot* at = slots_.find(p);
    if (at == nullptr) return no_such_partition(p);
    out = at->acquire(p);
    const std::string key = epoch_key(p);
    stage(key, sealed(key, {big_endian(out.epoch.value), big_endian(out.incarnation.value)}));
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

void table_log::append(std::span<const append_item> items, std::span<append_outcome> outcomes) {
  ZHILI_ASSERT(items.size() == outcomes.size(), "an outcome for each item");
  std::fill(outcomes.begin(), outcomes.end(), append_outcome::unavailable);
  const status done = commit(options_.durable, [&]() -> status {
    for (std::size_t i = 0; i < items.size(); ++i) outcomes[i] = stage(items[i]);
    return {};
  });
  if (!done) std::replace(outcomes.begin(), outcomes.end(), append_outcome::ok, append_outcome::unknown);
}

result<bool> table_log::resolve(const lease& under, seq at, digest128 batch_id) {
  const partition_id p = under.partition;
  auto seen = look(p, [&](const slot& s) { return s.may_resolve(p, at); });
  if (!seen) return tl::unexpected(seen.error());
  if (at == seq{} || at > seen->extent.last) return false;
  bool same = false;
  const status walked = each(*seen, p, at, at, [&](const record_view& r) {
    same = r.batch_id == batch_id;
    return false;
  });
  if (!walked) return tl::unexpected(walked.error());
  return same;
}

status table_log::read(partition_id p, seq from, const batch_visitor& visit) {
  auto seen = look(p, [&](const slot& s) { return s.may_read(p, from); });
  if (!seen) return tl::unexpected(seen.error());
  return each(*seen, p, from, seen->extent.last, [&](const record_view& r) { return visit(r.at, r.bytes); });
}

result<seq> table_log::head(partition_id p) {
  const auto all = extent(p);
  if (!all) return tl::unexpected(all.error());
  return all->last;
}

result<storage::extent> table_log::extent(partition_id p) {
  std::scoped_lock lock(writing_, state_);
  const auto at = admitted(p, [](const slot&) { return status{}; });
  if (!at) return tl::unexpected(at.error());
  return (*at)->extent();
}

result<std::vector<partition_id>> table_log::partitions() {
  std::scoped_lock lock(writing_, state_);
  if (!stopped_.empty()) return fail(errc::io, stopped_);
  std::vector<partition_id> out;
  slots_.each([&](partition_id p, const slot& at) {
    if (at.last > seq{}) out.push_back(p);
  });
  return out;
}

// ---- texts and manifest ----

status table_log::put(const digest256& hash, std::string_view text) {
  return commit(false, [&]() -> status {
    stage(text_key(hash), text);
    return {};
  });
}

result<bool> table_log::get(text_name name, std::uint64_t, std::string& out) {
  out.clear();
  const std::string begin = text_key(name);
  std::unique_ptr<key_table::cursor> at = table_->make_cursor();
  const auto found = [&] {
    at->seek(begin);
    return at->valid() && at->key().starts_with(begin);
  };
  if (!found()) {
    std::lock_guard hold(writing_);
    if (status written = write_pending(options_.durable); !written) return tl::unexpected(written.error());
    at = table_->make_cursor();
    if (!found()) {
      if (status read = at->outcome(); !read) return failed("cannot read", read.error());
      return false;
    }
  }
  if (name_of(blake2b_256(as_bytes_view(at->value()))) != name) {
    return fail(errc::checksum, fmt::format("{}: text {}: what is kept has another hash", where_, hex(name)));
  }
  out = at->value();
  return true;
}

status table_log::put_meta(std::string_view name, std::string_view value) {
  const std::string key = meta_key(name);
  return commit(true, [&]() -> status {
    stage(key, sealed(key, {value}));
    return {};
  });
}

result<std::string> table_log::get_meta(std::string_view name) {
  const std::string key = meta_key(name);
  const auto value = find(key);
  if (!value) return tl::unexpected(value.error());
  if (!*value) return fail(errc::not_found, fmt::format("{}: has no record `{}`", where_, name));
  const auto payload = unseal(key, **value);
  if (!payload) return fail(errc::checksum, fmt::format("{}: its record `{}` is damaged", where_, name));
  return std::string{*payload};
}

}  // namespace zhili::storage
