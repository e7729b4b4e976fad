// SPDX-License-Identifier: Apache-2.0
// What it costs to append a batch, in each implementation of the log and in the floors beneath them.
#include <fcntl.h>
#include <leveldb/db.h>
#include <leveldb/write_batch.h>
#include <unistd.h>

#include <fmt/format.h>

#include "bench/benchmark.hpp"
#include "bench/drive.hpp"
#include "bench/scratch.hpp"
#include "storage/leveldb_store.hpp"
#include "storage/memory_log.hpp"

namespace zhili::bench {
namespace {

using storage::append_item;
using storage::append_outcome;

constexpr std::size_t block_bytes = 4 * 1024 * 1024;

/// Batches as a run of the kernel left them.
struct captured {
  std::vector<std::vector<std::byte>> batches;
  double bytes_mean = 0;

  bytes_view of(std::uint64_t n) const { return batches[n % batches.size()]; }
};

result<captured> capture(const settings& s) {
  const auto pack = policy::pack::load(s.root / "bench/packs/constant");
  if (!pack) return tl::unexpected(pack.error());
  diary_plan plan;
  plan.count = 4000;
  plan.authors = 1300;
  storage::memory_log log;
  const auto ran = drive_kernel(diary_load(plan), *pack, {.lanes = 1, .log = &log});
  if (!ran) return tl::unexpected(ran.error());
  captured out;
  double bytes = 0;
  for (shard_no n = 0; n < shard_count; ++n) {
    // The first batch only names the pack.
    const status read = log.read({workflow_numbers::content, n}, storage::seq{2}, [&](storage::seq, bytes_view b) {
      out.batches.emplace_back(b.begin(), b.end());
      bytes += static_cast<double>(b.size());
      return true;
    });
    if (!read) return tl::unexpected(read.error());
  }
  out.bytes_mean = bytes / static_cast<double>(out.batches.size());
  return out;
}

/// Appends `count` batches, `together` at a time, to the shards in turn.
result<std::vector<double>> append(storage::partition_log& log, const captured& from, std::uint64_t count, std::size_t together) {
  std::vector<storage::lease> leases;
  for (shard_no n = 0; n < shard_count; ++n) {
    auto lease = log.acquire({workflow_numbers::content, n});
    if (!lease) return tl::unexpected(lease.error());
    leases.push_back(*lease);
  }
  std::vector<append_item> items(together);
  std::vector<append_outcome> outcomes(together);
  bool good = true;
  auto took = timed(count, [&] {
    for (std::uint64_t n = 0; n < count;) {
      for (append_item& item : items) {
        const std::uint64_t seq = 1 + n / shard_count;
        const std::size_t shard = n % shard_count;
        item = {leases[shard], storage::seq{seq}, {shard, seq}, from.of(n)};
        ++n;
      }
      log.append(items, outcomes);
      for (const append_outcome o : outcomes) good = good && o == append_outcome::ok;
    }
  });
  if (!good) return fail(errc::io, "a log did not take a batch");
  return took;
}

std::vector<double> copy(const captured& from, std::uint64_t count) {
  std::vector<std::byte> block(block_bytes);
  return timed(count, [&] {
    std::size_t used = 0;
    for (std::uint64_t n = 0; n < count; ++n) {
      const bytes_view b = from.of(n);
      if (used + b.size() > block.size()) used = 0;
      std::memcpy(block.data() + used, b.data(), b.size());
      used += b.size();
      keep(block);
    }
  });
}

result<std::vector<double>> flat_file(const captured& from, std::uint64_t count, const settings& s) {
  const scratch_folder folder(s);
  const int file = open((folder.path() / "flat").c_str(), O_CREAT | O_WRONLY, 0600);
  if (file < 0) return fail(errc::io, fmt::format("{}: no file can be made there", folder.path().string()));
  bool good = true;
  std::vector<std::byte> block;
  block.reserve(block_bytes);
  const auto spill = [&] {
    good = good && write(file, block.data(), block.size()) == static_cast<ssize_t>(block.size());
    block.clear();
  };
  auto took = timed(count, [&] {
    for (std::uint64_t n = 0; n < count; ++n) {
      const bytes_view b = from.of(n);
      if (block.size() + b.size() > block_bytes) spill();
      block.insert(block.end(), b.begin(), b.end());
    }
    spill();
  });
  close(file);
  if (!good) return fail(errc::io, "the flat file was not written");
  return took;
}

/// One put a batch under a key as long as the store's; a write when `together` have come or `block_bytes`.
result<std::vector<double>> raw_leveldb(
    const captured& from, std::uint64_t count, std::size_t together, bool sync, const settings& s) {
  const scratch_folder folder(s);
  leveldb::Options options;
  options.create_if_missing = true;
  leveldb::DB* opened = nullptr;
  const auto status = leveldb::DB::Open(options, (folder.path() / "raw").string(), &opened);
  const std::unique_ptr<leveldb::DB> db(opened);
  if (!status.ok()) return fail(errc::io, status.ToString());
  leveldb::WriteOptions how;
  how.sync = sync;
  bool good = true;
  return timed(count, [&] {
    leveldb::WriteBatch batch;
    std::size_t waiting = 0;
    for (std::uint64_t n = 0; n < count; ++n) {
      const bytes_view b = from.of(n);
      const auto key = fmt::format("l{:02x}{:08x}", n % shard_count, n / shard_count);
      batch.Put(key, {reinterpret_cast<const char*>(b.data()), b.size()});
      if (++waiting < together && batch.ApproximateSize() < block_bytes && n + 1 < count) continue;
      good = good && db->Write(how, &batch).ok();
      batch.Clear();
      waiting = 0;
    }
    ZHILI_ASSERT(good, "raw LevelDB takes what it is given");
  });
}

result<std::vector<double>> store(
    const captured& from, std::uint64_t count, std::size_t together, storage::durability safety, const settings& s) {
  const scratch_folder folder(s);
  storage::store_options options;
  options.create = true;
  options.safety = safety;
  options.buffer_bytes = block_bytes;
  auto opened = storage::leveldb_store::open(folder.path(), options);
  if (!opened) return tl::unexpected(opened.error());
  return append((*opened)->log(), from, count, together);
}

template <class Log>
result<std::vector<double>> in_memory(const captured& from, std::uint64_t count) {
  Log log;
  return append(log, from, count, 1);
}

}  // namespace

result<std::vector<table>> run_log(const settings& s) {
  const auto from = capture(s);
  if (!from) return tl::unexpected(from.error());
  const std::uint64_t many = s.of<std::uint64_t>(192'000, 640);
  const std::uint64_t few = s.of<std::uint64_t>(9'600, 128);
  constexpr std::size_t group = 64;
  constexpr std::size_t no_group = ~std::size_t{0};
  using storage::durability;
  table t;
  t.name = "log";
  t.title = "appending a batch";
  t.says = fmt::format(
      "Batches of one diary's decision from a run of the kernel, {:.0f} bytes on the mean, {} of them into a new log, {} "
      "where every {} are synced. A write to disk holds up to 4 MiB unless it is synced; CPU counts LevelDB's own thread.",
      from->bytes_mean, many, few, group);
  t.metrics = item_metrics("batch");
  const status ran = interleave(
      s.rounds,
      {{"copy into a block (floor)", [&] { return copy(*from, many); }},
       {"digest_log", [&] { return in_memory<storage::digest_log>(*from, many); }},
       {"memory_log", [&] { return in_memory<storage::memory_log>(*from, many); }},
       {"flat file (floor)", [&] { return flat_file(*from, many, s); }},
       {"raw LevelDB (floor)", [&] { return raw_leveldb(*from, many, no_group, false, s); }},
       {"leveldb_store, buffered", [&] { return store(*from, many, 1, durability::buffered, s); }},
       {"raw LevelDB, synced (floor)", [&] { return raw_leveldb(*from, few, group, true, s); }},
       {"leveldb_store, every append synced", [&] { return store(*from, few, group, durability::every_append, s); }}},
      t);
  if (!ran) return tl::unexpected(ran.error());
  return std::vector<table>{std::move(t)};
}

}  // namespace zhili::bench
