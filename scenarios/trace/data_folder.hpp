// SPDX-License-Identifier: Apache-2.0
// What `--data-dir DIR` keeps of a run: DIR/store with logs, texts and manifest, DIR/packs and DIR/registry by digest
// with all that a log names, so that the folder can be verified anywhere.
#pragma once

#include "scenarios/simulate.hpp"
#include "scenarios/trace/format.hpp"
#include "storage/leveldb_store.hpp"

namespace zhili::scenarios {

/// Packs with the folders that they were read from.
struct judges {
  std::vector<std::shared_ptr<const policy::pack>> packs;
  std::vector<std::filesystem::path> folders;

  status add(const std::filesystem::path& folder);
};

struct manifest {
  trace_head head;
  /// simulate or replay.
  std::string how;
  /// The scenario's file; empty: nobody knows the truth.
  std::string yaml;
};

class data_folder {
 public:
  /// bad_argument where the folder holds a run already.
  static result<std::unique_ptr<data_folder>> create(const std::filesystem::path& dir);
  static result<std::unique_ptr<data_folder>> open(const std::filesystem::path& dir);
  /// What a node writes into: made where it is not there, and every append is on disk before it is acknowledged.
  static result<std::unique_ptr<data_folder>> serve(const std::filesystem::path& dir);

  storage::partition_store& log() { return store_->log(); }
  storage::content_store& texts() { return store_->content(); }

  const std::filesystem::path& dir() const { return dir_; }

  // ---- writing ----

  /// Before the run: what it is made from.
  status begin(const manifest& m, const judges& by, const shelf& shelves);
  /// Packs that judge from now on.
  status keep_packs(const judges& by);
  /// A pack that is to judge while the node runs: its files are moved here, as a whole or not at all.
  status take_pack(const policy::pack& pack, const std::filesystem::path& folder);
  /// A record of the caller's own, on disk when this returns.
  status keep_record(std::string_view name, std::string_view value);
  /// not_found: none was kept.
  result<std::string> read_record(std::string_view name) { return store_->get_meta(name); }
  /// Snapshots of the registry that are read from now on.
  status keep_snapshots(const shelf& shelves);
  /// After the run: chain digests, the figures as they were printed.
  status finish(const simulation_result& r, const std::string& figures_json);

  /// Records of another folder's manifest, where this one has none yet.
  status adopt(const std::map<std::string, std::string>& records);
  /// Everything given so far is on disk when this returns.
  status flush() { return store_->flush(); }

  // ---- reading ----

  /// The manifest's records by name, those that are there.
  result<std::map<std::string, std::string>> records();
  /// Files of packs and registry snapshots, by their place in the folder, as `registry/DIGEST.ndjson`.
  std::vector<std::string> kept_files() const { return kept_files_of(dir_); }
  static std::vector<std::string> kept_files_of(const std::filesystem::path& dir);

  result<manifest> read_manifest();
  /// Every pack and snapshot of the folder, each held against the digest in its name.
  result<shelf> read_shelf() { return read_shelf_of(dir_); }
  /// The same of any folder that is laid out as this one, as one of copies is.
  static result<shelf> read_shelf_of(const std::filesystem::path& dir);
  /// As `finish` got it; not_found: the run never came to its end.
  result<std::string> read_figures() { return store_->get_meta("figures"); }
  /// Chain digest in hex by `workflow/shard`.
  result<std::map<std::string, std::string>> read_chains();

 private:
  data_folder(std::filesystem::path dir, std::unique_ptr<storage::leveldb_store> store)
      : dir_(std::move(dir)), store_(std::move(store)) {}
  status keep_snapshot(const registry_snapshot& s);

  std::filesystem::path dir_;
  std::unique_ptr<storage::leveldb_store> store_;
};

/// `content/5`: how a partition is called in the manifest.
std::string partition_name(partition_id id);

}  // namespace zhili::scenarios
