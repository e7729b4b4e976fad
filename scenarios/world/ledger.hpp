// SPDX-License-Identifier: Apache-2.0
// Joins what the logs say with what is true: caught, missed, wrongful, and the hours of harm on either side. It reads
// committed batches and nothing else, so `verify` recomputes every figure from the logs alone. One a shard, merged
// afterwards.
#pragma once

#include <map>
#include <unordered_map>

#include "protocols/log/batch.hpp"
#include "scenarios/world/model.hpp"

namespace zhili::scenarios {

/// Rejected or suspended. A fake review that is demoted no longer counts in any ranking: for reviews that is stopping it.
bool stops(subject_kind k, verdict v);

/// Was it stopped because its institution or practitioner was not admitted at the time?
bool stopped_with_owner(const wire::decided& e);

/// Decisions on one kind of item, by truth.
struct kind_figures {
  /// Stopped (rejected, suspended, a review also when demoted) and unlawful: events, not heads.
  std::uint64_t caught = 0;
  /// Stopped and lawful.
  std::uint64_t wrongful = 0;
  /// Unlawful and let through.
  std::uint64_t missed = 0;
  /// Labelled or demoted.
  std::uint64_t marked_unlawful = 0;
  std::uint64_t marked_lawful = 0;
  /// Lawful and let through.
  std::uint64_t passed = 0;
  /// Taken offline for a high index: a rule of the platform, neither right nor wrong by the law.
  std::uint64_t by_index = 0;
  /// Lawful in itself, stopped because its institution or practitioner was not admitted at the time: that is their
  /// account, not the item's.
  std::uint64_t by_status = 0;
  std::uint64_t to_desk = 0;
  std::int64_t exposure_ms = 0;
  std::int64_t wrongful_ms = 0;

  kind_figures& operator+=(const kind_figures& o);
};

struct queue_hour {
  std::uint32_t opened = 0;
  std::uint32_t closed = 0;
  /// Closed without a decision: what was asked is settled otherwise.
  std::uint32_t withdrawn = 0;
  /// Time that claims were held until they were decided.
  std::uint64_t handling_ms = 0;
  /// Oldest wait of those closed in this hour.
  std::int64_t oldest_ms = 0;
};

/// What still waits in a queue at the end.
struct queue_rest {
  std::uint64_t waiting = 0;
  std::int64_t oldest_ms = 0;
};

/// What went into the workflows, what they said, and what went between them; by workflow number.
struct traffic_figures {
  static constexpr std::size_t origins = 4;
  static constexpr std::size_t event_types = 32;
  template <std::size_t N>
  using table = std::array<std::array<std::uint64_t, N>, workflow_end>;

  /// By wire::origin.
  table<origins> commands{};
  /// By the event's number in its workflow; 0: any beyond the table.
  table<event_types> events{};
  /// By the workflow that receives.
  table<workflow_end> messages{};
  /// Requests to the platform outside.
  std::array<std::uint64_t, workflow_end> effects{};

  traffic_figures& operator+=(const traffic_figures& o);
};

/// What visits found of one sort. Age: since it lapsed, changed or went live until the visit, all together.
struct found_figures {
  std::uint64_t count = 0;
  std::int64_t age_ms = 0;

  found_figures& operator+=(const found_figures& o) {
    count += o.count;
    age_ms += o.age_ms;
    return *this;
  }
  /// Mean age; 0 where nothing was found.
  double mean_h() const { return count == 0 ? 0.0 : static_cast<double>(age_ms) / 3.6e6 / static_cast<double>(count); }
};

struct inspection_figures {
  std::uint64_t visits = 0;
  found_figures lapses, changed_pages, passed_misses;
  std::uint64_t wrongful = 0;
};

struct day_figures {
  std::array<std::uint32_t, 16> decided{};
  std::array<std::uint32_t, 16> caught{};
  std::array<std::uint32_t, 16> missed{};
  std::array<std::uint32_t, 16> wrongful{};
};

struct figures {
  std::array<kind_figures, 16> kinds;
  std::map<std::int32_t, day_figures> days;
  std::map<std::string, std::map<std::int64_t, queue_hour>> queues;  // by name, by hour since 1970
  std::map<std::string, queue_rest> rests;                               // by name of the queue
  traffic_figures traffic;
  inspection_figures inspection;
  std::uint64_t appeals_filed = 0;
  std::uint64_t appeals_reversed = 0;
  std::uint64_t appeals_upheld = 0;
  std::uint64_t tasks_opened = 0;
  std::uint64_t tasks_closed = 0;
  std::uint64_t orders = 0;
  std::uint64_t orders_acknowledged = 0;
  std::uint64_t findings_text = 0;
  /// What was wrong with what was missed, and with what was caught.
  std::map<std::uint8_t, std::uint64_t> missed_by_wrong;
  std::map<std::uint8_t, std::uint64_t> caught_by_wrong;
  /// Rules that stopped lawful items: by finding source and code.
  std::map<std::uint32_t, std::uint64_t> wrongful_by_finding;
  std::map<std::uint32_t, std::uint64_t> escalated_by_finding;
  std::map<std::uint32_t, std::uint64_t> findings;
  /// In seconds; sorted by `finish`.
  std::vector<std::uint32_t> desk_waits;
  std::vector<std::uint32_t> appeal_times;
  std::vector<std::uint32_t> decision_times;
  std::vector<std::uint32_t> takedown_times;
  std::uint64_t decided_at_once = 0;

  kind_figures& of(subject_kind k) { return kinds[static_cast<std::size_t>(k)]; }
  const kind_figures& of(subject_kind k) const { return kinds[static_cast<std::size_t>(k)]; }
  void merge(const figures& o);
  void finish();
  /// Value below which `per_mille` of the sorted values lie; 0 where there are none.
  static std::uint32_t percentile(const std::vector<std::uint32_t>& sorted, unsigned per_mille);
};

class ledger {
 public:
  explicit ledger(const model& world) : world_(&world), counted_from_(world.about().begin) {}
  /// Where nobody knows the truth: counts what the log alone tells.
  explicit ledger(instant counted_from) : counted_from_(counted_from) {}

  /// REQUIRES: batches by rising time; within one instant the partitions may come in any order.
  void take(partition_id of, const batch_reader& batch);
  /// Counts what is still live or still down at the end. Once.
  figures close(instant end);

 private:
  struct live_item {
    instant since;
    account_id owner;
    bool ordered = false;
    instant ordered_at;
    /// Handle of the version that is shown.
    std::uint64_t version = 0;
  };

  void take_traffic(workflow_no of, const entry_view& entry, instant at);
  void take_decided(workflow_no of, const wire::decided& e, instant at);
  void take_stopped(item_ref ref, const truth& t, bool unlawful, const wire::decided& e, instant at);
  void take_let_through(item_ref ref, const truth& t, bool unlawful, const wire::decision_head& head, instant at);
  void note_decision(const wire::decided& e, instant at);
  void note_inspection(item_ref ref, bool unlawful, const wire::decided& e, instant at);
  instant turns_unlawful(item_ref ref, const truth& t, instant let_through) const;
  void take_takedown(std::uint16_t event, bytes_view body, instant at);
  void take_desk(std::uint16_t event, bytes_view body, instant at);
  void take_onboarding(std::uint16_t event, bytes_view body, instant at);
  void end_exposure(std::uint64_t item, const live_item& entry, instant at);
  std::int64_t suspended_between(account_id owner, instant from, instant to) const;
  bool counted(instant at) const { return at >= counted_from_; }
  void end_acknowledged(instant before);
  /// Time runs on: nearly always the day of the last call.
  day_figures& day(instant at) {
    if (const std::int32_t d = china_day(at); today_ == nullptr || d != today_number_) {
      today_ = &figures_.days[d];
      today_number_ = d;
    }
    return *today_;
  }

  /// nullptr: nobody knows the truth.
  const model* world_ = nullptr;
  instant counted_from_;
  figures figures_;
  day_figures* today_ = nullptr;
  std::int32_t today_number_ = 0;
  std::unordered_map<std::uint64_t, live_item> live_;      // unlawful and live, by item
  std::unordered_map<std::uint64_t, instant> down_;        // lawful and down, by item
  std::unordered_map<std::uint64_t, instant> waiting_;     // at the desk since, by item
  struct doubt {
    instant at;
    bool changed = false;
  };
  std::unordered_map<std::uint64_t, doubt> doubts_;        // that a visit left to the desk, by item
  struct order {
    std::uint64_t ref = 0;
    instant at;
    std::uint32_t serial = 0;
    bool impose = false;
  };
  std::unordered_map<std::uint32_t, order> orders_;            // not yet acknowledged, by row of the measure
  /// Orders acknowledged at one instant, by item: they count after all decisions of that instant.
  std::vector<std::pair<std::uint64_t, instant>> acknowledged_;
  std::unordered_map<std::uint32_t, instant> appeals_;         // by row of the measure
  struct task_note {
    instant opened, claimed;
    std::string_view queue;
  };
  std::unordered_map<std::uint32_t, task_note> tasks_;  // by row of the task
  std::map<account_id, std::vector<std::pair<instant, instant>>> suspended_;
  std::uint32_t tasks_seen_ = 0;
};

}  // namespace zhili::scenarios
