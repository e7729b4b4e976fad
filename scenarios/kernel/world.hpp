// SPDX-License-Identifier: Apache-2.0
// The world outside of the partitions, as one shard sees it: submissions come from it, answers and committed batches go
// to it. In a simulation agents stand behind it, in a replay a trace.
#pragma once

#include "actors/partition/engine.hpp"

namespace zhili::scenarios {

struct submission {
  instant at;
  workflow_no workflow = 0;
  account_id account;
  subject_id subject;
  /// Idempotency key.
  subject_id key;
  instant event_time;
  type_no type = 0;
  /// 8-aligned; lives until the next call of `take`.
  bytes_view body;
  std::string_view text;
};

/// One shard's outside. All calls come from one lane at a time: in each window from the one that runs the shard.
class shard_world {
 public:
  virtual ~shard_world() = default;

  /// When something happens out there; `never`: nothing will, unless an answer makes it.
  virtual instant next() = 0;
  /// Lets it happen: the submission that comes of it, or nullptr (somebody looked at a queue and found it empty).
  /// REQUIRES: next() != never. The submission's time is next(); times never go back.
  virtual const submission* take() = 0;
  /// The reply, after the commit. `repeated`: the gateway had sent it before.
  virtual void answered(const submission& s, const partition::outcome& answer, bool repeated) = 0;
  /// A batch of a partition of this shard was committed: what a tail of the log shows. Called once for each batch, in
  /// the order of the log.
  virtual void committed(const partition::engine& of, const batch_reader& batch) = 0;
  /// The engines of the shard, for reads that real people make through `desk list` and the like. Set once.
  virtual void meet(std::span<partition::engine* const> engines) = 0;
  /// Where this shard's partitions find texts by hash.
  virtual storage::content_store& texts() = 0;
};

/// Sees what every partition commits, beside the world: who compares two runs.
class batch_witness {
 public:
  virtual ~batch_witness() = default;
  /// From the lane that runs the partition's shard in this window, in the order of its log.
  virtual void committed(partition_id of, const batch_reader& batch) = 0;
};

class world {
 public:
  virtual ~world() = default;
  virtual shard_world& shard(shard_no n) = 0;
};

}  // namespace zhili::scenarios
