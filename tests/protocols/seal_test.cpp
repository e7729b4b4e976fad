// SPDX-License-Identifier: Apache-2.0
#include "protocols/seal.hpp"

#include <string>

#include <doctest/doctest.h>

#include "tests/testkit/golden.hpp"

namespace zhili {
namespace {

master_key key_of(unsigned char seed) {
  master_key k;
  for (std::size_t i = 0; i < k.bytes.size(); ++i) k.bytes[i] = static_cast<std::byte>(seed + i);
  return k;
}

const subject_id doctor = make_subject_id("cn", subject_kind::practitioner, "p-1");
const subject_id other = make_subject_id("cn", subject_kind::practitioner, "p-2");
const std::string planted = "planted-name planted-phone";

std::string text(const std::vector<std::byte>& b) { return {reinterpret_cast<const char*>(b.data()), b.size()}; }

}  // namespace

TEST_SUITE("protocols/seal") {
  TEST_CASE("what is sealed opens again with the subject's key") {
    const subject_key key = derive_key(key_of(1), doctor);
    for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{63}, std::size_t{64}, std::size_t{65}, sealable_bytes_max}) {
      const std::string plain(n, 'p');
      const auto sealed = seal(key, as_bytes_view(plain));
      REQUIRE(sealed.has_value());
      CHECK(sealed->size() == n + seal_overhead);
      CHECK(sealed->size() <= limits::sealed_bytes_max);
      const auto opened = unseal(key, *sealed);
      REQUIRE(opened.has_value());
      CHECK(text(*opened) == plain);
    }
  }

  TEST_CASE("sealing again gives the same bytes, as a replay needs") {
    const auto once = seal(derive_key(key_of(1), doctor), as_bytes_view(planted)).value();
    CHECK(once == seal(derive_key(key_of(1), doctor), as_bytes_view(planted)).value());
    check_golden("seal", {{"seal 1", once}});
  }

  TEST_CASE("nothing of the plaintext shows, and other keys, subjects, salts and plaintexts share nothing") {
    const auto sealed = seal(derive_key(key_of(1), doctor), as_bytes_view(planted)).value();
    CHECK(text(sealed).find("planted") == std::string::npos);
    key_salt salt{};
    salt[0] = std::byte{1};
    const std::vector<std::byte> others[] = {
        seal(derive_key(key_of(2), doctor), as_bytes_view(planted)).value(),
        seal(derive_key(key_of(1), other), as_bytes_view(planted)).value(),
        seal(derive_key(key_of(1), doctor, salt), as_bytes_view(planted)).value(),
        seal(derive_key(key_of(1), doctor), as_bytes_view("planted-name planted-phonf")).value(),
    };
    for (const auto& o : others) {
      CHECK(text(o).substr(1, 24) != text(sealed).substr(1, 24));
      CHECK(text(o).substr(25) != text(sealed).substr(25));
    }
  }

  TEST_CASE("it opens with no other key, subject or salt: forgetting the salt is the erasure") {
    key_salt salt{};
    salt[15] = std::byte{9};
    const auto sealed = seal(derive_key(key_of(1), doctor, salt), as_bytes_view(planted)).value();
    CHECK(unseal(derive_key(key_of(1), doctor, salt), sealed).has_value());
    CHECK(unseal(derive_key(key_of(1), doctor), sealed).error().code == errc::checksum);
    CHECK(unseal(derive_key(key_of(2), doctor, salt), sealed).error().code == errc::checksum);
    CHECK(unseal(derive_key(key_of(1), other, salt), sealed).error().code == errc::checksum);
  }

  TEST_CASE("any flipped bit and any cut is refused") {
    const subject_key key = derive_key(key_of(1), doctor);
    const auto sealed = seal(key, as_bytes_view(planted)).value();
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
      auto bad = sealed;
      bad[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
      const auto opened = unseal(key, bad);
      REQUIRE_FALSE(opened.has_value());
      REQUIRE(opened.error().code == (bit < 8 ? errc::unsupported_version : errc::checksum));
    }
    for (std::size_t n = 0; n < sealed.size(); ++n) {
      const auto opened = unseal(key, bytes_view{sealed}.first(n));
      REQUIRE_FALSE(opened.has_value());
      REQUIRE(opened.error().code == (n < seal_overhead ? errc::truncated : errc::checksum));
    }
  }

  TEST_CASE("what is too large is refused on both sides") {
    const subject_key key = derive_key(key_of(1), doctor);
    CHECK(seal(key, as_bytes_view(std::string(sealable_bytes_max + 1, 'x'))).error().code == errc::too_large);
    CHECK(unseal(key, as_bytes_view(std::string(limits::sealed_bytes_max + 1, '\x01'))).error().code == errc::too_large);
  }
}

}  // namespace zhili
