// SPDX-License-Identifier: Apache-2.0
// The people at the desk of one shard: shifts, claims, handling times, and how often they are wrong. They see the queue
// as `desk list` shows it, claim a task and decide it.
#pragma once

#include <optional>

#include "actors/desk/state.hpp"
#include "scenarios/world/model.hpp"

namespace zhili::scenarios {

struct reviewer {
  /// Handle in the logs; not a name.
  std::uint64_t id = 0;
  const reviewer_group* group = nullptr;
  account_id queue;
  bool busy = false;
  /// Claims so far: what makes each a wish of its own.
  std::uint32_t claims = 0;
  subject_id task;
  /// How often anybody had claimed the task before.
  std::uint32_t task_claims = 0;
  std::uint64_t task_ref = 0;
  wire::desk::purpose purpose{};
};

/// What a reviewer of the group says of a task about that version, at that time.
verdict judged_by(const reviewer_group& group, const model& world, subject_id task, item_ref ref, instant now);

class review_desk {
 public:
  /// Everybody whose queue lives in this shard.
  review_desk(const model& world, shard_no shard);

  std::size_t size() const { return people_.size(); }
  reviewer& at(std::size_t n) { return people_[n]; }

  /// When this reviewer is next on duty, from `now` on.
  instant on_duty(const reviewer& r, instant now) const;
  /// The task that this reviewer would take from the list; nullptr: none.
  const desk::task* choose(const reviewer& r, const desk::state& list) const;
  /// How long it takes, and what it comes to. Both belong to the task, whoever takes it and whenever: another pack that
  /// sends one task more to the desk must not turn the answers to all later ones.
  duration handling(const reviewer& r) const;
  verdict judge(const reviewer& r, instant now) const;
  /// Somebody who may take the open task and has nothing to do; size(): nobody.
  std::size_t idle(const desk::state& list, const desk::task& t) const;

 private:
  const model& world_;
  std::vector<reviewer> people_;
};

}  // namespace zhili::scenarios
