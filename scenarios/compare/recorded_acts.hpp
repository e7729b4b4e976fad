// SPDX-License-Identifier: Apache-2.0
// What people and the platform did in a recording, read ahead of the replay: a task whose answer stands further down in
// the file waits for that answer; one that has none is answered by a modelled reviewer.
#pragma once

#include <filesystem>
#include <unordered_map>
#include <unordered_set>

#include "protocols/types/hash.hpp"
#include "protocols/types/ids.hpp"
#include "protocols/types/result.hpp"
#include "protocols/types/time.hpp"

namespace zhili::scenarios {

struct recorded_acts {
  std::uint64_t submissions = 0;
  std::uint64_t decisions = 0;
  std::uint64_t claims = 0;
  std::uint64_t appeals = 0;
  std::uint64_t acknowledgements = 0;
  /// When a task was decided last, by the lower half of its id.
  std::unordered_map<std::uint64_t, instant> decided;
  /// When an order was acknowledged last, by the lower half of its effect and its serial.
  std::unordered_map<std::uint64_t, instant> acknowledged;
  /// Subjects that appealed, by the lower halves of their ids.
  std::unordered_set<std::uint64_t> appealed;
  /// Of the whole file.
  digest256 digest{};

  static std::uint64_t order_key(subject_id effect, std::uint32_t serial) {
    return effect.lo ^ (std::uint64_t{serial} * 0x9e3779b97f4a7c15U);
  }
};

/// Bad lines are left out: the replay reports them.
result<recorded_acts> read_acts(const std::filesystem::path& trace);

}  // namespace zhili::scenarios
