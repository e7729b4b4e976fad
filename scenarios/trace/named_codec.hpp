// SPDX-License-Identifier: Apache-2.0
// What a partition's log names beside itself: texts by their hash, packs and registry snapshots by their digest. A copy
// of the log is of no use without them.
#pragma once

#include <set>

#include "protocols/log/batch.hpp"
#include "protocols/types/hash.hpp"

namespace zhili::scenarios {

struct named_by_log {
  /// Whether or not the text was ever given.
  std::set<digest256> texts;
  /// As control commands name them.
  std::set<digest128> packs;
  std::set<digest128> snapshots;
};

/// Adds what the commands of a batch name. A body that is not of its type names nothing. The batch is a whole one.
void add_named(const batch_reader& batch, named_by_log& into);

}  // namespace zhili::scenarios
