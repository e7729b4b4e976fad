// SPDX-License-Identifier: Apache-2.0
// Idempotency keys of the last days with the outcome that each was given. A key is found for at least
// limits::key_kept after its stamp and forgotten a day later, a whole day at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "actors/partition/hasher.hpp"
#include "protocols/schema/log_generated.h"
#include "protocols/types/ids.hpp"
#include "protocols/types/time.hpp"

namespace zhili::partition {

struct kept_key {
  std::uint64_t hi = 0;
  std::uint64_t lo = 0;
  /// XXH3 of type, account, subject and body: a reused key with another body is refused.
  std::uint64_t body = 0;
  wire::outcome outcome;

  bool empty() const { return (hi | lo) == 0; }
};

class key_window {
 public:
  const kept_key* find(subject_id key) const;
  /// REQUIRES: the key is not in the window; `at` does not go back.
  void add(instant at, const kept_key& key);

  std::size_t size() const;
  void digest(hasher& h) const;
  std::size_t memory_bytes() const;

 private:
  struct day {
    std::int32_t number = 0;
    std::uint32_t used = 0;
    std::vector<kept_key> slots;
  };
  static const kept_key* find_in(const day& d, std::uint64_t hi, std::uint64_t lo);
  static void place(std::vector<kept_key>& slots, const kept_key& key);

  std::deque<day> days_;
};

}  // namespace zhili::partition
