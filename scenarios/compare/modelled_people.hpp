// SPDX-License-Identifier: Apache-2.0
// A replayed shard with people in it: what was recorded goes in as it was; where the judged world asks for an act that
// nobody ever did (a task that the recording never saw, an order that is new, a stop that somebody might appeal against),
// a modelled one stands in, after as long as the recorded ones took. Every one of them is counted.
#pragma once

#include <map>
#include <queue>

#include "protocols/schema/takedown_generated.h"
#include "scenarios/compare/outcomes.hpp"
#include "scenarios/compare/recorded_acts.hpp"
#include "scenarios/trace/trace_shard.hpp"
#include "scenarios/world/reviewers.hpp"

namespace zhili::scenarios {

struct modelled_acts {
  std::uint64_t decisions = 0;
  std::uint64_t claims = 0;
  std::uint64_t appeals = 0;
  std::uint64_t acknowledgements = 0;

  modelled_acts& operator+=(const modelled_acts& o);
};

class peopled_shard;

/// What one shard's people are made from.
struct people_settings {
  const recorded_acts* recorded = nullptr;
  /// nullptr: nobody knows what is true, so modelled reviewers answer as recorded ones did on the average.
  const model* truth = nullptr;
  /// The run with the old pack, for the second run: who was stopped there has said in the recording whether they appeal.
  /// nullptr: nobody appeals beside the recording.
  const outcome_book* before = nullptr;
  /// Of those stopped in the recording, how many appealed, of a million.
  std::uint32_t appeals_ppm = 0;
  std::uint64_t seed = 0;
  /// This run is judged as the recording was: what nobody answered in the recording stays open, and nobody is made up.
  bool as_recorded = false;
  /// The same shard in the run that was judged as the recording was: what stayed open there stays open here. nullptr: there
  /// was no such run.
  const peopled_shard* recorded_run = nullptr;
};

class peopled_shard final : public shard_world {
 public:
  peopled_shard(trace_shard& inner, shard_no shard, const people_settings& how);

  instant next() override;
  const submission* take() override;
  void answered(const submission& s, const partition::outcome& answer, bool repeated) override;
  void committed(const partition::engine& of, const batch_reader& batch) override;
  void meet(std::span<partition::engine* const> engines) override { inner_.meet(engines); }
  storage::content_store& texts() override { return inner_.texts(); }

  const modelled_acts& acts() const { return acts_; }
  /// Tasks and orders that nobody answered in the recording.
  const std::unordered_set<std::uint64_t>& left_open() const { return left_open_; }

 private:
  enum class act : std::uint8_t { claim, decide, acknowledge, appeal };
  struct plan {
    instant at;
    std::uint64_t order = 0;
    act what{};
    /// Task, effect or stopped subject.
    subject_id about;
    /// What the submission is about: the task, or the sanctioned subject.
    subject_id subject;
    account_id account;
    std::uint64_t ref = 0;
    std::uint32_t serial = 0;
    std::uint32_t row = 0;
    std::uint64_t reviewer = 0;
    bool operator>(const plan& o) const { return at != o.at ? at > o.at : order > o.order; }
  };
  /// What waits at the desk, by its row.
  struct task_note {
    subject_id task;
    account_id queue;
    std::uint64_t ref = 0;
    instant opened, claimed;
    std::uint64_t not_by = 0, nor_by = 0;
  };
  /// How people worked so far, by queue.
  struct habits {
    std::vector<duration> waits, handlings;
    std::vector<verdict> verdicts;
  };

  bool stays_open(std::uint64_t what);
  void schedule(plan p);
  const submission* carry_out(const plan& p);
  void see_desk(const entry_view& entry, instant at);
  void see_order(const entry_view& entry, instant at);
  void see_takedown(const entry_view& entry, instant at);
  void see_stop(const wire::takedown::measure_changed& e, instant at);
  void plan_answer(const task_note& t, std::uint32_t row, instant at);
  verdict answer_of(const plan& p, instant at) const;
  duration drawn(const std::vector<duration>& from, dice& d, duration otherwise) const;

  trace_shard& inner_;
  people_settings how_;
  std::priority_queue<plan, std::vector<plan>, std::greater<>> plans_;
  std::uint64_t order_ = 0;
  std::map<std::uint32_t, task_note> tasks_;
  std::uint32_t tasks_seen_ = 0;
  std::map<account_id, habits> habits_;
  /// By row of the measure and serial of the order.
  std::unordered_map<std::uint64_t, instant> ordered_;
  std::vector<duration> acknowledged_after_;
  std::unordered_set<std::uint64_t> stopped_before_;
  std::unordered_set<std::uint64_t> left_open_;
  modelled_acts acts_;
  flatbuffers::FlatBufferBuilder builder_;
  submission now_;
  /// The submission that is out there is a modelled one.
  bool own_ = false;
  plan in_hand_;
};

}  // namespace zhili::scenarios
