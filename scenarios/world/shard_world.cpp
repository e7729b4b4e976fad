// SPDX-License-Identifier: Apache-2.0
#include "scenarios/world/shard_world.hpp"

#include <algorithm>

#include "actors/decision/draft.hpp"
#include "protocols/schema/desk_generated.h"
#include "protocols/schema/takedown_generated.h"
#include "scenarios/world/registry.hpp"

namespace zhili::scenarios {

namespace numbers = workflow_numbers;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;
/// Nobody tries for ever.
constexpr std::uint32_t attempts_max = 4;

bool has_papers(subject_kind k) { return k == subject_kind::institution || k == subject_kind::practitioner; }
bool stops(verdict v) { return v == verdict::reject || v == verdict::suspend; }

}  // namespace

agents::agents(const model& world, shard_no shard, storage::content_store* kept, submission_listener* listener,
               batch_witness* witness)
    : world_(world),
      shard_(shard),
      texts_(world, kept),
      listener_(listener),
      witness_(witness),
      books_(world),
      desk_(world, shard),
      writer_(world, texts_) {
  plan_population();
  schedule(world.about().begin, act::hour);
  for (std::size_t n = 0; n < desk_.size(); ++n) {
    // Until then nobody else makes them look: who looks twice at once works on two tasks.
    desk_.at(n).busy = true;
    schedule(desk_.on_duty(desk_.at(n), world.about().begin - world.about().opening), act::look, n);
  }
}

/// Who was there before is admitted during the opening; who applies during the run does so at their time.
void agents::plan_population() {
  const scenario& s = world_.about();
  const instant opening = s.begin - s.opening;
  const auto plan_all = [&](subject_kind kind, const std::vector<std::uint32_t>& members, auto&& applies_at) {
    for (const std::uint32_t n : members) {
      const item_ref ref{kind, shard_, variant::original, n};
      dice d(world_.seed(), ref.item(), purpose::arrival);
      const std::int64_t at = applies_at(n);
      schedule(at != 0 ? instant{at} : opening + duration{d.between(0, s.opening.count() / 4)}, act::submit, ref.packed());
      // A careful holder renews before the credential ends.
      const instant ends = world_.valid_to(ref);
      const bool lawful = !world_.truth_of(ref).unlawful();
      if (lawful && ends > opening && ends < s.end && d.chance_ppm(s.renews_in_time_ppm)) {
        const instant renewal = std::max(ends - std::chrono::hours{d.between(24, 20 * 24)}, opening + s.opening / 2);
        schedule(renewal, act::submit, ref.as(variant::renewed).packed());
      }
    }
  };
  const population& p = world_.people();
  plan_all(subject_kind::institution, p.institutions_of(shard_), [&](auto n) { return p.institution(n).applies_at; });
  plan_all(subject_kind::practitioner, p.practitioners_of(shard_), [&](auto n) { return p.practitioner(n).applies_at; });
}

void agents::schedule(instant at, act what, std::uint64_t a, std::uint64_t b, std::uint32_t c, std::uint32_t d) {
  if (at >= world_.about().end) return;
  plans_.push({at, ++order_, what, a, b, c, d});
}

instant agents::next() {
  const instant arrives = next_arrival_ < arrivals_.size() ? arrivals_[next_arrival_].at : never;
  const instant planned = plans_.empty() ? never : plans_.top().at;
  return std::min(arrives, planned);
}

const submission* agents::take() {
  const instant planned = plans_.empty() ? never : plans_.top().at;
  if (next_arrival_ < arrivals_.size() && arrivals_[next_arrival_].at <= planned) {
    const arrival a = arrivals_[next_arrival_++];
    return submit(a.ref, 0, a.at);
  }
  const plan p = plans_.top();
  plans_.pop();
  return carry_out(p);
}

/// Draws the hour's arrivals.
void agents::open_hour(instant at) {
  const scenario& s = world_.about();
  arrivals_.clear();
  next_arrival_ = 0;
  const auto hour = static_cast<std::uint64_t>(at.ms / hour_ms);
  for (const subject_kind kind : submitted_kinds) {
    if (has_papers(kind)) continue;
    const std::uint64_t mean = world_.rate(kind, shard_, china_day(at), china_hour(at));
    if (mean == 0) continue;
    dice d(world_.seed(), std::uint64_t{static_cast<std::uint8_t>(kind)} << 32 | std::uint64_t{shard_} << 40 | hour, purpose::arrival);
    const std::uint64_t count = d.poisson(mean);
    for (std::uint64_t n = 0; n < count; ++n) {
      const item_ref ref{kind, shard_, variant::original, ++ordinals_[static_cast<std::size_t>(kind)]};
      arrivals_.push_back({at + duration{d.between(0, hour_ms - 1)}, ref});
    }
  }
  std::sort(arrivals_.begin(), arrivals_.end(), [](const arrival& x, const arrival& y) {
    return x.at != y.at ? x.at < y.at : x.ref < y.ref;
  });
  while (!arrivals_.empty() && arrivals_.back().at >= s.end) arrivals_.pop_back();
  schedule(at + std::chrono::hours{1}, act::hour);
}

const submission* agents::carry_out(const plan& p) {
  switch (p.what) {
    case act::hour: open_hour(p.at); return nullptr;
    case act::submit: return submit(item_ref::unpack(p.a), p.c, p.at);
    case act::appeal:
      writer_.appeal(item_ref::unpack(p.a), static_cast<std::uint8_t>(p.c), p.d, p.at, now_);
      return send(p.at);
    case act::acknowledge: {
      const item_ref ref = item_ref::unpack(p.a);
      const subject_id subject = world_.subject_of(ref);
      writer_.acknowledgement(subject, world_.owner_of(ref), derive_id(subject_kind::measure, subject, 1, p.c), p.c,
                              p.at, now_);
      return send(p.at);
    }
    case act::show_page: {
      item_ref ref = item_ref::unpack(p.a);
      const auto change = changes_.find(ref.item());
      if (change != changes_.end() && change->second <= p.at) ref = ref.as(variant::changed);
      writer_.page(ref, world_.subject_of(ref), world_.owner_of(ref), p.c, p.at, now_);
      return send(p.at);
    }
    case act::look_up: {
      const item_ref ref = item_ref::unpack(p.a);
      writer_.licence(ref, looked_up(world_, ref, p.at), p.c, p.at, now_);
      return send(p.at);
    }
    case act::look: return look(p.a, p.at);
    case act::decide_task: {
      reviewer& r = desk_.at(p.a);
      acting_ = p.a;
      deciding_ = true;
      writer_.decision(r.queue, r.task, r.id, desk_.judge(r, p.at), r.claims, p.at, now_);
      return send(p.at);
    }
  }
  return nullptr;
}

const submission* agents::submit(item_ref ref, std::uint32_t occasion, instant at) {
  writer_.item(ref, occasion, at, now_);
  ++by_kind_[static_cast<std::size_t>(ref.kind)];
  return send(at);
}

const submission* agents::send(instant at) {
  now_.at = at;
  ++submissions_;
  if (listener_ != nullptr) listener_->submitted(shard_, now_);
  return &now_;
}

/// A reviewer looks at the list and claims, or goes idle until something comes.
const submission* agents::look(std::size_t who, instant at) {
  reviewer& r = desk_.at(who);
  const instant duty = desk_.on_duty(r, at);
  if (duty > at) {
    r.busy = true;
    schedule(duty, act::look, who);
    return nullptr;
  }
  const desk::task* t = desk_state_ == nullptr ? nullptr : desk_.choose(r, *desk_state_);
  if (t == nullptr) {
    r.busy = false;
    return nullptr;
  }
  r.busy = true;
  r.task = t->id;
  r.task_claims = t->claims;
  r.task_ref = desk_state_->asked(*t).ref;
  r.purpose = desk_state_->asked(*t).purpose;
  ++r.claims;
  acting_ = who;
  deciding_ = false;
  writer_.claim(r.queue, r.task, r.id, r.claims, at, now_);
  return send(at);
}

void agents::answered(const submission& s, const partition::outcome& answer, bool) {
  if (s.workflow != numbers::desk) return;
  if (!deciding_ && answer.status == wire::status::decided) {
    schedule(s.at + desk_.handling(desk_.at(acting_)), act::decide_task, acting_);
  } else {
    schedule(s.at + std::chrono::seconds{2}, act::look, acting_);
  }
}

void agents::meet(std::span<partition::engine* const> engines) {
  for (const partition::engine* e : engines) {
    if (e->id().workflow == numbers::desk) desk_state_ = static_cast<const desk::state*>(e->state().state());
  }
}

// ---- what agents see ----

void agents::committed(const partition::engine& of, const batch_reader& batch) {
  books_.take(of.id(), batch);
  if (witness_ != nullptr) witness_->committed(of.id(), batch);
  instant at;
  for (const entry_view entry : batch) {
    if (entry.kind == entry_kind::command) {
      at = {entry.header<wire::command_header>().at()};
    } else if (entry.kind == entry_kind::effect) {
      take_effect(entry, at);
    } else if (entry.kind == entry_kind::event && entry.type == 1) {
      react(view_body<wire::decided>(entry.content), at);
    } else if (entry.kind == entry_kind::event && of.id().workflow == numbers::desk) {
      see_list_change(entry, at);
    }
  }
}

/// Whoever may take it and has nothing to do sees that there is something on the list.
void agents::see_list_change(const entry_view& entry, instant at) {
  namespace msg = wire::desk;
  const auto& tasks = desk_state_->tasks();
  partition::row_no row = partition::no_row;
  if (entry.type == static_cast<type_no>(msg::desk_event::task_opened)) {
    row = tasks.find(from_wire(view_body<msg::task_opened>(entry.content).task()));
  } else if (entry.type == static_cast<type_no>(msg::desk_event::task_returned)) {
    row = view_body<msg::task_returned>(entry.content).row();
  }
  if (row == partition::no_row) return;
  const std::size_t who = desk_.idle(*desk_state_, tasks[row]);
  if (who == desk_.size()) return;
  desk_.at(who).busy = true;
  schedule(at + std::chrono::seconds{5}, act::look, who);
}

instant agents::after(const spread& s, dice& d, instant at) const {
  return at + duration{std::max<std::int64_t>(1000, d.lognormal(s.median.count(), s.p90.count()))};
}

void agents::take_effect(const entry_view& entry, instant at) {
  const auto& head = entry.header<wire::effect_header>();
  dice d(world_.seed(), head.effect().lo(), purpose::platform);
  if (entry.type == shared_type<wire::page_requested>()) {
    const auto& asked = view_body<wire::page_requested>(entry.body<wire::effect_header>());
    schedule(after(world_.about().acknowledge, d, at), act::show_page, asked.ref(), 0, asked.visit());
    return;
  }
  if (entry.type == shared_type<wire::licence_requested>()) {
    const auto& asked = view_body<wire::licence_requested>(entry.body<wire::effect_header>());
    schedule(after(world_.about().acknowledge, d, at), act::look_up, asked.ref(), 0, asked.visit());
    return;
  }
  const auto& order = view_body<wire::takedown::order_issued>(entry.body<wire::effect_header>());
  schedule(after(world_.about().acknowledge, d, at), act::acknowledge, order.ref(), 0, order.serial());
}

void agents::react(const wire::decided& e, instant at) {
  const wire::decision_head& head = *e.head();
  if (head.kind() == subject_kind::appeal || head.verdict() == verdict::escalate) return;
  const item_ref ref = item_ref::unpack(head.ref());
  if (stops(head.verdict())) {
    react_to_stop(ref, head, at);
  } else if (decision::adverse(head.verdict())) {
    dice d(world_.seed(), ref.item(), purpose::appeal, head.number());
    // Few appeal against a label.
    if (d.chance_ppm(world_.about().reactions.appeal_innocent_ppm / 10)) {
      schedule(after(world_.about().reactions.delay, d, at), act::appeal, ref.packed(), 0, 1, head.number());
    }
  } else if (const truth t = world_.truth_of(ref); t.changes_after.count() > 0) {
    changes_.try_emplace(ref.item(), at + t.changes_after);
  }
}

/// Correct, respell, appeal, or give up.
void agents::react_to_stop(item_ref ref, const wire::decision_head& head, instant at) {
  const reaction_model& r = world_.about().reactions;
  if (head.number() >= attempts_max) return;
  const truth t = world_.truth_of(ref);
  dice d(world_.seed(), ref.item(), purpose::reaction, head.number());
  const instant then = after(r.delay, d, at);
  const std::uint64_t roll = d.below(1'000'000);
  if (has_papers(ref.kind)) {
    // New papers take days; what is forged cannot be mended.
    const bool ended = t.wrong == wrong::none || t.wrong == wrong::lapsed_licence || t.wrong == wrong::registration_lapsed ||
                       t.wrong == wrong::bad_code || t.wrong == wrong::malformed_certificate;
    if (ended && roll < 700'000) {
      const auto next = world_.valid_to(ref) <= at ? variant::renewed : variant::corrected;
      schedule(then + std::chrono::hours{d.between(24, 240)}, act::submit, ref.as(next).packed(), 0, head.number());
    } else if (roll >= 900'000) {
      schedule(then, act::appeal, ref.packed(), 0, 1, head.number());
    }
    return;
  }
  if (!t.unlawful() && ref.variant != variant::changed) {
    if (roll < r.appeal_innocent_ppm) {
      schedule(then, act::appeal, ref.packed(), 0, 1, head.number());
    } else if (roll < r.appeal_innocent_ppm + r.resubmit_innocent_ppm) {
      schedule(then, act::submit, ref.as(variant::corrected).packed(), 0, head.number());
    }
  } else if (roll < r.correct_ppm) {
    schedule(then, act::submit, ref.as(variant::corrected).packed(), 0, head.number());
  } else if (roll < r.correct_ppm + r.respell_ppm) {
    if (t.wrong == wrong::text) schedule(then, act::submit, ref.as(variant::respelled).packed(), 0, head.number());
  } else if (roll < r.correct_ppm + r.respell_ppm + r.appeal_guilty_ppm) {
    schedule(then, act::appeal, ref.packed(), 0, 3, head.number());
  }
}

}  // namespace zhili::scenarios
