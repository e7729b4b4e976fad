// SPDX-License-Identifier: Apache-2.0
// A workflow small enough to see the engine through it: a command says by bits what it wants to come of it.
#pragma once

#include "actors/partition/workflow.hpp"

namespace zhili::toy {

using partition::context;
using partition::decide_sink;
using partition::outcome;
using partition::react_sink;

/// What a command makes happen.
enum want : std::uint32_t {
  /// A message to workflow 28 inside the account.
  send_inside = 1,
  /// A message to workflow 28 of `other`.
  send_across = 2,
  set_timer = 4,
  ask_effect = 8,
  refuse_late = 16,  // after having emitted
  wait = 32,
  settle_all = 64,
  decide_it = 128,
};

/// Submission.
struct put {
  std::uint64_t amount;
  subject_id other;
  /// Until the timer rings, in ms.
  std::int64_t delay;
  std::uint32_t wants;
  std::uint32_t spare;
};

/// Message.
struct hand {
  std::uint64_t amount;
};

/// Timer.
struct ring {
  std::uint64_t amount;
};

/// The event.
struct noted {
  subject_id account;
  subject_id other;
  std::uint64_t amount;
  std::int64_t delay;
  std::uint32_t wants;
  std::uint32_t row;
};

struct rung {
  std::uint64_t amount;
  std::int64_t at;
};

struct row {
  subject_id id;
  std::uint64_t total = 0;
  std::uint64_t waiting = 0;
};

class state {
 public:
  partition::row_table<row> rows;
  std::vector<rung> rings;

  void digest(partition::hasher& h) const {
    h.rows(rows);
    h.values(std::span<const rung>{rings});
  }
  std::uint64_t waiting() const {
    std::uint64_t n = 0;
    for (const row& r : rows) n += r.waiting;
    return n;
  }
  std::size_t memory_bytes() const { return rows.memory_bytes(); }
  std::size_t subjects() const { return rows.size(); }
};

struct workflow {
  using state = toy::state;
  using commands = type_list<put, hand, ring>;
  using submissions = type_list<put>;
  using takes = type_list<wire::registry_changed>;
  using subscribes = type_list<>;
  using events = type_list<wire::decided, noted, rung>;
  static constexpr std::string_view name = "toy";
  static constexpr std::string_view name_zh = "玩具";
  static constexpr workflow_no number = 29;
  static constexpr std::uint32_t behaviour = 3;
};

inline constexpr workflow_no neighbour = 28;

outcome decide(const state&, const put&, const context&, decide_sink&);
outcome decide(const state&, const hand&, const context&, decide_sink&);
outcome decide(const state&, const ring&, const context&, decide_sink&);
outcome decide(const state&, const wire::registry_changed&, const context&, decide_sink&);

void apply(state&, const wire::decided&);
void apply(state&, const noted&);
void apply(state&, const rung&);

void react(const state&, const wire::decided&, const context&, react_sink&);
void react(const state&, const noted&, const context&, react_sink&);
void react(const state&, const rung&, const context&, react_sink&);

}  // namespace zhili::toy
