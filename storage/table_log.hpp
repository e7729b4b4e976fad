// SPDX-License-Identifier: Apache-2.0
// The ports of storage/ on an ordered table: logs, snapshots, archive, texts and manifest under the keys of
// docs/storage_keys.md. table_log.cpp holds log and texts, table_keep.cpp snapshots and archive,
// table_open.cpp the way in.
#pragma once

#include <mutex>

#include "storage/content_store.hpp"
#include "storage/key_table.hpp"
#include "storage/partition_table.hpp"

namespace zhili::storage {

struct table_options {
  /// Writes go to disk before they are answered; otherwise they wait in memory until `buffer_bytes` are
  /// there.
  bool durable = true;
  std::size_t buffer_bytes = 0;
  /// An empty table is made a store; otherwise it is refused.
  bool create = false;
};

class table_log final : public partition_store, public content_store {
 public:
  /// `where` is the folder, for errors. REQUIRES: `start` before all else.
  table_log(std::string where, const table_options& options, std::unique_ptr<key_table> table);

  /// Refuses what this program did not write, loads the heads, and removes what a crash left half-staged.
  [[nodiscard]] status start();
  [[nodiscard]] status flush();
  [[nodiscard]] status put_meta(std::string_view name, std::string_view value);
  [[nodiscard]] result<std::string> get_meta(std::string_view name);

  result<lease> acquire(partition_id p) override;
  void append(std::span<const append_item> items, std::span<append_outcome> outcomes) override;
  result<bool> resolve(const lease& under, seq at, digest128 batch_id) override;
  status read(partition_id p, seq from, const batch_visitor& visit) override;
  result<seq> head(partition_id p) override;
  result<std::vector<partition_id>> partitions() override;

  status put_snapshot(const lease& under, seq at, bytes_view bytes) override;
  result<std::optional<snapshot>> get_snapshot(partition_id p) override;
  result<storage::extent> extent(partition_id p) override;
  status trim(const lease& under, seq below) override;
  status read_archive(partition_id p, seq from, const batch_visitor& visit) override;
  status read_records(partition_id p, seq from, seq through, const record_visitor& visit) override;
  status forget_before(const lease& under, seq before, instant at, std::string_view why) override;
  result<std::vector<forgetting>> forgotten(partition_id p) override;
  status replace(const lease& under, const partition_copy& copy) override;

  status put(const digest256& hash, std::string_view text) override;
  result<bool> get(text_name name, std::uint64_t ref, std::string& out) override;

 private:
  struct slot : partition_keep {
    /// Names the published snapshot's pieces; 0: none is published.
    std::uint64_t published = 0;
    std::uint32_t chunks = 0;
    /// The highest that was ever given to a snapshot.
    std::uint64_t numbers = 0;
  };
  /// The table as of one moment, and where the partition's batches lay then.
  struct view {
    storage::extent extent;
    seq snapshot_at;
    std::unique_ptr<key_table::cursor> cursor;
  };
  using rule = std::function<status(const slot&)>;

  // ---- opening ----
  status check_manifest();
  status load();
  status load_head(std::string_view key, std::string_view value);
  status load_bounds(std::string_view key, std::string_view value);
  status load_snapshots();
  status load_snapshot(slot& of, std::string_view key, std::string_view value);
  result<slot*> named_by(std::string_view key);
  status check_bounds();

  // ---- writing ----
  void stage(std::string_view key, std::string_view value);
  append_outcome stage(const append_item& item);
  template <class Stage>
  status commit(bool now, Stage stage_all);
  status write_pending(bool sync);
  status write(key_table::batch& changes, bool sync);
  result<slot*> admitted(partition_id p, const rule& may);
  status write_under(
      partition_id p, const rule& may, key_table::batch& changes, const std::function<void(slot&)>& fill);

  // ---- reading ----
  result<std::optional<std::string>> find(const std::string& key);
  result<view> look(partition_id p, const rule& may);
  status each(view& at, partition_id p, seq from, seq last, const record_visitor& visit) const;
  result<std::optional<snapshot>> assemble(const view& seen, partition_id p) const;

  tl::unexpected<error> failed(std::string_view doing, const error& why) const;
  tl::unexpected<error> not_there(partition_id p, seq at, const status& why) const;
  tl::unexpected<error> damaged(partition_id p, std::string_view what) const;

  const std::string where_;
  const table_options options_;
  const std::unique_ptr<key_table> table_;

  // Two locks, taken in this order: `writing_` is held while the table writes and keeps writes in the order
  // in which batches were admitted; `state_` guards the members below it and is held for memory work only.
  std::mutex writing_;
  std::unique_ptr<key_table::batch> in_write_;

  std::mutex state_;
  partition_table<slot> slots_;
  std::unique_ptr<key_table::batch> pending_;
  bool any_pending_ = false;
  /// Partitions that have pending batches; their heads are written with them, once.
  std::vector<partition_id> grown_;
  /// Why nothing is written any more; empty: all is well. After a failed write the table may hold half of it
  /// and take later ones all the same, which would leave a hole: so the first failure is the last write until
  /// the next open.
  std::string stopped_;
};

}  // namespace zhili::storage
