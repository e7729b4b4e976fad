// SPDX-License-Identifier: Apache-2.0
#include "protocols/types/hash.hpp"

#include <array>
#include <bit>
#include <cstring>

#include <fmt/format.h>
#include <sodium.h>
// In place of calls: most of what is hashed here is shorter than a call is long.
#define XXH_INLINE_ALL
#include <xxhash.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace zhili {
namespace {

// Debian ships no CRC32C library and Boost.CRC is byte-wise; hence the instruction, and a table elsewhere.
constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int k = 0; k < 8; ++k) c = (c & 1) != 0 ? 0x82f63b78u ^ (c >> 1) : c >> 1;
    table[i] = c;
  }
  return table;
}
constexpr auto crc_table = make_crc_table();

std::uint32_t crc_by_table(const unsigned char* p, std::size_t n, std::uint32_t crc) {
  while (n-- > 0) crc = crc_table[(crc ^ *p++) & 0xff] ^ (crc >> 8);
  return crc;
}

#if defined(__x86_64__)
// The instruction takes three cycles and a core can have three of them under way: three blocks side by side, whose sums
// are put together by what a sum becomes behind a block of zeros.
constexpr std::size_t crc_block = 128;

constexpr std::uint32_t behind_zeros(std::uint32_t crc) {
  for (std::size_t n = 0; n < crc_block; ++n) crc = crc_table[crc & 0xff] ^ (crc >> 8);
  return crc;
}

/// By byte of the sum.
using crc_shift_table = std::array<std::array<std::uint32_t, 256>, 4>;

crc_shift_table make_crc_shift() {
  crc_shift_table table{};
  for (std::uint32_t byte = 0; byte < 4; ++byte) {
    for (std::uint32_t v = 0; v < 256; ++v) table[byte][v] = behind_zeros(v << 8 * byte);
  }
  return table;
}

std::uint64_t shifted(const crc_shift_table& table, std::uint64_t crc) {
  return table[0][crc & 0xff] ^ table[1][crc >> 8 & 0xff] ^ table[2][crc >> 16 & 0xff] ^ table[3][crc >> 24 & 0xff];
}

__attribute__((target("sse4.2"))) std::uint32_t crc_by_instruction(
    const unsigned char* p, std::size_t n, std::uint32_t crc) {
  static const crc_shift_table shift = make_crc_shift();
  std::uint64_t c = crc;
  for (; n >= 3 * crc_block; p += 3 * crc_block, n -= 3 * crc_block) {
    std::uint64_t second = 0;
    std::uint64_t third = 0;
    for (std::size_t at = 0; at < crc_block; at += 8) {
      std::uint64_t words[3];
      std::memcpy(&words[0], p + at, 8);
      std::memcpy(&words[1], p + crc_block + at, 8);
      std::memcpy(&words[2], p + 2 * crc_block + at, 8);
      c = _mm_crc32_u64(c, words[0]);
      second = _mm_crc32_u64(second, words[1]);
      third = _mm_crc32_u64(third, words[2]);
    }
    c = shifted(shift, shifted(shift, c) ^ second) ^ third;
  }
  for (; n >= 8; p += 8, n -= 8) {
    std::uint64_t word;
    std::memcpy(&word, p, 8);
    c = _mm_crc32_u64(c, word);
  }
  auto tail = static_cast<std::uint32_t>(c);
  while (n-- > 0) tail = _mm_crc32_u8(tail, *p++);
  return tail;
}
#endif

static_assert(std::endian::native == std::endian::little, "digests are read as little-endian words");

}  // namespace

std::uint64_t xxh3_64(bytes_view data, std::uint64_t seed) {
  return XXH3_64bits_withSeed(data.data(), data.size(), seed);
}

digest128 xxh3_128(bytes_view data) {
  const XXH128_hash_t h = XXH3_128bits(data.data(), data.size());
  return {h.high64, h.low64};
}

digest128 chain(digest128 before, bytes_view data) {
  // The digest so far seeds the next link: two independent 64-bit halves enter by seed and by xor.
  const XXH128_hash_t h = XXH3_128bits_withSeed(data.data(), data.size(), before.lo);
  return {h.high64 ^ (before.hi * 0x9e3779b97f4a7c15ull + 1), h.low64 + before.hi};
}

digest256 blake2b_256(bytes_view data) {
  digest256 out;
  crypto_generichash(
      reinterpret_cast<unsigned char*>(out.word), sizeof out.word,
      reinterpret_cast<const unsigned char*>(data.data()), data.size(), nullptr, 0);
  return out;
}

digest128 blake2b_128(bytes_view data, bytes_view key) {
  std::uint64_t word[2];
  crypto_generichash(
      reinterpret_cast<unsigned char*>(word), sizeof word,
      reinterpret_cast<const unsigned char*>(data.data()), data.size(),
      reinterpret_cast<const unsigned char*>(key.data()), key.size());
  return {word[0], word[1]};
}

std::uint32_t crc32c(bytes_view data, std::uint32_t crc) {
  const auto* p = reinterpret_cast<const unsigned char*>(data.data());
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
  if (has_instruction) return ~crc_by_instruction(p, data.size(), ~crc);
#endif
  return ~crc_by_table(p, data.size(), ~crc);
}

std::string hex(digest128 digest) { return fmt::format("{:016x}{:016x}", digest.hi, digest.lo); }

namespace {

/// As the bytes lie.
template <class Words>
std::string hex_of_bytes(const Words& words) {
  std::string out;
  for (const std::byte b : std::as_bytes(std::span{words})) out += fmt::format("{:02x}", static_cast<unsigned>(b));
  return out;
}

}  // namespace

std::string hex(const digest256& digest) { return hex_of_bytes(digest.word); }
std::string hex(text_name name) { return hex_of_bytes(name.word); }

}  // namespace zhili
