// SPDX-License-Identifier: Apache-2.0
// What the desk knows of its tasks, and the order in which they should be taken.
#pragma once

#include <algorithm>
#include <set>
#include <vector>

#include "actors/partition/hasher.hpp"
#include "actors/partition/row_table.hpp"
#include "protocols/schema/desk_generated.h"
#include "protocols/types/time.hpp"

namespace zhili::desk {

using partition::row_no;

enum class mode : std::uint8_t { open = 1, claimed = 2, closed = 3 };

/// What stays of a task for ever: by it a question that is asked again, or answered again, is known.
struct task {
  subject_id id;
  /// Who holds it, or who decided it.
  std::uint64_t reviewer = 0;
  /// Until when it is held, or when it was closed.
  std::int64_t until = 0;
  /// Its place among the questions; another's, once it is closed and a new one has come.
  std::uint32_t place = 0;
  std::uint32_t claims = 0;
  std::uint16_t reason = 0;
  /// Its place among the queues.
  std::uint8_t queue = 0;
  std::uint8_t priority = 0;
  desk::mode mode = mode::open;
  zhili::verdict verdict{};
  std::uint8_t spare[2] = {};
};
static_assert(sizeof(task) == 48, "as many as were ever asked");

/// What is asked, for as long as nobody has answered.
struct question {
  subject_id subject;
  account_id owner;
  std::uint64_t ref = 0;
  /// Reviewers who may not have it; 0: nobody.
  std::uint64_t not_by = 0;
  std::uint64_t nor_by = 0;
  std::int64_t due = 0;
  std::int64_t opened = 0;
  std::uint32_t origin_row = 0;
  subject_kind kind{};
  workflow_no workflow = 0;
  wire::desk::purpose purpose{};
  std::uint8_t spare = 0;
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

  /// REQUIRES: the task is not closed, or the last event has closed it.
  const question& asked(const task& t) const { return questions_[t.place]; }
  account_id queue_of(const task& t) const { return queues_[t.queue]; }

  row_no add(task t, account_id queue, const question& q) {
    t.queue = queue_number(queue);
    if (free_.empty()) {
      t.place = static_cast<std::uint32_t>(questions_.size());
      questions_.push_back(q);
    } else {
      t.place = free_.back();
      free_.pop_back();
      questions_[t.place] = q;
    }
    const row_no n = tasks_.add(t);
    order_.insert(place(n));
    return n;
  }
  /// The only way a row changes, so that the order stays true.
  template <class Change>
  void change(row_no n, Change&& how) {
    if (tasks_[n].mode == mode::open) order_.erase(place(n));
    const bool was_closed = tasks_[n].mode == mode::closed;
    how(tasks_[n]);
    if (tasks_[n].mode == mode::open) order_.insert(place(n));
    if (tasks_[n].mode == mode::closed && !was_closed) free_.push_back(tasks_[n].place);
  }

  void digest(partition::hasher& h) const {
    h.rows(tasks_);
    h.values(std::span<const question>{questions_});
    h.values(std::span<const std::uint32_t>{free_});
    for (const account_id queue : queues_) h.value(queue);
  }
  /// A task is not a submission: who waits is counted where the submission came in.
  std::uint64_t waiting() const { return 0; }
  std::size_t memory_bytes() const {
    return tasks_.memory_bytes() + order_.size() * 64 + questions_.capacity() * sizeof(question) +
           free_.capacity() * sizeof(std::uint32_t);
  }
  std::size_t subjects() const { return tasks_.size(); }

 private:
  waiting_place place(row_no n) const {
    return {static_cast<std::uint8_t>(3 - tasks_[n].priority), asked(tasks_[n]).due, n};
  }

  std::uint8_t queue_number(account_id queue) {
    const auto known = std::find(queues_.begin(), queues_.end(), queue);
    const auto number = static_cast<std::uint8_t>(known - queues_.begin());
    if (known == queues_.end()) queues_.push_back(queue);
    ZHILI_ASSERT(queues_.size() <= 0x100, "there are a few queues, and they are named in the program");
    return number;
  }

  partition::row_table<task> tasks_;
  std::set<waiting_place> order_;
  std::vector<question> questions_;
  /// Places whose questions are answered, the last one on top.
  std::vector<std::uint32_t> free_;
  std::vector<account_id> queues_;
};

}  // namespace zhili::desk
