// SPDX-License-Identifier: Apache-2.0
#include "protocols/log/batch.hpp"

#include <cstring>

#include <fmt/format.h>

#include "protocols/types/limits.hpp"

namespace zhili {
namespace {

constexpr std::size_t padded(std::size_t n) { return (n + 7) & ~std::size_t{7}; }

// Bytes of the header that a kind must have; npos for a kind that does not exist.
constexpr std::size_t no_such_kind = ~std::size_t{0};
constexpr std::size_t header_bytes(entry_kind kind) {
  switch (kind) {
    case entry_kind::command: return sizeof(wire::command_header);
    case entry_kind::event: return 0;
    case entry_kind::send: return sizeof(wire::send_header);
    case entry_kind::timer: return sizeof(wire::timer_header);
    case entry_kind::outcome: return sizeof(wire::outcome);
    case entry_kind::acked: return sizeof(wire::acked);
    case entry_kind::effect: return sizeof(wire::effect_header);
    case entry_kind::none: break;
  }
  return no_such_kind;
}

constexpr std::size_t crc_offset = sizeof(wire::batch_header) - 4;

}  // namespace

batch_writer::batch_writer() { clear(); }

void batch_writer::clear() {
  bytes_.resize(sizeof(wire::batch_header), boost::container::default_init);
  entries_ = 0;
}

void batch_writer::add(entry_kind kind, std::uint16_t type, bytes_view header, bytes_view body) {
  const std::size_t length = header.size() + body.size();
  const std::size_t at = bytes_.size();
  // Not zeroed first: all but the padding is written at once.
  bytes_.resize(at + sizeof(wire::entry_header) + padded(length), boost::container::default_init);
  std::byte* out = bytes_.data() + at;
  const wire::entry_header head(kind, 0, type, static_cast<std::uint32_t>(length));
  std::memcpy(out, &head, sizeof head);
  out += sizeof head;
  if (!header.empty()) std::memcpy(out, header.data(), header.size());
  if (!body.empty()) std::memcpy(out + header.size(), body.data(), body.size());
  std::memset(out + length, 0, padded(length) - length);
  ++entries_;
}

bytes_view batch_writer::seal(partition_id partition, std::uint64_t seq, std::uint64_t epoch,
                              std::uint32_t incarnation, std::uint32_t behaviour, digest128 chain) {
  wire::batch_header head(batch_magic, batch_format, partition.packed(), seq, epoch, behaviour, incarnation, chain.hi,
                          chain.lo, entries_, static_cast<std::uint32_t>(bytes_.size()), 0, 0);
  std::memcpy(bytes_.data(), &head, sizeof head);
  const std::uint32_t crc = crc32c(view());
  std::memcpy(bytes_.data() + crc_offset, &crc, sizeof crc);
  return view();
}

result<batch_reader> batch_reader::open(bytes_view bytes) {
  if (bytes.size() < sizeof(wire::batch_header)) return fail(errc::truncated, "a batch is shorter than its head");
  if (bytes.size() > limits::batch_bytes_max) return fail(errc::too_large, "a batch is larger than 1 MiB");
  batch_reader reader{bytes};
  const auto& head = reader.head();
  if (head.magic() != batch_magic) return fail(errc::malformed, "not a batch of zhili's log");
  if (head.format() != batch_format) {
    return fail(errc::unsupported_version,
                fmt::format("batch format {}; this program reads {}", head.format(), batch_format));
  }
  if (head.bytes() != bytes.size()) {
    return fail(errc::truncated, fmt::format("a batch of {} bytes says it has {}", bytes.size(), head.bytes()));
  }
  constexpr std::byte zero[4] = {};
  const std::uint32_t crc =
      crc32c(bytes.subspan(crc_offset + 4), crc32c(zero, crc32c(bytes.first(crc_offset))));
  if (crc != head.crc()) return fail(errc::checksum, "a batch does not match its CRC32C");

  std::size_t at = sizeof(wire::batch_header);
  std::uint32_t entries = 0;
  for (; at < bytes.size(); ++entries) {
    if (bytes.size() - at < sizeof(wire::entry_header)) return fail(errc::truncated, "an entry's head is cut");
    const auto& entry = *reinterpret_cast<const wire::entry_header*>(bytes.data() + at);
    const std::size_t need = header_bytes(entry.kind());
    if (need == no_such_kind) {
      return fail(errc::unknown_type, fmt::format("entry kind {}", static_cast<int>(entry.kind())));
    }
    if (entry.length() < need || padded(entry.length()) > bytes.size() - at - sizeof(wire::entry_header)) {
      return fail(errc::truncated, fmt::format("entry {} is cut", entries));
    }
    at += sizeof(wire::entry_header) + padded(entry.length());
  }
  if (entries != head.entries()) return fail(errc::corrupt, "a batch has another number of entries than it says");
  return reader;
}

batch_reader trusted_batch(bytes_view bytes) { return batch_reader{bytes}; }

entry_view batch_reader::iterator::operator*() const {
  const auto& entry = *reinterpret_cast<const wire::entry_header*>(at_);
  return {entry.kind(), entry.type(), {at_ + sizeof(wire::entry_header), entry.length()}};
}

batch_reader::iterator& batch_reader::iterator::operator++() {
  const auto& entry = *reinterpret_cast<const wire::entry_header*>(at_);
  at_ += sizeof(wire::entry_header) + padded(entry.length());
  return *this;
}

}  // namespace zhili
