// SPDX-License-Identifier: Apache-2.0
#include "protocols/seal.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <sodium.h>

namespace zhili {
namespace {

constexpr std::byte seal_format{1};
constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
static_assert(seal_overhead == 1 + nonce_bytes + crypto_aead_xchacha20poly1305_ietf_ABYTES);
static_assert(sizeof(subject_key::cipher) == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

// Separates these keys from any other use of the same master key.
constexpr unsigned char personal[crypto_generichash_blake2b_PERSONALBYTES] = {'z', 'h', 'i', 'l', 'i', ' ', 's', 'e',
                                                                              'a', 'l', ' ', '1'};

const unsigned char* raw(const std::byte* p) { return reinterpret_cast<const unsigned char*>(p); }
unsigned char* raw(std::byte* p) { return reinterpret_cast<unsigned char*>(p); }

void make_nonce(const subject_key& key, bytes_view plaintext, std::byte* nonce) {
  crypto_generichash(raw(nonce), nonce_bytes, raw(plaintext.data()), plaintext.size(), raw(key.nonce.data()),
                     key.nonce.size());
}

}  // namespace

subject_key derive_key(const master_key& master, subject_id subject, const key_salt& salt) {
  subject_key key;
  unsigned char both[sizeof key.cipher + sizeof key.nonce];
  const std::uint64_t name[2] = {subject.hi, subject.lo};
  static_assert(key_salt{}.size() == crypto_generichash_blake2b_SALTBYTES);
  crypto_generichash_blake2b_salt_personal(both, sizeof both, reinterpret_cast<const unsigned char*>(name), sizeof name,
                                           raw(master.bytes.data()), master.bytes.size(), raw(salt.data()), personal);
  std::memcpy(key.cipher.data(), both, sizeof key.cipher);
  std::memcpy(key.nonce.data(), both + sizeof key.cipher, sizeof key.nonce);
  sodium_memzero(both, sizeof both);
  return key;
}

result<std::vector<std::byte>> seal(const subject_key& key, bytes_view plaintext) {
  if (plaintext.size() > sealable_bytes_max) {
    return fail(errc::too_large,
                fmt::format("a personal part of {} bytes; at most {}", plaintext.size(), sealable_bytes_max));
  }
  std::vector<std::byte> out(plaintext.size() + seal_overhead);
  out[0] = seal_format;
  make_nonce(key, plaintext, out.data() + 1);
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      raw(out.data() + 1 + nonce_bytes), nullptr, raw(plaintext.data()), plaintext.size(), raw(out.data()), 1, nullptr,
      raw(out.data() + 1), raw(key.cipher.data()));
  return out;
}

result<std::vector<std::byte>> unseal(const subject_key& key, bytes_view sealed) {
  if (sealed.size() < seal_overhead) return fail(errc::truncated, "a sealed part is shorter than its seal");
  if (sealed.size() > limits::sealed_bytes_max) {
    return fail(errc::too_large,
                fmt::format("a sealed part of {} bytes; at most {}", sealed.size(), limits::sealed_bytes_max));
  }
  if (sealed[0] != seal_format) {
    return fail(errc::unsupported_version, fmt::format("seal format {}; this program reads {}",
                                                       std::to_integer<int>(sealed[0]), std::to_integer<int>(seal_format)));
  }
  const bytes_view box = sealed.subspan(1 + nonce_bytes);
  std::vector<std::byte> out(sealed.size() - seal_overhead);
  const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
      raw(out.data()), nullptr, nullptr, raw(box.data()), box.size(), raw(sealed.data()), 1, raw(sealed.data() + 1),
      raw(key.cipher.data()));
  if (failed != 0) return fail(errc::checksum, "a sealed part does not open with this key");
  // The nonce is bound to the plaintext, so that nobody with the cipher key alone makes a second form of it.
  std::byte nonce[nonce_bytes];
  make_nonce(key, out, nonce);
  if (!std::equal(nonce, nonce + nonce_bytes, sealed.begin() + 1)) {
    return fail(errc::checksum, "a sealed part was not made by this program");
  }
  return out;
}

}  // namespace zhili
