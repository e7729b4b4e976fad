// SPDX-License-Identifier: Apache-2.0
// Keys and values of the store on disk, as docs/storage_keys.md says. Numbers are big-endian, so that
// LevelDB's order by bytes is ours by number; every value but a text carries a CRC.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "storage/partition_log.hpp"

namespace zhili::storage {

/// Format of keys and values; another one is refused.
inline constexpr std::string_view format_now = "1";
inline constexpr std::size_t batch_id_bytes = 16;

std::string batch_key(partition_id partition, seq at);
std::string epoch_key(partition_id partition);
std::string head_key(partition_id partition);
std::string text_key(const digest256& hash);
std::string meta_key(std::string_view name);

std::string big_endian(std::uint64_t v);
std::string big_endian(std::uint32_t v);
std::string big_endian(digest128 v);
/// REQUIRES: at most 8 bytes.
std::uint64_t number(std::string_view big_endian);

/// CRC32C over key and payload, then the payload. The key is in it so that a value in another's place is
/// found too.
std::string sealed(std::string_view key, std::initializer_list<std::string_view> payload);
/// The payload, in place; nothing where the CRC does not match.
std::optional<std::string_view> unseal(std::string_view key, std::string_view value);

}  // namespace zhili::storage
