// SPDX-License-Identifier: Apache-2.0
// Idempotency keys of the last days with the outcome that each was given. A key is found for at least
// limits::key_kept after its stamp and forgotten within twice that: two generations, so that a new key costs two looks.
#pragma once

#include <cstdint>

#include "actors/partition/hasher.hpp"
#include "protocols/schema/log_generated.h"
#include "protocols/types/ids.hpp"
#include "protocols/types/time.hpp"

namespace zhili::partition {

struct kept_key {
  /// The key.
  subject_id id;
  /// XXH3 of type, account, subject and body: a reused key with another body is refused.
  std::uint64_t body = 0;
  wire::outcome outcome;
};

class key_window {
 public:
  const kept_key* find(subject_id key) const;
  /// Asks the memory for what `find` will read, without waiting for it.
  void expect(subject_id key) const {
    now_.keys.expect(key);
    before_.keys.expect(key);
  }
  /// REQUIRES: the key is not in the window; `at` does not go back.
  void add(instant at, const kept_key& key);

  std::size_t size() const;
  void digest(hasher& h) const;
  std::size_t memory_bytes() const;

 private:
  struct generation {
    std::int32_t first_day = 0;
    row_table<kept_key> keys;
  };

  generation now_;
  generation before_;
};

}  // namespace zhili::partition
