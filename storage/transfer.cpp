// SPDX-License-Identifier: Apache-2.0
#include "storage/transfer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "storage/partition_table.hpp"
#include "storage/store_records.hpp"
#include "storage/transfer_format.hpp"

namespace zhili::storage {
namespace {

using namespace copy_format;

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

/// What of the partition goes into a copy that ends at `through`.
result<partition_copy> outline(partition_source& from, partition_id p, seq through) {
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
    partition_source& from, partition_id partition, seq through, const byte_sink& sink) {
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

}  // namespace zhili::storage
