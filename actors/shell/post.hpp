// SPDX-License-Identifier: Apache-2.0
// What a partition that serves production is given and what leaves it. None of this knows CAF or ZeroMQ.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/partition/letter.hpp"

namespace zhili::shell {

using partition::letter;
using partition::receipt_note;

/// Who gave a submission; called once for each, from the thread that drives the partition, after the commit.
class asker {
 public:
  virtual ~asker() = default;
  /// `repeated`: the key had been seen, this is the first outcome again.
  virtual void answered(std::uint64_t token, const partition::outcome& outcome, bool repeated) = 0;
  /// Nothing was accepted: the same may be sent again after so long.
  virtual void busy(std::uint64_t token, duration retry_after) = 0;
};

/// A submission as it came in: everything in bytes of its own.
struct submission {
  workflow_no workflow = 0;
  type_no type = 0;
  account_id account;
  subject_id subject;
  subject_id key;
  instant event_time;
  std::uint32_t body_bytes = 0;
  /// 8-aligned.
  std::vector<std::uint64_t> body;
  std::string text;
  digest256 text_hash;
  /// What the submitter's clock said; the time of the partition where the node runs by its trace.
  instant sent_at;

  std::shared_ptr<asker> from;
  /// The asker's own name for it.
  std::uint64_t token = 0;

  void fill(bytes_view bytes);
  partition::command as_command() const;
};

/// Where letters and receipts go that leave a partition: to another partition of this process or of another one.
class post_office {
 public:
  virtual ~post_office() = default;
  /// In the order of their streams. From any thread.
  virtual void send(std::vector<letter>&& letters) = 0;
  virtual void tell(std::vector<receipt_note>&& notes) = 0;
};

}  // namespace zhili::shell
