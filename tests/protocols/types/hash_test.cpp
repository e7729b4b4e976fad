// SPDX-License-Identifier: Apache-2.0
#include "protocols/types/hash.hpp"

#include <vector>

#include <doctest/doctest.h>

namespace zhili {
namespace {

std::uint32_t crc_bit_by_bit(std::string_view data) {
  std::uint32_t c = ~0u;
  for (const char b : data) {
    c ^= static_cast<unsigned char>(b);
    for (int k = 0; k < 8; ++k) c = (c & 1) != 0 ? c >> 1 ^ 0x82f63b78u : c >> 1;
  }
  return ~c;
}

std::string rising(int from, int to) {
  std::string s;
  for (int i = from; from < to ? i <= to : i >= to; i += from < to ? 1 : -1) s += static_cast<char>(i);
  return s;
}

}  // namespace

TEST_SUITE("protocols/types/hash") {
  TEST_CASE("CRC32C gives the answers of RFC 3720, appendix B.4") {
    CHECK(crc32c(as_bytes_view("123456789")) == 0xe3069283u);
    CHECK(crc32c(as_bytes_view(std::string(32, '\0'))) == 0x8a9136aau);
    CHECK(crc32c(as_bytes_view(std::string(32, '\xff'))) == 0x62a8ab43u);
    CHECK(crc32c(as_bytes_view(rising(0, 31))) == 0x46dd794eu);
    CHECK(crc32c(as_bytes_view(rising(31, 0))) == 0x113fdb5cu);
    CHECK(crc32c({}) == 0);
  }

  TEST_CASE("CRC32C agrees with the definition at every length and alignment, whole or in two parts") {
    const std::string data = rising(1, 100);
    for (std::size_t from = 0; from < 9; ++from) {
      for (std::size_t n = 0; n + from <= data.size(); ++n) {
        const std::string_view part = std::string_view{data}.substr(from, n);
        REQUIRE(crc32c(as_bytes_view(part)) == crc_bit_by_bit(part));
        REQUIRE(crc32c(as_bytes_view(part.substr(n / 3)), crc32c(as_bytes_view(part.substr(0, n / 3)))) ==
                crc_bit_by_bit(part));
      }
    }
  }

  TEST_CASE("CRC32C of what is long enough to be summed in three blocks agrees with the definition") {
    std::string data;
    for (unsigned n = 0; n < 1300; ++n) data += static_cast<char>(n * n % 251);
    for (std::size_t from = 0; from < 9; ++from) {
      for (std::size_t n = 380; n + from <= data.size(); n += 13) {
        const std::string_view part = std::string_view{data}.substr(from, n);
        REQUIRE(crc32c(as_bytes_view(part)) == crc_bit_by_bit(part));
        REQUIRE(crc32c(as_bytes_view(part.substr(n / 3)), crc32c(as_bytes_view(part.substr(0, n / 3)))) == crc_bit_by_bit(part));
      }
    }
  }

  TEST_CASE("BLAKE2b gives known answers, and another key another hash") {
    CHECK(hex(blake2b_256(as_bytes_view("abc"))) == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    CHECK(hex(blake2b_256({})) == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    // cf4ab791c62b8d2b 2109c90275287816 read as little-endian words.
    CHECK(blake2b_128(as_bytes_view("abc")) == digest128{0x2b8d2bc691b74acf, 0x1678287502c90921});
    CHECK(blake2b_128(as_bytes_view("abc"), as_bytes_view("key")) == digest128{0xee25c26ae12af02c, 0x381c8a9d359d1f73});
  }

  TEST_CASE("XXH3 is the published function: it places accounts and must never change") {
    CHECK(xxh3_64({}) == 0x2d06800538d394c2);
    CHECK(xxh3_128({}) == digest128{0x99aa06d3014798d8, 0x6001c324468d497f});
    CHECK(xxh3_64(as_bytes_view("zhili")) == 6469520003341362025u);
    CHECK(xxh3_64(as_bytes_view("zhili"), 7) == 9465650569558029187u);
  }

  TEST_CASE("a chain depends on every link and on their order") {
    const auto link = [](digest128 d, std::string_view s) { return chain(d, as_bytes_view(s)); };
    const digest128 ab = link(link({}, "a"), "b");
    CHECK(ab != link(link({}, "b"), "a"));
    CHECK(ab != link({}, "ab"));
    CHECK(ab != link(link({}, "a"), ""));
    CHECK(link({1, 0}, "a") != link({}, "a"));
    CHECK(link({0, 1}, "a") != link({}, "a"));
    CHECK(hex(ab) == "e529c1bb4b77825092292939b21f2d41");
  }
}

}  // namespace zhili
