// SPDX-License-Identifier: Apache-2.0
// What the desk knows of its tasks, and the order in which they should be taken.
#pragma once

#include <set>

#include "actors/partition/hasher.hpp"
#include "actors/partition/row_table.hpp"
#include "protocols/schema/desk_generated.h"
#include "protocols/types/time.hpp"

namespace zhili::desk {

using partition::row_no;

enum class mode : std::uint8_t { open = 1, claimed = 2, closed = 3 };

struct task {
  subject_id id;
  subject_id subject;
  account_id owner;
  account_id queue;
  std::uint64_t ref = 0;
  /// Reviewers who may not have it; 0: nobody.
  std::uint64_t not_by = 0;
  std::uint64_t nor_by = 0;
  /// Who holds it, or who decided it.
  std::uint64_t reviewer = 0;
  std::int64_t due = 0;
  std::int64_t opened = 0;
  /// Until when it is held, or when it was closed.
  std::int64_t until = 0;
  std::uint32_t origin_row = 0;
  std::uint32_t claims = 0;
  desk::mode mode = mode::open;
  subject_kind kind{};
  workflow_no workflow = 0;
  wire::desk::purpose purpose{};
  std::uint8_t priority = 0;
  zhili::verdict verdict{};
  std::uint16_t reason = 0;
};

/// Urgent first, then by due time, then by age.
struct waiting_place {
  std::uint8_t urgency = 0;  // 3 - priority
  std::int64_t due = 0;
  row_no row = 0;
  auto operator<=>(const waiting_place&) const = default;
};

class state {
 public:
  const partition::row_table<task>& tasks() const { return tasks_; }
  /// Open tasks in the order in which they should be taken; one queue's lie among those of its shard.
  const std::set<waiting_place>& order() const { return order_; }

  row_no add(const task& t) {
    const row_no n = tasks_.add(t);
    order_.insert(place(n));
    return n;
  }
  /// The only way a row changes, so that the order stays true.
  template <class Change>
  void change(row_no n, Change&& how) {
    if (tasks_[n].mode == mode::open) order_.erase(place(n));
    how(tasks_[n]);
    if (tasks_[n].mode == mode::open) order_.insert(place(n));
  }

  void digest(partition::hasher& h) const { h.rows(tasks_); }
  /// A task is not a submission: who waits is counted where the submission came in.
  std::uint64_t waiting() const { return 0; }
  std::size_t memory_bytes() const { return tasks_.memory_bytes() + order_.size() * 64; }
  std::size_t subjects() const { return tasks_.size(); }

 private:
  waiting_place place(row_no n) const {
    return {static_cast<std::uint8_t>(3 - tasks_[n].priority), tasks_[n].due, n};
  }

  partition::row_table<task> tasks_;
  std::set<waiting_place> order_;
};

}  // namespace zhili::desk
