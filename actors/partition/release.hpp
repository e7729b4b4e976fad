// SPDX-License-Identifier: Apache-2.0
// The packs that a partition judges by while one is to replace another, and what would change.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "policy/pack.hpp"
#include "protocols/schema/shared_generated.h"
#include "protocols/types/hash.hpp"
#include "protocols/types/ids.hpp"

namespace zhili::partition {

/// A pack and how decisions name it: the first 64 bits of its digest.
struct named_pack {
  std::shared_ptr<const policy::pack> pack;
  std::uint64_t tag = 0;
};

/// Judgements that both packs made. Counted beside the state, from the last change of the release or the start of the
/// process on: for metrics and the guard, not for decisions.
struct release_tally {
  std::uint64_t judged = 0;
  /// Another verdict by the other pack.
  std::uint64_t changed = 0;

  release_tally& operator+=(const release_tally& o) {
    judged += o.judged;
    changed += o.changed;
    return *this;
  }
};

struct release {
  /// Judges where `next` does not. Null: the partition was never given a pack.
  named_pack base;
  /// Null: no other pack is looked at.
  named_pack next;
  std::uint32_t number = 0;
  wire::release_stage stage = wire::release_stage::off;
  /// Of a hundred accounts, those that `next` judges.
  std::uint8_t percent = 0;

  /// By the account: the items of an institution are never split between two packs, and a wider share contains the
  /// narrower one.
  bool next_judges(account_id account) const {
    return next.pack != nullptr && percent != 0 && policy::canary_bucket(account.lo) < percent;
  }
  const named_pack& judging(account_id account) const { return next_judges(account) ? next : base; }
  /// The one that judges beside it, without effect; its pack may be null.
  const named_pack& beside(account_id account) const { return next_judges(account) ? base : next; }
};

}  // namespace zhili::partition
