// SPDX-License-Identifier: Apache-2.0
// What a partition that serves production is given and what leaves it. None of this knows CAF or ZeroMQ.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "actors/partition/letter.hpp"

namespace zhili::shell {

using partition::letter;
using partition::receipt_note;

/// What became of a submission.
struct submission_answer {
  /// The asker's own name for it.
  std::uint64_t token = 0;
  partition::outcome outcome;
  /// The key had been seen, this is the first outcome again.
  bool repeated = false;
};

/// Who gave a submission; called once for each, from the thread that drives the partition, after the commit.
class asker {
 public:
  virtual ~asker() = default;
  /// Those that one commit made possible, and that follow each other.
  virtual void answered(std::span<const submission_answer> answers) = 0;
  /// Nothing was accepted: the same may be sent again after so long.
  virtual void busy(std::uint64_t token, duration retry_after) = 0;
};

/// A submission as it came in. Its bytes are the asker's, or its own after `fill`.
struct submission {
  submission() = default;
  submission(submission&&) = default;
  submission& operator=(submission&&) = default;

  workflow_no workflow = 0;
  type_no type = 0;
  account_id account;
  subject_id subject;
  subject_id key;
  instant event_time;
  /// 8-aligned.
  bytes_view body;
  std::string_view text;
  digest256 text_hash;
  /// What the submitter's clock said; the time of the partition where the node runs by its trace.
  instant sent_at;

  std::shared_ptr<asker> from;
  /// The asker's own name for it.
  std::uint64_t token = 0;

  /// Copies a body and a text, for askers that keep neither.
  void fill(bytes_view body_bytes, std::string_view text_bytes);
  partition::command as_command() const;

 private:
  std::vector<std::uint64_t> own_;
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
