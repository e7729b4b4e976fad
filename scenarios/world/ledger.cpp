// SPDX-License-Identifier: Apache-2.0
#include "scenarios/world/ledger.hpp"

#include <algorithm>

#include "actors/decision/follow_up.hpp"
#include "actors/workflow_numbers.hpp"
#include "protocols/message.hpp"
#include "protocols/schema/desk_generated.h"
#include "protocols/schema/inspection_generated.h"
#include "protocols/schema/onboarding_generated.h"
#include "protocols/schema/takedown_generated.h"

namespace zhili::scenarios {

namespace numbers = workflow_numbers;

namespace {

bool has_papers(subject_kind k) { return k == subject_kind::institution || k == subject_kind::practitioner; }
bool marks(verdict v) { return v == verdict::label || v == verdict::demote; }
std::size_t index_of(subject_kind k) { return static_cast<std::size_t>(k) % 16; }
std::uint32_t seconds(duration d) { return static_cast<std::uint32_t>(std::max<std::int64_t>(0, d.count()) / 1000); }

/// Key of a finding across decisions: its source and code.
std::uint32_t finding_key(const wire::finding& f) {
  return static_cast<std::uint32_t>(f.source()) << 16 | f.code();
}

bool has_gate(const wire::decided& e, wire::gate g) {
  if (e.findings() == nullptr) return false;
  return std::any_of(e.findings()->begin(), e.findings()->end(), [&](const wire::finding* f) {
    return f->source() == wire::finding_source::gate && f->code() == static_cast<std::uint16_t>(g);
  });
}

template <class Map>
void add(Map& to, const Map& from) {
  for (const auto& [k, v] : from) to[k] += v;
}
template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

bool stops(subject_kind k, verdict v) {
  return v == verdict::reject || v == verdict::suspend || (k == subject_kind::review && v == verdict::demote);
}

bool stopped_with_owner(const wire::decided& e) {
  return has_gate(e, wire::gate::institution_not_admitted) || has_gate(e, wire::gate::institution_suspended) ||
         has_gate(e, wire::gate::practitioner_not_admitted);
}

kind_figures& kind_figures::operator+=(const kind_figures& o) {
  caught += o.caught;
  wrongful += o.wrongful;
  missed += o.missed;
  marked_unlawful += o.marked_unlawful;
  marked_lawful += o.marked_lawful;
  passed += o.passed;
  by_index += o.by_index;
  by_status += o.by_status;
  to_desk += o.to_desk;
  exposure_ms += o.exposure_ms;
  wrongful_ms += o.wrongful_ms;
  return *this;
}

traffic_figures& traffic_figures::operator+=(const traffic_figures& o) {
  const auto add_table = [](auto& to, const auto& from) {
    for (std::size_t w = 0; w < to.size(); ++w) {
      for (std::size_t n = 0; n < to[w].size(); ++n) to[w][n] += from[w][n];
    }
  };
  add_table(commands, o.commands);
  add_table(events, o.events);
  add_table(messages, o.messages);
  for (std::size_t w = 0; w < effects.size(); ++w) effects[w] += o.effects[w];
  return *this;
}

void figures::merge(const figures& o) {
  for (std::size_t k = 0; k < kinds.size(); ++k) kinds[k] += o.kinds[k];
  for (const auto& [day, f] : o.days) {
    day_figures& mine = days[day];
    for (std::size_t k = 0; k < 16; ++k) {
      mine.decided[k] += f.decided[k];
      mine.caught[k] += f.caught[k];
      mine.missed[k] += f.missed[k];
      mine.wrongful[k] += f.wrongful[k];
    }
  }
  for (const auto& [queue, hours] : o.queues) {
    for (const auto& [hour, f] : hours) {
      queue_hour& mine = queues[queue][hour];
      mine.opened += f.opened;
      mine.closed += f.closed;
      mine.withdrawn += f.withdrawn;
      mine.handling_ms += f.handling_ms;
      mine.oldest_ms = std::max(mine.oldest_ms, f.oldest_ms);
    }
  }
  for (const auto& [queue, rest] : o.rests) {
    rests[queue].waiting += rest.waiting;
    rests[queue].oldest_ms = std::max(rests[queue].oldest_ms, rest.oldest_ms);
  }
  traffic += o.traffic;
  inspection.visits += o.inspection.visits;
  inspection.lapses += o.inspection.lapses;
  inspection.changed_pages += o.inspection.changed_pages;
  inspection.passed_misses += o.inspection.passed_misses;
  inspection.wrongful += o.inspection.wrongful;
  appeals_filed += o.appeals_filed;
  appeals_reversed += o.appeals_reversed;
  appeals_upheld += o.appeals_upheld;
  tasks_opened += o.tasks_opened;
  tasks_closed += o.tasks_closed;
  orders += o.orders;
  orders_acknowledged += o.orders_acknowledged;
  findings_text += o.findings_text;
  decided_at_once += o.decided_at_once;
  add(missed_by_wrong, o.missed_by_wrong);
  add(caught_by_wrong, o.caught_by_wrong);
  add(wrongful_by_finding, o.wrongful_by_finding);
  add(escalated_by_finding, o.escalated_by_finding);
  add(findings, o.findings);
  append(desk_waits, o.desk_waits);
  append(appeal_times, o.appeal_times);
  append(decision_times, o.decision_times);
  append(takedown_times, o.takedown_times);
}

void figures::finish() {
  for (auto* v : {&desk_waits, &appeal_times, &decision_times, &takedown_times}) std::sort(v->begin(), v->end());
}

std::uint32_t figures::percentile(const std::vector<std::uint32_t>& sorted, unsigned per_mille) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, sorted.size() * per_mille / 1000)];
}

// ---- reading ----

void ledger::take_traffic(workflow_no of, const entry_view& entry, instant at) {
  if (!counted(at)) return;
  traffic_figures& t = figures_.traffic;
  switch (entry.kind) {
    case entry_kind::command:
      ++t.commands[of][static_cast<std::size_t>(entry.header<wire::command_header>().origin()) % t.origins];
      break;
    case entry_kind::event: ++t.events[of][entry.type < t.event_types ? entry.type : 0]; break;
    case entry_kind::send:
      ++t.messages[of][partition_id::unpack(entry.header<wire::send_header>().destination()).workflow % workflow_end];
      break;
    case entry_kind::effect: ++t.effects[of]; break;
    default: break;
  }
}

void ledger::take(partition_id of, const batch_reader& batch) {
  instant at;
  for (const entry_view entry : batch) {
    if (entry.kind == entry_kind::command) {
      at = {entry.header<wire::command_header>().at()};
      end_acknowledged(at);
    }
    take_traffic(of.workflow, entry, at);
    if (entry.kind == entry_kind::event) {
      if (entry.type == 1) {
        take_decided(of.workflow, view_body<wire::decided>(entry.content), at);
      } else if (of.workflow == numbers::takedown) {
        take_takedown(entry.type, entry.content, at);
      } else if (of.workflow == numbers::desk) {
        take_desk(entry.type, entry.content, at);
      } else if (of.workflow == numbers::onboarding) {
        take_onboarding(entry.type, entry.content, at);
      } else if (of.workflow == numbers::inspection) {
        using wire::inspection::inspection_eventTraits;
        const auto visited = inspection_eventTraits<wire::inspection::visited>::enum_value;
        if (entry.type == static_cast<type_no>(visited) && counted(at)) ++figures_.inspection.visits;
      }
    }
  }
}

void ledger::take_decided(workflow_no of, const wire::decided& e, instant at) {
  const wire::decision_head& head = *e.head();
  if (head.kind() == subject_kind::appeal) {
    if (!counted(at)) return;
    (head.verdict() == verdict::approve ? figures_.appeals_reversed : figures_.appeals_upheld) += 1;
    if (const auto filed = appeals_.find(head.row()); filed != appeals_.end()) {
      figures_.appeal_times.push_back(seconds(at - filed->second));
    }
    return;
  }
  if (of != numbers::onboarding && of != numbers::product && of != numbers::content) return;
  const item_ref ref = item_ref::unpack(head.ref());
  const std::uint64_t item = ref.item();
  kind_figures& k = figures_.of(head.kind());
  if (head.verdict() == verdict::escalate) {
    waiting_.emplace(item, at);
    if (head.cause() == wire::cause::inspection) doubts_[item] = {at, has_gate(e, wire::gate::page_changed)};
    if (counted(at)) {
      ++k.to_desk;
      if (e.findings() != nullptr) {
        for (const wire::finding* f : *e.findings()) ++figures_.escalated_by_finding[finding_key(*f)];
      }
    }
    return;
  }
  // Most items are decided once and for good: look for them in no table.
  const bool first = head.before() == verdict::none && head.cause() == wire::cause::submission;
  if (const auto since = first ? waiting_.end() : waiting_.find(item); since != waiting_.end()) {
    if (counted(at)) figures_.decision_times.push_back(seconds(at - since->second));
    waiting_.erase(since);
  } else if (head.cause() == wire::cause::submission && counted(at)) {
    ++figures_.decided_at_once;
  }
  // Taken back while it waited: neither let through nor stopped.
  if (head.verdict() == verdict::none) return;
  note_decision(e, at);
  // A trace may speak of items that its world never made.
  if (world_ == nullptr || !world_->knows(ref)) return;
  const truth t = world_->truth_of(ref);
  const auto live = first ? live_.end() : live_.find(item);
  // A page that was changed is decided under its old handle; a new version is not what is live.
  const bool changed = live != live_.end() && live->second.version == head.ref() && live->second.since <= at;
  const bool unlawful = changed || world_->unlawful_at(ref, t, at, never);
  if (stops(head.kind(), head.verdict())) {
    take_stopped(ref, t, unlawful, e, at);
  } else {
    take_let_through(ref, t, unlawful, head, at);
  }
  if (!first) doubts_.erase(item);
}

void ledger::note_decision(const wire::decided& e, instant at) {
  if (!counted(at)) return;
  ++day(at).decided[index_of(e.head()->kind())];
  if (e.findings() == nullptr) return;
  for (const wire::finding* f : *e.findings()) ++figures_.findings[finding_key(*f)];
}

void ledger::take_stopped(item_ref ref, const truth& t, bool unlawful, const wire::decided& e, instant at) {
  const wire::decision_head& head = *e.head();
  const std::uint64_t item = ref.item();
  const bool first = head.before() == verdict::none;
  if (const auto live = first ? live_.end() : live_.find(item); live != live_.end()) {
    live->second.ordered = true;
    live->second.ordered_at = at;
  }
  const bool again = stops(head.kind(), head.before()) && head.cause() != wire::cause::submission && head.cause() != wire::cause::desk;
  note_inspection(ref, unlawful, e, at);
  const bool by_status = !unlawful && stopped_with_owner(e);
  if (!unlawful && !by_status && head.cause() != wire::cause::risk) down_.emplace(item, at);
  if (!counted(at) || again) return;
  kind_figures& k = figures_.of(head.kind());
  if (head.cause() == wire::cause::risk) {
    ++k.by_index;
  } else if (by_status) {
    ++k.by_status;
  } else if (unlawful) {
    ++k.caught;
    ++day(at).caught[index_of(head.kind())];
    ++figures_.caught_by_wrong[static_cast<std::uint8_t>(t.wrong)];
  } else {
    ++k.wrongful;
    ++day(at).wrongful[index_of(head.kind())];
    if (e.findings() != nullptr) {
      for (const wire::finding* f : *e.findings()) ++figures_.wrongful_by_finding[finding_key(*f)];
    }
  }
}

void ledger::take_let_through(item_ref ref, const truth& t, bool unlawful, const wire::decision_head& head, instant at) {
  const std::uint64_t item = ref.item();
  kind_figures& k = figures_.of(head.kind());
  const bool first = head.before() == verdict::none;
  if (const auto down = first ? down_.end() : down_.find(item); down != down_.end()) {
    if (counted(at)) k.wrongful_ms += (at - std::max(down->second, counted_from_)).count();
    down_.erase(down);
  }
  const bool marked = marks(head.verdict());
  if (!unlawful) {
    // Live and lawful; it may be changed later behind the platform's back.
    const auto live = first ? live_.end() : live_.find(item);
    // Of renewed papers the end is another one.
    if (live != live_.end() && (live->second.since <= at || has_papers(ref.kind))) {
      end_exposure(item, live->second, at);
      live_.erase(live);
    }
    if (const instant turns = turns_unlawful(ref, t, at); turns != never) {
      live_.try_emplace(item, live_item{turns, world_->owner_of(ref), false, {}, head.ref()});
    }
    if (counted(at)) ++(marked ? k.marked_lawful : k.passed);
    return;
  }
  const auto [entry, fresh] = live_.try_emplace(item, live_item{at, world_->owner_of(ref), false, {}, head.ref()});
  entry->second.version = head.ref();
  if (!counted(at)) return;
  if (marked) {
    ++k.marked_unlawful;
  } else if (fresh) {
    ++k.missed;
    ++day(at).missed[index_of(head.kind())];
    ++figures_.missed_by_wrong[static_cast<std::uint8_t>(t.wrong)];
  }
}

/// When what is lawful now will no longer be; never, for most.
instant ledger::turns_unlawful(item_ref ref, const truth& t, instant let_through) const {
  if (has_papers(ref.kind)) return world_->lapses_at(ref);
  return t.changes_after.count() > 0 ? let_through + t.changes_after : never;
}

/// What a visit stopped itself, and what it left to the desk and the desk stopped.
void ledger::note_inspection(item_ref ref, bool unlawful, const wire::decided& e, instant at) {
  const wire::cause why = e.head()->cause();
  doubt seen{at, has_gate(e, wire::gate::page_changed)};
  if (why == wire::cause::desk) {
    const auto asked = doubts_.find(ref.item());
    if (asked == doubts_.end()) return;
    seen = asked->second;
  } else if (why != wire::cause::inspection) {
    return;
  }
  if (!counted(at)) return;
  inspection_figures& f = figures_.inspection;
  if (!unlawful) {
    ++f.wrongful;
    return;
  }
  const auto live = live_.find(ref.item());
  const bool papers = has_papers(ref.kind);
  const instant since = live != live_.end() ? live->second.since : papers ? world_->lapses_at(ref) : seen.at;
  found_figures& found = papers ? f.lapses : seen.changed ? f.changed_pages : f.passed_misses;
  found += {1, std::max<std::int64_t>(0, (seen.at - since).count())};
}

void ledger::take_takedown(std::uint16_t event, bytes_view body, instant at) {
  namespace msg = wire::takedown;
  switch (static_cast<msg::takedown_event>(event)) {
    case msg::takedown_event::measure_changed: {
      const auto& e = view_body<msg::measure_changed>(body);
      orders_[e.row()] = {e.ref(), at, e.serial(), e.state() == msg::measure_state::ordered};
      if (counted(at)) ++figures_.orders;
      break;
    }
    case msg::takedown_event::acknowledged: {
      const auto& e = view_body<msg::acknowledged>(body);
      const auto found = orders_.find(e.row());
      if (found == orders_.end()) break;
      if (counted(at)) {
        ++figures_.orders_acknowledged;
        if (found->second.impose) figures_.takedown_times.push_back(seconds(at - found->second.at));
      }
      // Only now does the order hold: until here the item was live.
      if (found->second.impose) acknowledged_.emplace_back(item_ref::unpack(found->second.ref).item(), at);
      // Of an order that was overtaken by the next, the next is still to be acknowledged.
      if (e.serial() == found->second.serial) orders_.erase(found);
      break;
    }
    case msg::takedown_event::appealed:
      appeals_[view_body<msg::appealed>(body).row()] = at;
      if (counted(at)) ++figures_.appeals_filed;
      break;
    default: break;
  }
}

void ledger::take_desk(std::uint16_t event, bytes_view body, instant at) {
  namespace msg = wire::desk;
  constexpr std::int64_t hour_ms = 3'600'000;
  static constexpr std::string_view by_purpose[] = {"", "appeal", "quality", "onboarding", "inspection"};
  switch (static_cast<msg::desk_event>(event)) {
    case msg::desk_event::task_opened: {
      const auto& e = view_body<msg::task_opened>(body);
      const std::uint32_t row = tasks_seen_++;
      std::string_view queue = by_purpose[static_cast<std::size_t>(e.purpose()) % 5];
      if (queue.empty()) {
        queue = e.workflow() == numbers::onboarding ? "onboarding" : e.workflow() == numbers::product ? "product" : "content";
      }
      tasks_[row] = {at, at, queue};
      if (!counted(at)) break;
      ++figures_.tasks_opened;
      ++figures_.queues[std::string(queue)][at.ms / hour_ms].opened;
      break;
    }
    case msg::desk_event::task_claimed: tasks_[view_body<msg::task_claimed>(body).row()].claimed = at; break;
    case msg::desk_event::task_closed: {
      const auto& e = view_body<msg::task_closed>(body);
      const auto found = tasks_.find(e.row());
      if (found == tasks_.end()) break;
      if (e.withdrawn() != 0 && counted(at)) {
        ++figures_.queues[std::string(found->second.queue)][at.ms / hour_ms].withdrawn;
      } else if (counted(at)) {
        ++figures_.tasks_closed;
        figures_.desk_waits.push_back(seconds(at - found->second.opened));
        queue_hour& q = figures_.queues[std::string(found->second.queue)][at.ms / hour_ms];
        ++q.closed;
        q.handling_ms += static_cast<std::uint64_t>((at - found->second.claimed).count());
        q.oldest_ms = std::max(q.oldest_ms, (at - found->second.opened).count());
      }
      tasks_.erase(found);
      break;
    }
    default: break;
  }
}

void ledger::take_onboarding(std::uint16_t event, bytes_view body, instant at) {
  namespace msg = wire::onboarding;
  if (event != static_cast<type_no>(msg::onboarding_eventTraits<msg::standing_changed>::enum_value)) return;
  const auto& e = view_body<msg::standing_changed>(body);
  const subject_id subject = from_wire(e.subject());
  if (subject.kind() != subject_kind::institution) return;
  auto& spans = suspended_[subject];
  const bool open = !spans.empty() && spans.back().second == never;
  if (e.standing() == wire::standing::suspended && !open) spans.emplace_back(at, never);
  if (e.standing() == wire::standing::admitted && open) spans.back().second = at;
}

// ---- hours ----

std::int64_t ledger::suspended_between(account_id owner, instant from, instant to) const {
  const auto found = suspended_.find(owner);
  if (found == suspended_.end()) return 0;
  std::int64_t sum = 0;
  for (const auto& [begin, end] : found->second) {
    const instant a = std::max(begin, from), b = std::min(end, to);
    if (a < b) sum += (b - a).count();
  }
  return sum;
}

void ledger::end_exposure(std::uint64_t item, const live_item& entry, instant at) {
  const instant from = std::max(entry.since, counted_from_);
  if (from >= at) return;
  const item_ref ref = item_ref::unpack(item);
  // What is shown is the item's own status AND the institution's: a suspended institution hides its items.
  const bool hidden_with_owner = ref.kind == subject_kind::product || ref.kind == subject_kind::ad;
  const std::int64_t hidden = hidden_with_owner ? suspended_between(entry.owner, from, at) : 0;
  figures_.of(ref.kind).exposure_ms += (at - from).count() - hidden;
}

/// The item's decisions and the order's acknowledgement are logged by two partitions.
void ledger::end_acknowledged(instant before) {
  std::erase_if(acknowledged_, [&](const auto& a) {
    if (a.second >= before) return false;
    if (const auto live = live_.find(a.first); live != live_.end() && live->second.ordered) {
      end_exposure(a.first, live->second, a.second);
      live_.erase(live);
    }
    return true;
  });
}

figures ledger::close(instant end) {
  end_acknowledged(never);
  for (const auto& [item, entry] : live_) end_exposure(item, entry, end);
  for (const auto& [item, since] : down_) {
    const instant from = std::max(since, counted_from_);
    if (from < end) figures_.of(item_ref::unpack(item).kind).wrongful_ms += (end - from).count();
  }
  for (const auto& [row, task] : tasks_) {
    queue_rest& rest = figures_.rests[std::string(task.queue)];
    ++rest.waiting;
    rest.oldest_ms = std::max(rest.oldest_ms, (end - task.opened).count());
  }
  return std::move(figures_);
}

}  // namespace zhili::scenarios
