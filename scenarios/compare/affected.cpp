// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compare/affected.hpp"

#include <algorithm>

#include "actors/content/state.hpp"
#include "actors/product/state.hpp"
#include "actors/workflow_numbers.hpp"

namespace zhili::scenarios {

namespace numbers = workflow_numbers;

namespace {

bool marked(verdict v) { return v == verdict::label || v == verdict::demote; }

std::uint32_t finding_key(const wire::finding& f) { return static_cast<std::uint32_t>(f.source()) << 16 | f.code(); }

template <class State>
const State& state_of(const kernel& k, workflow_no workflow, shard_no shard) {
  return *static_cast<const State*>(k.engine_at({workflow, shard}).state().state());
}

/// Accounts by the lower half of their ids.
struct owner_sets {
  std::unordered_set<std::uint64_t> own, items;

  owners_affected counted() const {
    owners_affected out{items.size(), own.size(), items.size()};
    for (const std::uint64_t id : own) out.all += items.contains(id) ? 0u : 1u;
    return out;
  }
};

struct owners {
  owner_sets institutions, practitioners;

  void add(const outcome_pair& p, const kernel& second) {
    const subject_outcome& o = p.any();
    if (o.kind == subject_kind::institution) institutions.own.insert(o.subject);
    if (o.kind == subject_kind::practitioner) practitioners.own.insert(o.subject);
    if (p.now == nullptr) return;
    if (o.kind == subject_kind::product) {
      const auto& s = state_of<product::state>(second, numbers::product, p.shard);
      const product::listing& l = s.listings[p.row];
      institutions.items.insert(s.owner_of(l).lo);
      if (const auto* who = s.practitioner_of(l)) practitioners.items.insert(who->id.lo);
    } else if (o.kind == subject_kind::ad) {
      const auto& s = state_of<content::state>(second, numbers::content, p.shard);
      institutions.items.insert(s.authors[s.contents[p.row].author].id.lo);
    }
  }
};

std::uint64_t& place_in(by_truth& counts, std::optional<bool> unlawful, const stop_note* stop) {
  if (!unlawful) return counts.unknown;
  if (*unlawful) return counts.unlawful;
  const bool for_owner = stop != nullptr && (by_what(*stop) == stopped_by::owner || by_what(*stop) == stopped_by::index);
  return for_owner ? counts.for_owner : counts.lawful;
}

void count_stop(const stop_note& s, std::array<std::uint64_t, stopped_by_count>& by,
                std::map<std::uint32_t, std::uint64_t>& findings) {
  ++by[static_cast<std::size_t>(by_what(s))];
  for (const wire::finding& f : s.found()) ++findings[finding_key(f)];
}

}  // namespace

std::string_view name(change c) {
  switch (c) {
    case change::one_run_alone: return "one_run_alone";
    case change::newly_stopped: return "newly_stopped";
    case change::newly_let_through: return "newly_let_through";
    case change::newly_to_desk: return "newly_to_desk";
    case change::no_longer_to_desk: return "no_longer_to_desk";
    case change::marked_otherwise: return "marked_otherwise";
    case change::ended_otherwise: return "ended_otherwise";
  }
  return "unknown";
}

std::string_view name(stopped_by s) {
  switch (s) {
    case stopped_by::rule: return "rule";
    case stopped_by::person: return "person";
    case stopped_by::owner: return "owner";
    case stopped_by::index: return "index";
  }
  return "unknown";
}

stopped_by by_what(const stop_note& s) {
  if (s.by_person) return stopped_by::person;
  if (s.cause == wire::cause::risk) return stopped_by::index;
  return s.with_owner ? stopped_by::owner : stopped_by::rule;
}

change change_of(const outcome_pair& p) {
  if (p.old == nullptr || p.now == nullptr) return change::one_run_alone;
  const subject_outcome& old = *p.old;
  const subject_outcome& now = *p.now;
  if (old.was_stopped() != now.was_stopped()) return now.was_stopped() ? change::newly_stopped : change::newly_let_through;
  if (old.has(subject_outcome::to_desk) != now.has(subject_outcome::to_desk)) {
    return now.has(subject_outcome::to_desk) ? change::newly_to_desk : change::no_longer_to_desk;
  }
  return marked(old.last) != marked(now.last) || (marked(old.last) && old.last != now.last) ? change::marked_otherwise
                                                                                          : change::ended_otherwise;
}

const stop_note* stop_of(const outcome_pair& p, change what, const outcome_book& old, const outcome_book& now) {
  if (what == change::newly_stopped) return now.of(p.shard).stop_of(*p.now);
  if (what == change::newly_let_through) return old.of(p.shard).stop_of(*p.old);
  return nullptr;
}

std::optional<bool> unlawful(const outcome_pair& p, const stop_note* stop, const model* truth) {
  // Without a stop: what it was when it came. A version that was corrected since would pass for lawful.
  const item_ref ref = stop != nullptr ? item_ref::unpack(stop->ref) : item_ref::unpack(p.any().ref).as(variant::original);
  if (truth == nullptr || !truth->knows(ref)) return std::nullopt;
  if (stop == nullptr) return truth->truth_of(ref).unlawful();
  const auto of_page = [](const wire::finding& f) {
    return f.source() == wire::finding_source::gate && f.code() == static_cast<std::uint16_t>(wire::gate::page_changed);
  };
  // What was changed behind the platform's back is stopped under its old handle.
  if (std::any_of(stop->found().begin(), stop->found().end(), of_page)) return true;
  return truth->unlawful_at(ref, truth->truth_of(ref), stop->at, never);
}

affected count_affected(const outcome_book& old, const outcome_book& now, const kernel& second, const model* truth,
                        const std::function<void(const outcome_pair&, change, const stop_note*)>& seen) {
  affected out;
  owners behind;
  each_pair(old, now, [&](const outcome_pair& p) {
    kind_changes& k = out.kinds[static_cast<std::size_t>(p.any().kind) % out.kinds.size()];
    ++k.subjects;
    if (p.old != nullptr && p.now != nullptr) {
      ++k.first[static_cast<std::size_t>(p.old->first) & 7][static_cast<std::size_t>(p.now->first) & 7];
    }
    if (!p.differs()) return;
    const change what = change_of(p);
    const stop_note* stop = stop_of(p, what, old, now);
    ++k.affected;
    ++place_in(k.by_change[static_cast<std::size_t>(what)], unlawful(p, stop, truth), stop);
    behind.add(p, second);
    if (what == change::newly_stopped) count_stop(*stop, out.stopped_by_now, out.findings_now);
    if (what == change::newly_let_through) count_stop(*stop, out.stopped_by_then, out.findings_then);
    if (seen) seen(p, what, stop);
  });
  out.institutions = behind.institutions.counted();
  out.practitioners = behind.practitioners.counted();
  return out;
}

}  // namespace zhili::scenarios
