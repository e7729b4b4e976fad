// SPDX-License-Identifier: Apache-2.0
// The agents of one shard: institutions, practitioners and users who submit and react, the platform that acknowledges
// measures and shows pages, the reviewers of the queues that live here. They act through the doors that real people
// use and see what real ones would see.
#pragma once

#include <queue>
#include <unordered_map>

#include "scenarios/kernel/world.hpp"
#include "scenarios/world/ledger.hpp"
#include "scenarios/world/reviewers.hpp"
#include "scenarios/world/submissions.hpp"

namespace zhili::scenarios {

/// Sees every submission of a shard as it goes in: the recorder of traces.
class submission_listener {
 public:
  virtual ~submission_listener() = default;
  /// From the lane that runs the shard in this window.
  virtual void submitted(shard_no shard, const submission& s) = 0;
  /// From one lane, now and then: no shard will submit anything before this time any more.
  virtual void reached(instant t) = 0;
};

class agents final : public shard_world {
 public:
  agents(const model& world, shard_no shard, storage::content_store* kept, submission_listener* listener,
         batch_witness* witness = nullptr);

  instant next() override;
  const submission* take() override;
  void answered(const submission& s, const partition::outcome& answer, bool repeated) override;
  void committed(const partition::engine& of, const batch_reader& batch) override;
  void meet(std::span<partition::engine* const> engines) override;
  storage::content_store& texts() override { return texts_; }

  ledger& books() { return books_; }
  /// Made so far.
  std::uint64_t submissions() const { return submissions_; }
  std::uint64_t submissions(subject_kind k) const { return by_kind_[static_cast<std::size_t>(k)]; }

 private:
  enum class act : std::uint8_t {
    hour,
    submit,
    appeal,
    acknowledge,
    show_page,
    look_up,
    look,
    decide_task,
  };
  struct plan {
    instant at;
    std::uint64_t order = 0;
    act what{};
    /// A handle, a reviewer's number, or both halves of an id.
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    std::uint32_t c = 0;
    std::uint32_t d = 0;
    bool operator>(const plan& o) const { return at != o.at ? at > o.at : order > o.order; }
  };
  struct arrival {
    instant at;
    item_ref ref;
  };

  void schedule(instant at, act what, std::uint64_t a = 0, std::uint64_t b = 0, std::uint32_t c = 0, std::uint32_t d = 0);
  void open_hour(instant at);
  void plan_population();
  const submission* carry_out(const plan& p);
  const submission* submit(item_ref ref, std::uint32_t occasion, instant at);
  const submission* look(std::size_t who, instant at);
  const submission* send(instant at);
  void react(const wire::decided& e, instant at);
  void react_to_stop(item_ref ref, const wire::decision_head& head, instant at);
  void see_list_change(const entry_view& entry, instant at);
  void take_effect(const entry_view& entry, instant at);
  instant after(const spread& s, dice& d, instant at) const;

  const model& world_;
  shard_no shard_;
  recomposed_texts texts_;
  submission_listener* listener_;
  batch_witness* witness_;
  ledger books_;
  review_desk desk_;
  submission_writer writer_;
  std::vector<arrival> arrivals_;
  std::size_t next_arrival_ = 0;
  std::priority_queue<plan, std::vector<plan>, std::greater<>> plans_;
  std::uint64_t order_ = 0;
  std::array<std::uint64_t, 16> ordinals_{};
  std::array<std::uint64_t, 16> by_kind_{};
  std::uint64_t submissions_ = 0;
  /// Pages that will look different from a time on, by item.
  std::unordered_map<std::uint64_t, instant> changes_;
  const desk::state* desk_state_ = nullptr;
  /// Reviewer whose claim or decision is on its way; none: size of the desk.
  std::size_t acting_ = 0;
  bool deciding_ = false;
  submission now_;
};

}  // namespace zhili::scenarios
