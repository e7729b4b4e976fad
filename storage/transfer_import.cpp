// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "storage/partition_table.hpp"
#include "storage/store_records.hpp"
#include "storage/transfer.hpp"
#include "storage/transfer_format.hpp"

namespace zhili::storage {
namespace {

using namespace copy_format;

/// Reads a stream record by record and knows where it is.
class reader {
 public:
  explicit reader(const byte_source& source) : source_(source) {}

  struct record {
    char kind = 0;
    std::string payload;
  };

  tl::unexpected<error> wrong(errc code, std::string_view what) const {
    return fail(
        code, fmt::format("the copy is not whole: record {}, at byte {}: {}", records_, begin_, what));
  }

  result<record> next() {
    begin_ = read_;
    ++records_;
    const auto frame = take(frame_bytes);
    if (!frame) return tl::unexpected(frame.error());
    const std::string_view after_crc = std::string_view{*frame}.substr(4);
    const std::uint64_t length = number(after_crc.substr(1));
    if (length > payload_bytes_max) return wrong(errc::checksum, "its length is damaged");
    record out;
    out.kind = after_crc[0];
    if (read_ + length > copy_bytes_max) {
      return wrong(errc::too_large, fmt::format("it goes beyond {} MiB", copy_bytes_max >> 20));
    }
    auto payload = take(length);
    if (!payload) return tl::unexpected(payload.error());
    out.payload = std::move(*payload);
    if (number(std::string_view{*frame}.substr(0, 4)) != crc_of(after_crc, out.payload)) {
      return wrong(errc::checksum, "its checksum does not match");
    }
    return out;
  }

  /// The record that must stand here.
  result<std::string> next(char kind, std::string_view what) {
    auto got = next();
    if (!got) return tl::unexpected(got.error());
    if (got->kind == kind) return std::move(got->payload);
    return wrong(errc::malformed, fmt::format("{} was to stand here", what));
  }

  /// Exactly so many bytes; errc::truncated where the stream ends before.
  result<std::string> take(std::size_t count) {
    std::string out;
    while (out.size() < count) {
      // In steps: a length may be damaged and stand for more than there is.
      const std::size_t had = out.size();
      out.resize(std::min(count, had + chunk_bytes_max));
      const auto got = source_(std::as_writable_bytes(std::span{out}.subspan(had)));
      if (!got) return tl::unexpected(got.error());
      out.resize(had + *got);
      read_ += *got;
      if (*got == 0) return wrong(errc::truncated, fmt::format("the bytes end at {}", read_));
    }
    return out;
  }

  bool ended() {
    std::byte one{};
    const auto got = source_({&one, 1});
    return got && *got == 0;
  }

  std::uint64_t read() const { return read_; }
  std::uint64_t records() const { return records_; }

 private:
  const byte_source& source_;
  std::uint64_t read_ = 0;
  std::uint64_t records_ = 0;
  std::uint64_t begin_ = 0;
};

struct announced {
  partition_id partition;
  partition_copy copy;
  std::uint64_t snapshot_bytes = 0;
};

result<announced> read_head(reader& from) {
  const auto first = from.take(magic.size() + 4);
  if (!first && first.error().code != errc::truncated) return tl::unexpected(first.error());
  if (!first || std::string_view{*first}.substr(0, magic.size()) != magic) {
    return fail(errc::malformed, "this is not a copy of a partition: its first bytes are others");
  }
  const std::uint64_t of_format = number(std::string_view{*first}.substr(magic.size()));
  if (of_format != format) {
    return fail(
        errc::unsupported_version, fmt::format(
                                       "the copy has format {} and this program reads {}: use the program "
                                       "that wrote it",
                                       of_format, format));
  }
  const auto head = from.next(head_kind, "the head");
  if (!head) return tl::unexpected(head.error());
  if (head->size() != head_bytes) return from.wrong(errc::malformed, "the head has another length");
  std::string_view rest = *head;
  const auto field = [&](std::size_t bytes) {
    const std::uint64_t out = number(rest.substr(0, bytes));
    rest.remove_prefix(bytes);
    return out;
  };
  const std::uint64_t shards = field(4);
  if (shards != shard_count) {
    return fail(
        errc::unsupported_version,
        fmt::format(
            "the copy is of a deployment with {} shards and this program has {}", shards, shard_count));
  }
  announced out;
  out.partition = partition_id::unpack(static_cast<std::uint16_t>(field(4)));
  storage::extent& e = out.copy.extent;
  e.incarnation = incarnation{static_cast<std::uint32_t>(field(4))};
  e.archived = seq{field(8)};
  e.first = seq{field(8)};
  e.last = seq{field(8)};
  if (field(1) != 0) out.copy.snapshot.emplace();
  const seq snapshot_at{field(8)};
  if (out.copy.snapshot) out.copy.snapshot->at = snapshot_at;
  out.snapshot_bytes = field(8);
  if (e.archived < seq{1} || e.first < e.archived || snapshot_at > e.last ||
      e.first.value > snapshot_at.value + 1)
    return from.wrong(errc::malformed, "the head contradicts itself");
  return out;
}

/// Fills in what the head announced. Numbers must be without gaps: a record that is missing or stands twice
/// is found though each is whole.
status read_body(reader& from, announced& into) {
  partition_copy& copy = into.copy;
  while (copy.snapshot && copy.snapshot->bytes.size() < into.snapshot_bytes) {
    const auto chunk = from.next(chunk_kind, "a piece of the snapshot");
    if (!chunk) return tl::unexpected(chunk.error());
    const bytes_view bytes = as_bytes_view(*chunk);
    copy.snapshot->bytes.insert(copy.snapshot->bytes.end(), bytes.begin(), bytes.end());
    if (bytes.empty() || copy.snapshot->bytes.size() > into.snapshot_bytes)
      return from.wrong(errc::malformed, "a piece of the snapshot has another length");
  }
  for (seq n = copy.extent.archived; n <= copy.extent.last; ++n.value) {
    const auto batch = from.next(batch_kind, fmt::format("batch {}", n.value));
    if (!batch) return tl::unexpected(batch.error());
    const std::string_view all = *batch;
    if (all.size() < 8 + batch_id_bytes || number(all.substr(0, 8)) != n.value)
      return from.wrong(errc::malformed, fmt::format("batch {} was to stand here", n.value));
    const bytes_view bytes = as_bytes_view(all.substr(8 + batch_id_bytes));
    copy.batches.push_back({n, digest_of(all.substr(8)), {bytes.begin(), bytes.end()}});
  }
  const std::uint64_t records = from.records();
  const auto end = from.next(end_kind, "the end");
  if (!end) return tl::unexpected(end.error());
  if (*end != big_endian(records)) return from.wrong(errc::malformed, "the end counts other records");
  if (!from.ended()) return from.wrong(errc::malformed, "more bytes follow it");
  return {};
}

/// Whether all that is kept of the partition is in the copy.
result<bool> holds_all(partition_store& kept, const lease& under, const partition_copy& copy) {
  const auto head = kept.head(under.partition);
  if (!head) return tl::unexpected(head.error());
  const incarnation of_copy = copy.extent.incarnation;
  if (*head == seq{}) return under.incarnation <= of_copy;
  if (under.incarnation > of_copy || *head < copy.extent.archived || *head > copy.extent.last) return false;
  const auto& same_number = copy.batches[head->value - copy.extent.archived.value];
  auto same = kept.resolve(under, *head, same_number.batch_id);
  // Forgotten here, so nobody can tell.
  if (!same && same.error().code == errc::not_found) return false;
  return same;
}

}  // namespace

result<transferred> inspect_copy(const byte_source& source, const record_visitor& visit) {
  reader from(source);
  auto read = read_head(from);
  if (!read) return tl::unexpected(read.error());
  if (status s = read_body(from, *read); !s) return about(read->partition, s.error());
  const partition_copy& copy = read->copy;
  for (const partition_copy::record& r : copy.batches) {
    if (visit && !visit({r.at, r.batch_id, r.bytes})) break;
  }
  return transferred{read->partition, copy.extent, copy.snapshot ? copy.snapshot->at : seq{}, from.read()};
}

result<transferred> import_partition(
    partition_store& to, const lease& under, const byte_source& source, life how, incarnation at_least) {
  const partition_id p = under.partition;
  reader from(source);
  auto read = read_head(from);
  if (!read) return about(p, read.error());
  if (read->partition != p) {
    return fail(errc::out_of_range, fmt::format("{}: the copy is of {}", label(p), label(read->partition)));
  }
  if (status s = read_body(from, *read); !s) return about(p, s.error());

  partition_copy& copy = read->copy;
  const auto all = holds_all(to, under, copy);
  if (!all) return tl::unexpected(all.error());
  if (how == life::begins_anew || !*all) {
    const incarnation known = std::max(copy.extent.incarnation, under.incarnation);
    copy.extent.incarnation = std::max(incarnation{known.value + 1}, at_least);
  }
  if (status s = to.replace(under, copy); !s) return tl::unexpected(s.error());
  return transferred{p, copy.extent, copy.snapshot ? copy.snapshot->at : seq{}, from.read()};
}

}  // namespace zhili::storage
