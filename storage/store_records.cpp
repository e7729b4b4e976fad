// SPDX-License-Identifier: Apache-2.0
#include "storage/store_records.hpp"

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
std::string meta_key(std::string_view name) {
  return "m" + std::string{name};
}
std::string text_key(const digest256& hash) {
  return "c" + std::string(reinterpret_cast<const char*>(hash.word), sizeof hash.word);
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

}  // namespace zhili::storage
