// SPDX-License-Identifier: Apache-2.0
// The three kinds of hash, each for one purpose: XXH3 for placement and sameness, BLAKE2b for names that must not
// collide on purpose, CRC32C for damage.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace zhili {

using bytes_view = std::span<const std::byte>;

inline bytes_view as_bytes_view(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

struct digest128 {
  std::uint64_t hi = 0;
  std::uint64_t lo = 0;
  auto operator<=>(const digest128&) const = default;
};

struct digest256 {
  std::uint64_t word[4] = {};
  auto operator<=>(const digest256&) const = default;
};

/// What a state keeps of a text: the first 128 bits of its BLAKE2b-256, as strong as the ids of subjects. The whole hash
/// stands in the log. Zero: there is no text.
struct text_name {
  std::uint64_t word[2] = {};
  auto operator<=>(const text_name&) const = default;
};
inline text_name name_of(const digest256& hash) { return {{hash.word[0], hash.word[1]}}; }

std::uint64_t xxh3_64(bytes_view data, std::uint64_t seed = 0);
digest128 xxh3_128(bytes_view data);
/// XXH3-128 over the digest so far and the data: a chain.
digest128 chain(digest128 before, bytes_view data);

digest256 blake2b_256(bytes_view data);
/// `key` separates one use from another; at most 64 bytes.
digest128 blake2b_128(bytes_view data, bytes_view key = {});

std::uint32_t crc32c(bytes_view data, std::uint32_t crc = 0);

std::string hex(digest128 digest);
std::string hex(const digest256& digest);
std::string hex(text_name name);

}  // namespace zhili
