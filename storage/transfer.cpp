// SPDX-License-Identifier: Apache-2.0
#include "storage/transfer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "storage/partition_table.hpp"
#include "storage/store_records.hpp"

namespace zhili::storage {
namespace {

constexpr std::string_view magic = "zhiliprt";
constexpr std::uint32_t format = 1;

// Kinds of records. On disk: do not renumber.
constexpr char head_kind = 'h';
constexpr char chunk_kind = 's';
constexpr char batch_kind = 'b';
constexpr char end_kind = 'z';

/// crc(4) kind(1) length(4), then the payload.
constexpr std::size_t frame_bytes = 9;
constexpr std::size_t head_bytes = 53;
/// More than any batch or piece, so that a damaged length does not take all memory.
constexpr std::uint64_t payload_bytes_max = 64 * 1024 * 1024;

std::uint32_t crc_of(std::string_view frame_after_crc, std::string_view payload) {
  return crc32c(as_bytes_view(payload), crc32c(as_bytes_view(frame_after_crc)));
}

class writer {
 public:
  explicit writer(const byte_sink& sink) : sink_(sink) {}

  status put(std::string_view bytes) {
    written_ += bytes.size();
    if (written_ > copy_bytes_max) {
      return fail(
          errc::too_large, fmt::format(
                               "it is larger than {} MiB, which is all that can be put back: forget old "
                               "batches of the archive first",
                               copy_bytes_max >> 20));
    }
    return sink_(as_bytes_view(bytes));
  }

  status record(char kind, std::initializer_list<std::string_view> parts) {
    std::string payload;
    for (const std::string_view part : parts) payload += part;
    const std::string frame = kind + big_endian(static_cast<std::uint32_t>(payload.size()));
    ++records_;
    return put(big_endian(crc_of(frame, payload)) + frame + payload);
  }

  std::uint64_t written() const { return written_; }
  std::uint64_t records() const { return records_; }

 private:
  const byte_sink& sink_;
  std::uint64_t written_ = 0;
  std::uint64_t records_ = 0;
};

tl::unexpected<error> about(partition_id p, const error& why) {
  return fail(why.code, fmt::format("{}: {}", label(p), why.detail));
}

/// What of the partition goes into a copy that ends at `through`.
result<partition_copy> outline(partition_store& from, partition_id p, seq through) {
  partition_copy out;
  auto snapshot = from.get_snapshot(p);
  if (!snapshot) return tl::unexpected(snapshot.error());
  const auto all = from.extent(p);
  if (!all) return tl::unexpected(all.error());
  out.extent = *all;
  out.extent.last = std::min(through, all->last);
  if (*snapshot && (*snapshot)->at <= out.extent.last &&
      out.extent.archived.value <= (*snapshot)->at.value + 1) {
    out.snapshot = std::move(*snapshot);
    // Trimmed since the snapshot was read, and under a newer one: in the copy that is log again.
    out.extent.first = std::min(out.extent.first, seq{out.snapshot->at.value + 1});
  } else if (out.extent.archived == seq{1}) {
    out.extent.first = seq{1};
  } else {
    return fail(
        errc::not_found,
        fmt::format(
            "{}: cannot be copied as of batch {}: those before {} are forgotten and the snapshot is newer",
            label(p), out.extent.last.value, out.extent.archived.value));
  }
  return out;
}

status write_head(writer& to, partition_id p, const partition_copy& copy) {
  const auto number = [](seq n) { return big_endian(n.value); };
  if (status s = to.put(std::string{magic} + big_endian(format)); !s) return s;
  const std::uint64_t bytes = copy.snapshot ? copy.snapshot->bytes.size() : 0;
  return to.record(
      head_kind,
      {big_endian(std::uint32_t{shard_count}), big_endian(std::uint32_t{p.packed()}),
       big_endian(copy.extent.incarnation.value), number(copy.extent.archived), number(copy.extent.first),
       number(copy.extent.last), copy.snapshot ? "\1" : std::string_view{"\0", 1},
       number(copy.snapshot ? copy.snapshot->at : seq{}), big_endian(bytes)});
}

}  // namespace

result<transferred> export_partition(
    partition_store& from, partition_id partition, seq through, const byte_sink& sink) {
  const auto copy = outline(from, partition, through);
  if (!copy) return tl::unexpected(copy.error());
  writer to(sink);
  if (status s = write_head(to, partition, *copy); !s) return about(partition, s.error());
  for (std::size_t at = 0; copy->snapshot && at < copy->snapshot->bytes.size(); at += chunk_bytes_max) {
    const std::string_view rest = chars(copy->snapshot->bytes).substr(at, chunk_bytes_max);
    if (status s = to.record(chunk_kind, {rest}); !s) return about(partition, s.error());
  }
  status written;
  const status read =
      from.read_records(partition, copy->extent.archived, copy->extent.last, [&](const record_view& r) {
        written = to.record(batch_kind, {big_endian(r.at.value), big_endian(r.batch_id), chars(r.bytes)});
        return written.has_value();
      });
  if (!read) return tl::unexpected(read.error());
  if (written) written = to.record(end_kind, {big_endian(to.records())});
  if (!written) return about(partition, written.error());
  return transferred{partition, copy->extent, copy->snapshot ? copy->snapshot->at : seq{}, to.written()};
}

namespace {

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

result<transferred> import_partition(
    partition_store& to, const lease& under, const byte_source& source, life how) {
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
    copy.extent.incarnation = incarnation{std::max(copy.extent.incarnation, under.incarnation).value + 1};
  }
  if (status s = to.replace(under, copy); !s) return tl::unexpected(s.error());
  return transferred{p, copy.extent, copy.snapshot ? copy.snapshot->at : seq{}, from.read()};
}

}  // namespace zhili::storage
