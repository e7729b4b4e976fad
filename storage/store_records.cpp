// SPDX-License-Identifier: Apache-2.0
#include "storage/store_records.hpp"

#include <fmt/format.h>

namespace zhili::storage {
namespace {

constexpr std::size_t crc_bytes = 4;

template <class Unsigned>
std::string most_significant_first(Unsigned v) {
  std::string out(sizeof v, '\0');
  for (std::size_t i = sizeof v; i-- > 0; v = static_cast<Unsigned>(v >> 8))
    out[i] = static_cast<char>(v & 0xff);
  return out;
}

std::string partition_key(char kind, partition_id p) {
  return kind + most_significant_first(p.packed());
}

std::uint32_t crc_of(std::string_view key, std::string_view payload) {
  return crc32c(as_bytes_view(payload), crc32c(as_bytes_view(key)));
}

}  // namespace

std::string batch_key(partition_id partition, seq at) {
  return partition_key('l', partition) + big_endian(at.value);
}
std::string epoch_key(partition_id partition) {
  return partition_key('e', partition);
}
std::string head_key(partition_id partition) {
  return partition_key('h', partition);
}
std::string archive_key(partition_id partition, seq at) {
  return partition_key('a', partition) + big_endian(at.value);
}
std::string bounds_key(partition_id partition) {
  return partition_key('t', partition);
}
std::string snapshot_key(partition_id partition) {
  return partition_key('s', partition);
}
std::string chunk_key(partition_id partition, std::uint64_t snapshot_no, std::uint32_t chunk) {
  return snapshot_key(partition) + big_endian(snapshot_no) + big_endian(chunk);
}
std::string forgotten_name(partition_id partition) {
  return fmt::format("forgotten/{}/{}/", partition.workflow, partition.shard);
}
std::string forgotten_name(partition_id partition, epoch under, seq before) {
  return forgotten_name(partition) + fmt::format("{:020}/{:020}", under.value, before.value);
}
std::string meta_key(std::string_view name) {
  return "m" + std::string{name};
}
std::string text_key(text_name name) {
  return "c" + std::string(reinterpret_cast<const char*>(name.word), sizeof name.word);
}
std::string text_key(const digest256& hash) {
  return "c" + std::string(reinterpret_cast<const char*>(hash.word), sizeof hash.word);
}

std::string_view chars(bytes_view bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
std::string big_endian(std::uint64_t v) {
  return most_significant_first(v);
}
std::string big_endian(std::uint32_t v) {
  return most_significant_first(v);
}
std::string big_endian(digest128 v) {
  return big_endian(v.hi) + big_endian(v.lo);
}

std::uint64_t number(std::string_view big_endian) {
  std::uint64_t out = 0;
  for (const char c : big_endian) out = out << 8 | static_cast<unsigned char>(c);
  return out;
}

digest128 digest_of(std::string_view big_endian) {
  return {number(big_endian.substr(0, 8)), number(big_endian.substr(8, 8))};
}

partition_id partition_of(std::string_view key) {
  return partition_id::unpack(static_cast<std::uint16_t>(number(key.substr(1, 2))));
}

std::string sealed(std::string_view key, std::initializer_list<std::string_view> payload) {
  std::string out(crc_bytes, '\0');
  for (const std::string_view part : payload) out += part;
  out.replace(0, crc_bytes, big_endian(crc_of(key, std::string_view{out}.substr(crc_bytes))));
  return out;
}

std::optional<std::string_view> unseal(std::string_view key, std::string_view value) {
  if (value.size() < crc_bytes) return std::nullopt;
  const std::string_view payload = value.substr(crc_bytes);
  if (number(value.substr(0, crc_bytes)) != crc_of(key, payload)) return std::nullopt;
  return payload;
}

std::optional<published_snapshot> published_in(std::string_view key, std::string_view value) {
  const auto payload = unseal(key, value);
  if (!payload || payload->size() != 24) return std::nullopt;
  return published_snapshot{
      number(payload->substr(0, 8)), seq{number(payload->substr(8, 8))}, number(payload->substr(16))};
}

std::uint32_t chunks_of(std::uint64_t bytes) {
  return static_cast<std::uint32_t>((bytes + chunk_bytes_max - 1) / chunk_bytes_max);
}

}  // namespace zhili::storage
