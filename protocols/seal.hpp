// SPDX-License-Identifier: Apache-2.0
// Seals the tables that tell who a person is (attribute `personal` in the schemas) before they reach a partition, its
// log or a trace: XChaCha20-Poly1305 under a key of the subject's own. Pure: the same input gives the same bytes, so
// that a replay writes the same log.
//
// Erasure. A subject's key is derived from the master key and the subject's salt. In production the key ring beside the
// edge draws a random salt for each subject and keeps it outside of every log; forgetting that salt makes every sealed
// part of the subject unreadable for good, wherever copies of the log may lie, and no byte of the log changes. A
// simulation uses the empty salt: there is nobody to forget.
#pragma once

#include <array>
#include <vector>

#include "protocols/types/hash.hpp"
#include "protocols/types/ids.hpp"
#include "protocols/types/limits.hpp"
#include "protocols/types/result.hpp"

namespace zhili {

struct master_key {
  std::array<std::byte, 32> bytes{};
};

using key_salt = std::array<std::byte, 16>;

/// Opens and closes what is sealed for one subject.
struct subject_key {
  std::array<std::byte, 32> cipher{};
  std::array<std::byte, 32> nonce{};
};

subject_key derive_key(const master_key& master, subject_id subject, const key_salt& salt = {});

/// Format byte, nonce and authentication tag.
inline constexpr std::size_t seal_overhead = 1 + 24 + 16;
inline constexpr std::size_t sealable_bytes_max = limits::sealed_bytes_max - seal_overhead;

/// The nonce is a keyed hash of the plaintext: equal plaintexts of one subject give equal bytes, which is all that an
/// onlooker learns. too_large beyond sealable_bytes_max.
result<std::vector<std::byte>> seal(const subject_key& key, bytes_view plaintext);

/// Errors: truncated, too_large, unsupported_version; checksum where the key is another subject's or any bit differs.
result<std::vector<std::byte>> unseal(const subject_key& key, bytes_view sealed);

}  // namespace zhili
