// SPDX-License-Identifier: Apache-2.0
// What follows from a decision, whatever the workflow: sanctions go to takedown and to the account's index, doubts to
// the desk, a sample to quality. Called from react with the `decided` event applied.
#pragma once

#include "actors/partition/sink.hpp"
#include "protocols/schema/desk_generated.h"

namespace zhili::decision {

/// The account of a desk queue.
account_id queue_account(std::string_view name);

/// Names a task: the same question asked twice is the same task.
subject_id task_id(subject_id subject, wire::desk::purpose purpose, std::uint64_t occasion);

/// Was the task about one of a subject's last `count` decisions, of which `newest` is the last? An answer about an older
/// one is stale: what it speaks of has been judged anew since. REQUIRES: count <= newest.
bool asks_about(subject_id task, subject_id subject, wire::desk::purpose purpose, std::uint32_t newest,
                std::uint32_t count = 1);

struct desk_request {
  std::string_view queue;
  wire::desk::purpose purpose = wire::desk::purpose::submission;
  std::uint8_t priority = 1;
  /// Reviewers who decided before and may not decide now; 0: nobody.
  std::uint64_t not_by = 0;
  std::uint64_t nor_by = 0;
  /// Tells two occasions of one question apart; the number of the decision, mostly.
  std::uint64_t occasion = 0;
};

void ask_desk(const partition::context& cx, partition::react_sink& out, account_id owner, subject_id subject,
              std::uint64_t ref, std::uint32_t row, subject_kind kind, const desk_request& request);

/// The consequences that every workflow's decisions have. `owner`: the account of the subject; `queue`: where its
/// doubts go.
void follow_up(const wire::decided& event, account_id owner, const partition::context& cx, partition::react_sink& out,
               std::string_view queue);

}  // namespace zhili::decision
